using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>One <c>MnnModel</c> item as the targets have resolved it.</summary>
internal sealed class ModelRequest
{
    private static readonly string[] s_withoutData = ["WeightOnly", "Fp16"];

    private readonly ITaskItem _item;
    private readonly string _deploy;

    /// <param name="item">Its identity is the model's path; its metadata is what the targets collected.</param>
    /// <param name="projectFile">Full path of the project, to whose folder paths are relative.</param>
    internal ModelRequest(ITaskItem item, string projectFile)
    {
        _item = item;
        _deploy = item.GetMetadata("Deploy");
        Name = item.ItemSpec;
        Source = ProjectPath.Resolve(projectFile, item.ItemSpec);
        Destination = ProjectPath.Resolve(projectFile, item.GetMetadata("Destination"));
        Config = this["Config"].Length > 0 ? ProjectPath.Resolve(projectFile, this["Config"]) : "";
        LockFile = this["LockFile"].Length > 0 ? ProjectPath.Resolve(projectFile, this["LockFile"]) : Source + ".quant.lock";
        Origin = this["Origin"].Length > 0 ? this["Origin"] : projectFile;
        IsQuantized = IsTrue(this["Quantize"]) && IsTrue(this["Enabled"]);
        ClassName = IsTrue(this["GenerateAccessor"]) ? AccessorName.Of(this["AccessorName"], TargetPath) : "";
    }

    /// <summary>The model as the project names it.</summary>
    internal string Name { get; }

    /// <summary>Full path of the float model.</summary>
    internal string Source { get; }

    /// <summary>Full path of the file that is deployed, in the intermediate folder.</summary>
    internal string Destination { get; }

    /// <summary>Where it goes, relative to the output folder.</summary>
    internal string TargetPath => this["TargetPath"];

    /// <summary>Full path of the config, or empty.</summary>
    internal string Config { get; }

    /// <summary>Full path of the file that locks what it becomes.</summary>
    internal string LockFile { get; }

    /// <summary>Full path of the project or props file that has the item.</summary>
    internal string Origin { get; }

    /// <summary>False: the float model is deployed as it is.</summary>
    internal bool IsQuantized { get; }

    /// <summary>Name of its class in the generated code; empty if none is asked for.</summary>
    internal string ClassName { get; }

    /// <summary>Full paths of the pictures that are listed for it as items.</summary>
    internal IReadOnlyList<string> Pictures { get; set; } = [];

    /// <summary>The command has something to do for it.</summary>
    internal bool NeedsCommand => IsQuantized || ClassName.Length > 0;

    /// <summary>The metadata that the project gave it and that may be keys of the config, as <c>name=value</c>.</summary>
    internal IEnumerable<string> Settings => ItemMetadata.Settings(_item);

    /// <summary>A metadatum, or an empty text.</summary>
    internal string this[string metadata] => _item.GetMetadata(metadata);

    /// <summary>Logs all that is wrong with it.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="itemTypes">What <c>Deploy</c> may be, besides Copy, Embed and None.</param>
    /// <param name="needsPictures">Whether something has to say with which pictures it is calibrated.</param>
    internal void Validate(TaskLoggingHelper log, IEnumerable<string> itemTypes, bool needsPictures)
    {
        if (!File.Exists(Source))
        {
            BuildErrors.ModelMissing(log, Origin, Name);
        }

        foreach (string metadata in new[] { "Quantize", "GenerateAccessor" }.Where(IsNeitherTrueNorFalse))
        {
            BuildErrors.NeitherTrueNorFalse(log, Origin, Name, metadata, this[metadata]);
        }

        if (!new[] { "Copy", "Embed", "None" }.Concat(itemTypes).Contains(_deploy, StringComparer.OrdinalIgnoreCase))
        {
            BuildErrors.UnknownDeploy(log, Origin, Name, _deploy);
        }

        if (TargetPath.Split('/', '\\').Contains("..") || Path.IsPathRooted(TargetPath))
        {
            BuildErrors.OutsideFolder(log, Origin, Name, TargetPath);
        }

        ValidateThreshold(log, "MinCosine", -1);
        ValidateThreshold(log, "MinTop1Agreement", 0);
        if (ClassName.Length > 0 && !AccessorName.IsValid(ClassName))
        {
            BuildErrors.BadAccessorName(log, Origin, Name, ClassName);
        }

        ValidateConfig(log, needsPictures);
    }

    /// <summary>Logs that another item has the same destination.</summary>
    internal void ReportClash(TaskLoggingHelper log, ModelRequest other) =>
        BuildErrors.SameDestination(log, Origin, Name, other.Name, TargetPath);

    /// <summary>Logs that another item has the same name in the generated code.</summary>
    internal void ReportSameClass(TaskLoggingHelper log, ModelRequest other) =>
        BuildErrors.SameAccessorName(log, Origin, Name, other.Name, ClassName);

    /// <summary>Logs that another item has the same lock file.</summary>
    internal void ReportSameLock(TaskLoggingHelper log, ModelRequest other) =>
        BuildErrors.SameLockFile(log, Origin, Name, other.Name, LockFile);

    private static bool IsTrue(string text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    private bool IsNeitherTrueNorFalse(string metadata) =>
        this[metadata].Length > 0 && !IsTrue(this[metadata]) &&
        !string.Equals(this[metadata], "false", StringComparison.OrdinalIgnoreCase);

    private void ValidateThreshold(TaskLoggingHelper log, string metadata, double least)
    {
        string text = this[metadata];
        if (text.Length > 0 &&
            !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= 1))
        {
            BuildErrors.BadThreshold(log, Origin, Name, metadata, text, least);
        }
    }

    // Weights alone are compressed without data.
    private bool NamesData => s_withoutData.Contains(this["Mode"].Replace("_", "").Replace("-", ""), StringComparer.OrdinalIgnoreCase)
        || this["Path"].Length > 0 || this["TrainData"].Length > 0 || this["Train"].Length > 0;

    private void ValidateConfig(TaskLoggingHelper log, bool needsPictures)
    {
        if (Config.Length > 0 && NeedsCommand && !File.Exists(Config))
        {
            BuildErrors.ConfigMissing(log, Origin, Name, this["Config"]);
        }
        else if (needsPictures && Config.Length == 0 && IsQuantized && Pictures.Count == 0 && !NamesData)
        {
            BuildErrors.ConfigNotGiven(log, Origin, Name);
        }
    }
}
