using Microsoft.Build.Framework;
using Mnn.Quantize.Building;
using Task = Microsoft.Build.Utilities.Task;

namespace Mnn.Quantize.Tasks;

/// <summary>
/// Checks the <c>MnnModel</c> items, writes the manifest for the command and, if anything is not as it was at the last
/// build, deletes the stamp, so that the target <c>MnnQuantize</c> runs. Reads no file's content.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class PrepareMnnModels : Task
{
    /// <summary>The models, with Destination, TargetPath, Quantize, Enabled, Config, Deploy and Origin.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Full path of the project; the other paths may be relative to its folder.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>Path of the manifest, written only if it changes.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>Path of the file in which the command notes what it has read.</summary>
    [Required]
    public string StateFile { get; set; } = "";

    /// <summary>Path of the stamp.</summary>
    [Required]
    public string StampFile { get; set; } = "";

    /// <summary>Path of <c>mnn-quantize.dll</c>.</summary>
    [Required]
    public string ToolAssembly { get; set; } = "";

    /// <summary>Path of the folder of the cache of int8 models; empty for none.</summary>
    public string StoreFolder { get; set; } = "";

    /// <inheritdoc />
    public override bool Execute()
    {
        ManifestFile = ProjectPath.Resolve(ProjectFile, ManifestFile);
        StateFile = ProjectPath.Resolve(ProjectFile, StateFile);
        StampFile = ProjectPath.Resolve(ProjectFile, StampFile);
        ToolAssembly = ProjectPath.Resolve(ProjectFile, ToolAssembly);
        StoreFolder = StoreFolder.Length > 0 ? ProjectPath.Resolve(ProjectFile, StoreFolder) : "";

        ModelRequest[] models = [.. Models.Select(item => new ModelRequest(item, ProjectFile))];
        Validate(models);
        if (Log.HasLoggedErrors)
        {
            return false;
        }

        try
        {
            if (FindReason(models) is { } reason)
            {
                Log.LogMessage(MessageImportance.Low, "The models are looked at again: {0}.", reason);
                File.Delete(StampFile);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.ManifestNotWritten(Log, ManifestFile, exception.Message);
        }

        return !Log.HasLoggedErrors;
    }

    private void Validate(ModelRequest[] models)
    {
        var byDestination = new Dictionary<string, ModelRequest>(StringComparer.OrdinalIgnoreCase);
        foreach (ModelRequest model in models)
        {
            model.Validate(Log);
            if (byDestination.TryGetValue(model.Destination, out ModelRequest? other))
            {
                model.ReportClash(Log, other);
            }

            byDestination[model.Destination] = model;
        }
    }

    /// <summary>Why the target must run; null if all is as it was.</summary>
    private string? FindReason(ModelRequest[] models)
    {
        string manifest = ManifestWriter.Text(models, StateFile, StoreFolder, ToolAssembly);
        if (!File.Exists(ManifestFile) || File.ReadAllText(ManifestFile) != manifest)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ManifestFile)!);
            File.WriteAllText(ManifestFile, manifest);
            return "the items, their float models or the quantizer changed";
        }

        if (models.FirstOrDefault(model => !File.Exists(model.Destination)) is { } missing)
        {
            return $"'{missing.Destination}' is missing";
        }

        return models.Any(model => model.IsQuantized) && InputState.FindChange(StateFile) is { } changed
            ? $"'{changed}' changed"
            : null;
    }
}
