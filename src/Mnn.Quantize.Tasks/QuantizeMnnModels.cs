using System.Globalization;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>
/// Runs <c>mnn-quantize build</c> in a process of its own: MSBuild's processes live long and would keep the engine's
/// files and memory, and a process can be ended at once. Its diagnostics become build errors and warnings, its results
/// messages of high importance, all else it says messages of low importance.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class QuantizeMnnModels : ToolTask
{
    private static readonly string[] s_verbosities = ["quiet", "normal", "detailed"];

    private string _lastLine = "";
    private string? _native;
    private int _threads;

    /// <summary>Full path of the project; the other paths may be relative to its folder.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Path of the manifest that <see cref="PrepareMnnModels"/> wrote.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>Path of <c>mnn-quantize.dll</c>.</summary>
    [Required]
    public string ToolAssembly { get; set; } = "";

    /// <summary>Path of the folder with native executables of the command by platform, which go before it; empty for none.</summary>
    public string NativeFolder { get; set; } = "";

    /// <summary>Candidates for the program <c>dotnet</c>, best first; the first that exists is taken.</summary>
    public string[] DotNetHosts { get; set; } = [];

    /// <summary>Most threads to use; 0 means as many as MSBuild grants, at most one a core.</summary>
    public int MaxParallelism { get; set; }

    /// <summary>Seconds after which the command ends with an error; 0 sets no limit.</summary>
    public int TimeoutSeconds { get; set; }

    /// <summary>Mebibytes of memory that the command may use, 64 or more; 0 sets no limit.</summary>
    public int MaxMemory { get; set; }

    /// <summary>Whether the log tells, at detailed verbosity, what becomes of each operator of a model and why.</summary>
    public bool Plan { get; set; }

    /// <summary>What is shown: quiet (warnings and errors), normal (one line a model) or detailed (each step too).</summary>
    public string Verbosity { get; set; } = "normal";

    /// <inheritdoc />
    protected override string ToolName => Path.DirectorySeparatorChar == '\\' ? "dotnet.exe" : "dotnet";

    /// <inheritdoc />
    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    /// <inheritdoc />
    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    /// <inheritdoc />
    protected override MessageImportance StandardOutputLoggingImportance =>
        IsVerbosity("quiet") ? MessageImportance.Low : MessageImportance.High;

    /// <inheritdoc />
    protected override MessageImportance StandardErrorLoggingImportance =>
        IsVerbosity("detailed") ? MessageImportance.High : MessageImportance.Low;

    /// <inheritdoc />
    public override bool Execute()
    {
        ManifestFile = ProjectPath.Resolve(ProjectFile, ManifestFile);
        ToolAssembly = ProjectPath.Resolve(ProjectFile, ToolAssembly);
        if (!s_verbosities.Any(IsVerbosity))
        {
            BuildErrors.BadProperty(Log, ProjectFile, "MnnQuantizeVerbosity", Verbosity, string.Join(", ", s_verbosities));
            return false;
        }

        _native = NativeFolder.Length > 0 ? NativeCommand.Find(ProjectPath.Resolve(ProjectFile, NativeFolder)) : null;
        int wanted = MaxParallelism > 0 ? MaxParallelism : Environment.ProcessorCount;
        int lent = BorrowCores(wanted);
        _threads = lent > 0 ? Math.Min(wanted, lent) : wanted;
        try
        {
            return base.Execute();
        }
        finally
        {
            if (lent > 0)
            {
                ((IBuildEngine9)BuildEngine).ReleaseCores(lent);
            }
        }
    }

    /// <inheritdoc />
    protected override string? GenerateFullPathToTool()
    {
        if (_native is not null)
        {
            return _native;
        }

        string[] candidates = [.. DotNetHosts.Where(host => host.Length > 0)];
        string? found = candidates
            .Select(host => Directory.Exists(host) ? Path.Combine(host, ToolName) : host)
            .FirstOrDefault(File.Exists);
        if (found is null)
        {
            BuildErrors.HostMissing(Log, candidates.Length > 0 ? string.Join(", ", candidates) : "nothing");
        }

        return found;
    }

    /// <inheritdoc />
    protected override string GenerateCommandLineCommands()
    {
        var builder = new CommandLineBuilder();
        if (_native is null)
        {
            builder.AppendSwitch("exec");
            builder.AppendFileNameIfNotNull(ToolAssembly);
        }

        builder.AppendSwitch("build");
        builder.AppendSwitch("--manifest");
        builder.AppendFileNameIfNotNull(ManifestFile);
        builder.AppendSwitch("--max-parallelism");
        builder.AppendSwitch(_threads.ToString(CultureInfo.InvariantCulture));
        AppendLimit(builder, "--timeout", TimeoutSeconds);
        AppendLimit(builder, "--max-memory", MaxMemory);
        if (Plan)
        {
            builder.AppendSwitch("--plan");
        }

        return builder.ToString();
    }

    /// <inheritdoc />
    protected override string GetWorkingDirectory() => Path.GetDirectoryName(ManifestFile)!;

    /// <inheritdoc />
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        _lastLine = singleLine;
        if (CanonicalLine.TryParse(singleLine) is { } diagnostic)
        {
            diagnostic.Log(Log);
        }
        else
        {
            Log.LogMessage(messageImportance, "{0}", singleLine);
        }
    }

    /// <inheritdoc />
    protected override bool HandleTaskExecutionErrors()
    {
        if (!Log.HasLoggedErrors)
        {
            BuildErrors.CommandFailed(Log, ExitCode, _lastLine);
        }

        return false;
    }

    private static void AppendLimit(CommandLineBuilder builder, string name, int value)
    {
        if (value > 0)
        {
            builder.AppendSwitch(name);
            builder.AppendSwitch(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private bool IsVerbosity(string name) => string.Equals(Verbosity, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks MSBuild for cores; 0 if it keeps no count of them.</summary>
    private int BorrowCores(int wanted)
    {
        try
        {
            return BuildEngine is IBuildEngine9 engine ? engine.RequestCores(wanted) : 0;
        }
        catch (NotImplementedException)
        {
            // So says the engine of a task host process, which has no way to ask.
            return 0;
        }
    }
}
