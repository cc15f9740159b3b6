using Microsoft.Build.Framework;
using Mnn.Quantize.Building;
using Task = Microsoft.Build.Utilities.Task;

namespace Mnn.Quantize.Tasks;

/// <summary>
/// Checks the <c>MnnModel</c> items, writes the manifest for the command and, if anything is not as it was at the last
/// build, deletes the stamp, so that the target <c>MnnQuantize</c> runs. Reads no content of models and pictures.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareMnnModels : Task, IIncrementalTask
{
    private static readonly string[] s_gates = ["Error", "Warning", "UseFloat"];

    /// <summary>The models, with Destination, TargetPath, Enabled, Origin and the metadata of the project.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Pictures for calibration, with the metadatum Model if they are for one model only.</summary>
    public ITaskItem[] CalibrationImages { get; set; } = [];

    /// <summary>What Deploy may be, besides Copy, Embed and None.</summary>
    public string[] DeployItemTypes { get; set; } = [];

    /// <summary>Full path of the project; the other paths may be relative to its folder.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Path of the manifest, written only if it changes.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>Path of the file in which the command notes the state of what it has read.</summary>
    [Required]
    public string StateFile { get; set; } = "";

    /// <summary>Path of the file in which the command lists what it has read.</summary>
    public string DependenciesFile { get; set; } = "";

    /// <summary>Path of the stamp.</summary>
    [Required]
    public string StampFile { get; set; } = "";

    /// <summary>Path of <c>mnn-quantize.dll</c>.</summary>
    [Required]
    public string ToolAssembly { get; set; } = "";

    /// <summary>Path of the folder of the cache of int8 models; empty for none.</summary>
    public string StoreFolder { get; set; } = "";

    /// <summary>What follows from a model below its thresholds: Error, Warning or UseFloat.</summary>
    public string Gate { get; set; } = "Error";

    /// <summary>Whether a report is written beside each model.</summary>
    public bool WriteReport { get; set; }

    /// <summary>Whether a lock file is written beside each float model.</summary>
    public bool WriteLock { get; set; }

    /// <summary>Whether models are made of their lock files alone; goes before <see cref="WriteLock"/>.</summary>
    public bool Locked { get; set; }

    /// <summary>Path of the C# file that gives access to the models; empty in a project of another language.</summary>
    public string AccessorFile { get; set; } = "";

    /// <summary>Namespace of that file; empty for none.</summary>
    public string RootNamespace { get; set; } = "";

    /// <summary>Set by <c>-question</c>: then what is not up to date is an error, and nothing is changed.</summary>
    public bool FailIfNotIncremental { get; set; }

    /// <inheritdoc />
    public override bool Execute()
    {
        ModelRequest[] models = [.. Models.Select(item => new ModelRequest(item, ProjectFile))];
        new CalibrationImages(CalibrationImages, ProjectFile).DealOut(models, Log);
        Validate(models);
        if (Log.HasLoggedErrors)
        {
            return false;
        }

        string manifest = Resolve(ManifestFile);
        try
        {
            Decide(models, manifest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.ManifestNotWritten(Log, manifest, exception.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private string Resolve(string path) => path.Length > 0 ? ProjectPath.Resolve(ProjectFile, path) : "";

    private void Validate(ModelRequest[] models)
    {
        if (!s_gates.Contains(Gate, StringComparer.OrdinalIgnoreCase))
        {
            BuildErrors.BadProperty(Log, ProjectFile, "MnnQuantizeGate", Gate, "Error, Warning or UseFloat");
        }

        var byDestination = new Dictionary<string, ModelRequest>(StringComparer.OrdinalIgnoreCase);
        var byClass = new Dictionary<string, ModelRequest>(StringComparer.Ordinal);
        var byLock = new Dictionary<string, ModelRequest>(StringComparer.OrdinalIgnoreCase);
        foreach (ModelRequest model in models)
        {
            model.Validate(Log, DeployItemTypes, needsPictures: !Locked);
            if (byDestination.TryGetValue(model.Destination, out ModelRequest? other))
            {
                model.ReportClash(Log, other);
            }
            else if (model.ClassName.Length > 0 && byClass.TryGetValue(model.ClassName, out other))
            {
                model.ReportSameClass(Log, other);
            }

            if (model.ClassName.Length > 0 && AccessorFile.Length == 0)
            {
                BuildErrors.AccessorOnlyInCSharp(Log, model.Origin, model.Name);
            }

            if ((WriteLock || Locked) && model.IsQuantized)
            {
                if (byLock.TryGetValue(model.LockFile, out other))
                {
                    model.ReportSameLock(Log, other);
                }

                byLock[model.LockFile] = model;
            }

            byDestination[model.Destination] = model;
            byClass[model.ClassName] = model;
        }
    }

    private void Decide(ModelRequest[] models, string manifestFile)
    {
        string manifest = ManifestText(models);
        if (FindReason(models, manifestFile, manifest) is not { } reason)
        {
            return;
        }

        if (FailIfNotIncremental)
        {
            BuildErrors.NotUpToDate(Log, ProjectFile, reason);
            return;
        }

        Log.LogMessage(MessageImportance.Low, "The models are looked at again: {0}.", reason);
        Directory.CreateDirectory(Path.GetDirectoryName(manifestFile)!);

        // In this order: a build that is killed in between finds that the manifest differs and comes here again.
        File.Delete(Resolve(StampFile));
        File.WriteAllText(manifestFile, manifest);
    }

    private string ManifestText(ModelRequest[] models) => ManifestWriter.Text(
        [
            "state", Resolve(StateFile),
            "dependencies", Resolve(DependenciesFile),
            "store", Resolve(StoreFolder),
            "gate", Gate,
            "report", WriteReport ? "true" : "",
            "lock", Locked ? "obey" : WriteLock ? "write" : "",
            "accessor", Resolve(AccessorFile),
            "namespace", AccessorFile.Length > 0 ? RootNamespace : "",
        ],
        Resolve(ToolAssembly),
        models);

    /// <summary>Why the target must run; null if all is as it was.</summary>
    private string? FindReason(ModelRequest[] models, string manifestFile, string manifest)
    {
        if (!File.Exists(manifestFile) || File.ReadAllText(manifestFile) != manifest)
        {
            return "the items, their float models or the quantizer changed";
        }

        if (Outputs(models).FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            return $"'{missing}' is missing";
        }

        return models.Any(model => model.NeedsCommand) && InputState.FindChange(Resolve(StateFile)) is { } changed
            ? $"'{changed}' changed"
            : null;
    }

    private IEnumerable<string> Outputs(ModelRequest[] models)
    {
        foreach (ModelRequest model in models)
        {
            yield return model.Destination;
            if (WriteLock && !Locked && model.IsQuantized)
            {
                yield return model.LockFile;
            }

            if (WriteReport && model.IsQuantized)
            {
                yield return model.Destination + ".summary.json";
            }

            // A report needs the pictures.
            if (WriteReport && model.IsQuantized && !Locked)
            {
                yield return model.Destination + ".report.html";
                yield return model.Destination + ".report.json";
                yield return model.Destination + ".report.md";
            }
        }

        if (AccessorFile.Length > 0 && models.Any(model => model.ClassName.Length > 0))
        {
            yield return Resolve(AccessorFile);
        }
    }
}
