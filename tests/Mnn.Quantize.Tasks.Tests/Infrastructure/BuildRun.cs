using Microsoft.Build.Logging.StructuredLogger;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>What one <c>dotnet build</c> did, by its exit code, its output and its binary log.</summary>
internal sealed record BuildRun(int ExitCode, string Output, Build Log)
{
    /// <summary>How often the command ran.</summary>
    internal int CommandRuns => Log.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(
        task => task.Name == "QuantizeMnnModels").Count;

    /// <summary>Whether the target was met and passed over since all was up to date.</summary>
    internal bool Skipped =>
        Targets.Any() && Targets.All(target => target.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>().Count == 0);

    internal IReadOnlyList<Error> Errors => Log.FindChildrenRecursive<Error>();

    private IEnumerable<Target> Targets => Log.FindChildrenRecursive<Target>(target => target.Name == "MnnQuantize");

    /// <summary>Whether a message, of any importance, contains the text.</summary>
    internal bool Says(string text) => Log.FindChildrenRecursive<TextNode>(
        node => node.Text is not null && node.Text.Contains(text, StringComparison.Ordinal)).Count > 0;

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
