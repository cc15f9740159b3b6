using Mnn.Quantize.Cli.Reports;
using Mnn.Quantize.Cli.Terminal;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// Brings int8 models up to date: a model whose content key is as it was is left alone, one that the store has is copied,
/// the others are quantized, each with all threads. Then the gate decides what is deployed.
/// </summary>
internal sealed class ModelBuilder(
    Manifest manifest, int maxParallelism, bool showPlan, UserTerminal terminal, CancellationToken cancellation)
{
    // The model that was made or fetched last: what lies beside it of an older one is out of date.
    private ManifestModel? _made;

    private ModelStore? _store = manifest.Store.Length > 0 ? new ModelStore(manifest.Store) : null;

    internal static QuantizeOptions OptionsFor(ManifestModel model, int maxParallelism) => new()
    {
        Source = model.Source,
        Destination = model.Destination,
        Config = model.Config,
        Settings = model.Settings,
        SettingsFile = model.Origin,
        Pictures = model.Pictures,
        LockFile = model.LockFile,
        Locked = model.Locked,
        MaxParallelism = maxParallelism,
    };

    /// <exception cref="QuantizeException">It cannot be made, or is not good enough.</exception>
    internal void Build(ManifestModel model, QuantizeInputs inputs)
    {
        var key = ContentKey.Compute(inputs, cancellation);
        BuildRecord record = BringUpToDate(model, key);
        if (manifest.WantsReport && !model.Locked && NeedsReport(model, record))
        {
            record = record.IsFloat ? Make(model, key) : record;
            Report(model, record);
        }

        string? fault = model.Gate.FindFault(record.Figures);
        bool wantsFloat = fault is not null && manifest.GateAction == GateAction.UseFloat;
        if (record.IsFloat != wantsFloat)
        {
            record = wantsFloat ? DeployFloat(model, inputs, record) : Make(model, key);
            record.Write(RecordFile(model));
        }

        if (manifest.WantsReport)
        {
            SummaryReport.Write(model, record, fault);
            terminal.Out.WriteLine(
                $"{Path.GetFileName(model.Destination)}: report in {(model.Locked ? SummaryReport.FileFor(model) : model.Destination + ReportOutput.Html)}");
        }

        if (fault is not null)
        {
            Judge(model, fault);
        }
    }

    // It shows the int8 model, also if the gate then deploys the float one, and is good as long as that is.
    private bool NeedsReport(ManifestModel model, BuildRecord record)
    {
        string json = model.Destination + ReportOutput.Json;
        bool isThere = File.Exists(model.Destination + ReportOutput.Html) && File.Exists(json)
            && File.Exists(model.Destination + ReportOutput.Markdown);
        return _made == model || !isThere
            || !(record.IsFloat || File.ReadAllText(json).Contains(record.OutputHash, StringComparison.Ordinal));
    }

    private void Report(ManifestModel model, BuildRecord record)
    {
        using var progress = new ProgressLine(terminal, model.Name);
        ReportOutput.WriteAll(
            ModelComparison.Report(OptionsFor(model, maxParallelism), record.ToResult(model.Destination), progress, cancellation),
            model.Destination);
    }

    private static string RecordFile(ManifestModel model) => model.Destination + ".key";

    private BuildRecord BringUpToDate(ManifestModel model, ContentKey key)
    {
        BuildRecord? old = BuildRecord.Read(RecordFile(model));
        if (old is not null && old.Describes(model.Destination, key) && IsLocked(model, old) && Suffices(old))
        {
            Detail(model, "up to date, its contents are as they were");
            ShowWarnings(old);
            return old;
        }

        Detail(model, "out of date: " + Reason(old, key));
        BuildRecord made = Make(model, key);
        made.Write(RecordFile(model));
        return made;
    }

    /// <summary>A lock file is written by a run alone, so that a model without it, or beside that of another, is made again.</summary>
    private static bool IsLocked(ManifestModel model, BuildRecord record) => model.LockFile is not { } file || model.Locked
        || (File.Exists(file) && File.ReadAllText(file).Contains("int8 sha256 " + record.OutputHash, StringComparison.Ordinal));

    /// <summary>What a report shows of a run is not measured unless one is wanted; then the model is made again.</summary>
    private bool Suffices(BuildRecord record) => !manifest.WantsReport || record.IsFloat || record.Details is not null;

    private void Judge(ManifestModel model, string fault)
    {
        string name = Path.GetFileName(model.Destination);
        if (manifest.GateAction == GateAction.Error)
        {
            throw CommandErrors.BelowThreshold(model.Origin, name, fault);
        }

        Diagnostic warning = manifest.GateAction == GateAction.UseFloat
            ? CommandErrors.FloatModelDeployed(model.Origin, name, fault)
            : CommandErrors.DeployedBelowThreshold(model.Origin, name, fault);
        terminal.Error.WriteLine(warning.ToString());
    }

    /// <summary>One file, also if the float model keeps its weights in another: the build expects one.</summary>
    private static BuildRecord DeployFloat(ManifestModel model, QuantizeInputs inputs, BuildRecord record)
    {
        if (inputs.Model.Count == 1)
        {
            AtomicFile.Copy(model.Source, model.Destination);
        }
        else
        {
            MnnModel.Load(model.Source).Save(model.Destination);
        }

        return record with { OutputHash = ContentKey.HashFile(model.Destination), IsFloat = true };
    }

    private BuildRecord Make(ManifestModel model, ContentKey key)
    {
        _made = model;
        using FileStream? exclusive = TryStore(store => store.Lock(key, cancellation));
        if (TryStore(store => store.TryFetch(key, model.Destination)) is { } stored && IsLocked(model, stored) && Suffices(stored))
        {
            ShowWarnings(stored);
            terminal.Out.WriteLine(Summary.Line(stored.ToResult(model.Destination), "from the cache"));
            return stored;
        }

        BuildRecord made = Quantize(model, key);
        CheckUnchanged(model, key);
        TryStore(store =>
        {
            store.Add(key, model.Destination, made);
            return store;
        });
        return made;
    }

    // Or the store would give a model that was made of something else to whoever asks for this key.
    private void CheckUnchanged(ManifestModel model, ContentKey key)
    {
        var now = ContentKey.Compute(QuantizeInputs.Find(OptionsFor(model, maxParallelism)), cancellation);
        string changed = now.DifferenceFrom(key.Parts.ToDictionary());
        if (changed.Length > 0)
        {
            throw CommandErrors.InputsChanged(model.Source, changed);
        }
    }

    private BuildRecord Quantize(ManifestModel model, ContentKey key)
    {
        if (showPlan && !model.Locked)
        {
            PlanText.Write(QuantizePipeline.Plan(OptionsFor(model, maxParallelism), cancellation), terminal.Error);
        }

        QuantizeResult result;
        using (var progress = new ProgressLine(terminal, model.Name))
        {
            result = QuantizePipeline.Run(
                OptionsFor(model, maxParallelism) with { CalibrationCache = _store?.Calibration, WantsSensitivities = manifest.WantsReport }, progress, cancellation);
        }

        if (!model.Locked)
        {
            Detail(model, result.Weights.Count > 0 ? WeightDetail(result)
                : result.IsTrained ? $"trained on {result.Pictures} examples"
                : $"calibrated on {result.Pictures} samples: {result.PicturesRun} run, {result.Pictures - result.PicturesRun} from the cache");
        }

        if (result.Tried.Count > 0)
        {
            TriedText.Write(result.Tried, result.SourceBytes, terminal.Error);
        }

        if (model.Config.Length == 0 && result.Tried.Count > 0)
        {
            terminal.Out.WriteLine(
                $"{model.Name}: no Config says how to quantize it, so that methods were chosen by trying them (mode auto)");
        }

        var made = BuildRecord.Of(key, result, manifest.WantsReport);
        ShowWarnings(made);
        if (result.Comparison is { } comparison)
        {
            ComparisonText.Write(comparison, terminal.Error);
        }

        terminal.Out.WriteLine(model.Locked ? Summary.Line(result, "as locked") : Summary.Line(result));
        return made;
    }

    private static string WeightDetail(QuantizeResult result) => result.ComparedOn switch
    {
        ComparedOn.Samples => $"weights compressed, and compared on {result.Pictures} samples",
        ComparedOn.SynthesizedInputs => $"weights compressed, and compared on {result.Pictures} made-up inputs, since there are no data",
        _ => "weights compressed, and not compared, since there are no data",
    };

    /// <summary>Also those of a model that is not made again: a build that treats warnings as errors must fail each time.</summary>
    private void ShowWarnings(BuildRecord record)
    {
        foreach (string warning in record.Figures.Warnings)
        {
            terminal.Error.WriteLine(warning);
        }
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

    private void Detail(ManifestModel model, string text) => terminal.Error.WriteLine($"{model.Name}: {text}");

    private static string Reason(BuildRecord? old, ContentKey key)
    {
        if (old is null)
        {
            return "no record of an earlier run";
        }

        string changed = key.DifferenceFrom(old.Parts);
        return changed.Length > 0 ? changed + " changed" : "the model in the intermediate folder is missing or not as it was written";
    }
}
