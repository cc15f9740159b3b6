using Mnn.Quantize.Building;
using Mnn.Quantize.Cli.Building.Access;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Cli.Building;

/// <summary>Brings the models of one project and the code that gives access to them up to date.</summary>
internal sealed class ProjectBuilder(
    Manifest manifest, int maxParallelism, bool showPlan, UserTerminal terminal, CancellationToken cancellation)
{
    private readonly List<string> _dependencies = [];

    /// <summary>All of them, also after one failed: the user sees every error at once.</summary>
    internal int Run()
    {
        bool failed = false;
        var inputs = new Dictionary<ManifestModel, QuantizeInputs>();
        foreach (ManifestModel model in manifest.Models.Where(model => model.IsQuantized))
        {
            failed |= !Try(() => inputs[model] = FindInputs(model));
        }

        // Before the first model is read: what changes while they are built must look changed to the next build.
        _dependencies.AddRange(manifest.Models
            .Where(model => !model.IsQuantized && model.Access is not null)
            .SelectMany(model => model.Config.Length > 0 ? [model.Source, model.Config] : (string[])[model.Source]));
        string state = InputState.Describe(_dependencies);

        var builder = new ModelBuilder(manifest, maxParallelism, showPlan, terminal, cancellation);
        foreach ((ManifestModel model, QuantizeInputs found) in inputs)
        {
            // Also if this build finds that all is up to date and writes nothing there.
            TemporaryFile.SweepOnce(Path.GetDirectoryName(Path.GetFullPath(model.Destination))!);
            failed |= !Try(() => builder.Build(model, found));
        }

        failed |= !Try(WriteAccessor);
        if (failed)
        {
            return ExitCode.Failure;
        }

        if (manifest.Dependencies.Length > 0)
        {
            AtomicFile.WriteText(manifest.Dependencies, string.Concat(_dependencies.Distinct().Select(path => path + "\n")));
        }

        AtomicFile.WriteText(manifest.State, state);
        return ExitCode.Success;
    }

    private QuantizeInputs FindInputs(ManifestModel model)
    {
        WarnOfMisspellings(model);
        QuantizeInputs inputs = QuantizeInputs.Find(ModelBuilder.OptionsFor(model, maxParallelism));
        string[] config = inputs.Config.Length > 0 ? [inputs.Config] : [];
        string[] labels = inputs.Labels.Length > 0 ? [inputs.Labels] : [];
        string[] locked = inputs.Lock.Length > 0 ? [inputs.Lock] : [];
        _dependencies.AddRange([.. inputs.Model, .. config, .. labels, .. locked, .. inputs.Pictures, .. inputs.Folders]);
        return inputs;
    }

    private void WarnOfMisspellings(ManifestModel model)
    {
        foreach (string name in model.OtherMetadata)
        {
            if (QuantConfigReader.NearestKey(name) is { } near)
            {
                terminal.Error.WriteLine(CommandErrors.MetadataUnknown(model.Origin, model.Name, name, near).ToString());
            }
        }
    }

    private void WriteAccessor()
    {
        ManifestModel[] models = [.. manifest.Models.Where(model => model.Access is not null)];
        if (manifest.AccessorFile.Length == 0 || models.Length == 0)
        {
            return;
        }

        string text = AccessorSource.Text(manifest.Namespace, [.. models.Select(Describe)]);
        if (!File.Exists(manifest.AccessorFile) || File.ReadAllText(manifest.AccessorFile) != text)
        {
            AtomicFile.WriteText(manifest.AccessorFile, text);
        }
    }

    private static AccessorModel Describe(ManifestModel model)
    {
        ModelSignature signature = ModelSignature.Of(MnnModel.Load(model.Source));

        // The run has reported the warnings; for a float model only the preprocessing counts, which needs no pictures.
        QuantizeOptions options = ModelBuilder.OptionsFor(model, 0) with { Pictures = model.Pictures ?? [] };
        QuantConfig? config = model.Config.Length > 0 || model.Settings.Count > 0 ? options.ReadConfig([]) : null;
        return new AccessorModel(model.Access!, signature, config);
    }

    private bool Try(Action action)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            action();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Guard.Report(terminal, exception);
            return false;
        }
    }
}
