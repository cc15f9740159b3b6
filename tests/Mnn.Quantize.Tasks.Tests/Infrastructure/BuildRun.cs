using Microsoft.Build.Logging.StructuredLogger;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>What one <c>dotnet build</c> did, by its exit code, its output and its binary log.</summary>
internal sealed record BuildRun(int ExitCode, string Output, Build Log, string LogFile)
{
    /// <summary>How often the command ran.</summary>
    internal int CommandRuns => Log.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(
        task => task.Name == "QuantizeMnnModels").Count;

    /// <summary>Whether the target was met and passed over since all was up to date.</summary>
    internal bool Skipped =>
        Targets.Any() && Targets.All(target => target.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>().Count == 0);

    internal IReadOnlyList<Error> Errors => Log.FindChildrenRecursive<Error>();

    /// <summary>What was logged, as MSBuild's own objects.</summary>
    internal IEnumerable<EventArgs> Events => BinaryLog.ReadRecords(LogFile).Select(record => record.Args).OfType<EventArgs>();

    internal IReadOnlyList<Warning> Warnings => Log.FindChildrenRecursive<Warning>();

    /// <summary>The summary lines of models that were quantized, not taken from the cache.</summary>
    internal int Quantized => Summaries(line => line.EndsWith(" s", StringComparison.Ordinal));

    /// <summary>The summary lines of models that the cache had.</summary>
    internal int FromCache => Summaries(line => line.EndsWith("from the cache", StringComparison.Ordinal));

    private IEnumerable<Target> Targets => Log.FindChildrenRecursive<Target>(target => target.Name == "MnnQuantize");

    /// <summary>Whether a message, of any importance, contains the text.</summary>
    internal bool Says(string text) => Log.FindChildrenRecursive<TextNode>(
        node => node.Text is not null && node.Text.Contains(text, StringComparison.Ordinal)).Count > 0;

    private int Summaries(Func<string, bool> ending) => Log.FindChildrenRecursive<Message>(
        message => message.Text.Contains(" convolutions in int8, cosine ", StringComparison.Ordinal) && ending(message.Text)).Count;

    internal BuildRun AssertSucceeded()
    {
        Assert.AreEqual(0, ExitCode, Output);
        return this;
    }

    internal BuildRun AssertQuantized()
    {
        AssertSucceeded();
        Assert.AreEqual(1, CommandRuns, Output);
        return this;
    }

    internal BuildRun AssertSkipped()
    {
        AssertSucceeded();
        Assert.IsTrue(Skipped, Output);
        Assert.AreEqual(0, CommandRuns, Output);
        return this;
    }
}
