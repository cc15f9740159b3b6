using Mnn.Quantize.Building;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Reporting;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// Brings the models of one project up to date: a model whose content key is as it was is left alone, one that the
/// store has is copied, the others are quantized, one after the other, each with all threads.
/// </summary>
internal sealed class ProjectBuilder(
    Manifest manifest, int maxParallelism, bool showPlan, UserTerminal terminal, CancellationToken cancellation)
{
    private readonly List<string> _dependencies = [];
    private ModelStore? _store = manifest.Store.Length > 0 ? new ModelStore(manifest.Store) : null;

    /// <summary>All of them, also after one failed: the user sees every error at once.</summary>
    internal int Run()
    {
        bool failed = false;
        var inputs = new Dictionary<ManifestModel, QuantizeInputs>();
        foreach (ManifestModel model in manifest.Models)
        {
            failed |= !Try(() => inputs[model] = FindInputs(model));
        }

        // Before the first model is read: what changes while they are built must look changed to the next build.
        string state = InputState.Describe(_dependencies);
        foreach ((ManifestModel model, QuantizeInputs found) in inputs)
        {
            failed |= !Try(() => Build(model, found));
        }

        if (failed)
        {
            return ExitCode.Failure;
        }

        AtomicFile.WriteText(manifest.State, state);
        return ExitCode.Success;
    }

    private QuantizeInputs FindInputs(ManifestModel model)
    {
        QuantizeInputs inputs = QuantizeInputs.Find(OptionsFor(model));
        _dependencies.AddRange(
            [.. inputs.Model, inputs.Config, .. inputs.Pictures, .. inputs.Folders]);
        return inputs;
    }

    private void Build(ManifestModel model, QuantizeInputs inputs)
    {
        string recordFile = model.Destination + ".key";
        var key = ContentKey.Compute(inputs, cancellation);
        BuildRecord? old = BuildRecord.Read(recordFile);
        if (old is not null && old.Describes(model.Destination, key))
        {
            Detail(model, "up to date, its contents are as they were");
            return;
        }

        Detail(model, "out of date: " + Reason(old, key));
        BuildRecord made = Make(model, key);
        made.Write(recordFile);
    }

    private BuildRecord Make(ManifestModel model, ContentKey key)
    {
        using FileStream? exclusive = TryStore(store => store.Lock(key, cancellation));
        if (TryStore(store => store.TryFetch(key, model.Destination)) is { } stored)
        {
            foreach (string warning in stored.Figures.Warnings)
            {
                terminal.Error.WriteLine(warning);
            }

            terminal.Out.WriteLine(Summary.Line(stored.Figures.ToResult(model.Destination), "from the cache"));
            return stored;
        }

        BuildRecord made = Quantize(model, key);
        TryStore(store =>
        {
            store.Add(key, model.Destination, made);
            return store;
        });
        return made;
    }

    private BuildRecord Quantize(ManifestModel model, ContentKey key)
    {
        if (showPlan)
        {
            PlanText.Write(QuantizePipeline.Plan(model.Source, model.Config, cancellation), terminal.Error);
        }

        QuantizeResult result;
        using (var progress = new ProgressLine(terminal, Path.GetFileName(model.Source)))
        {
            result = QuantizePipeline.Run(OptionsFor(model), progress, cancellation);
        }

        foreach (Diagnostic warning in result.Warnings)
        {
            terminal.Error.WriteLine(warning.ToString());
        }

        if (result.Comparison is { } comparison)
        {
            ComparisonText.Write(comparison, terminal.Error);
        }

        terminal.Out.WriteLine(Summary.Line(result));
        return BuildRecord.Of(key, result);
    }

    /// <summary>A store that fails is a warning and is not asked again: it saves time, it is not needed.</summary>
    private T? TryStore<T>(Func<ModelStore, T?> use)
        where T : class
    {
        if (_store is null)
        {
            return null;
        }

        try
        {
            return use(_store);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or QuantizeException)
        {
            terminal.Error.WriteLine(CommandErrors.StoreUnusable(_store.Folder, exception).ToString());
            _store = null;
            return null;
        }
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

    private QuantizeOptions OptionsFor(ManifestModel model) => new()
    {
        Source = model.Source,
        Destination = model.Destination,
        Config = model.Config,
        MaxParallelism = maxParallelism,
    };

    private void Detail(ManifestModel model, string text) =>
        terminal.Error.WriteLine($"{Path.GetFileName(model.Source)}: {text}");

    private static string Reason(BuildRecord? old, ContentKey key)
    {
        if (old is null)
        {
            return "no record of an earlier run";
        }

        string changed = key.DifferenceFrom(old.Parts);
        return changed.Length > 0 ? changed + " changed" : "the int8 model is missing or not as it was written";
    }
}
