using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>One <c>MnnModel</c> item as the targets have resolved it.</summary>
internal sealed class ModelRequest
{
    private readonly string _config;
    private readonly string _deploy;
    private readonly string _quantize;
    private readonly string _origin;

    /// <param name="item">Its identity is the model's path; its metadata is what the targets collected.</param>
    /// <param name="projectFile">Full path of the project, to whose folder paths are relative.</param>
    internal ModelRequest(ITaskItem item, string projectFile)
    {
        Name = item.ItemSpec;
        Source = ProjectPath.Resolve(projectFile, item.ItemSpec);
        Destination = ProjectPath.Resolve(projectFile, item.GetMetadata("Destination"));
        TargetPath = item.GetMetadata("TargetPath");
        _config = item.GetMetadata("Config");
        _deploy = item.GetMetadata("Deploy");
        _quantize = item.GetMetadata("Quantize");
        Config = _config.Length > 0 ? ProjectPath.Resolve(projectFile, _config) : "";
        string defining = item.GetMetadata("Origin");
        _origin = defining.Length > 0 ? defining : projectFile;
        IsQuantized = IsTrue(_quantize) && IsTrue(item.GetMetadata("Enabled"));
    }

    /// <summary>The model as the project names it.</summary>
    internal string Name { get; }

    /// <summary>Full path of the float model.</summary>
    internal string Source { get; }

    /// <summary>Full path of the file that is deployed, in the intermediate folder.</summary>
    internal string Destination { get; }

    /// <summary>Where it goes, relative to the output folder.</summary>
    internal string TargetPath { get; }

    /// <summary>Full path of the config, or empty.</summary>
    internal string Config { get; }

    /// <summary>False: the float model is deployed as it is.</summary>
    internal bool IsQuantized { get; }

    /// <summary>Logs all that is wrong with it.</summary>
    internal void Validate(TaskLoggingHelper log)
    {
        if (!File.Exists(Source))
        {
            BuildErrors.ModelMissing(log, _origin, Name);
        }

        if (!IsTrue(_quantize) && !string.Equals(_quantize, "false", StringComparison.OrdinalIgnoreCase))
        {
            BuildErrors.UnknownQuantize(log, _origin, Name, _quantize);
        }

        if (!new[] { "Copy", "Embed", "None" }.Contains(_deploy, StringComparer.OrdinalIgnoreCase))
        {
            BuildErrors.UnknownDeploy(log, _origin, Name, _deploy);
        }

        if (TargetPath.Split('/', '\\').Contains("..") || Path.IsPathRooted(TargetPath))
        {
            BuildErrors.OutsideFolder(log, _origin, Name, TargetPath);
        }

        if (IsQuantized)
        {
            ValidateConfig(log);
        }
    }

    /// <summary>Logs that another item has the same destination.</summary>
    internal void ReportClash(TaskLoggingHelper log, ModelRequest other) =>
        BuildErrors.SameDestination(log, _origin, Name, other.Name, TargetPath);

    private void ValidateConfig(TaskLoggingHelper log)
    {
        if (Config.Length == 0)
        {
            BuildErrors.ConfigNotGiven(log, _origin, Name);
        }
        else if (!File.Exists(Config))
        {
            BuildErrors.ConfigMissing(log, _origin, Name, _config);
        }
    }

    private static bool IsTrue(string text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
}
