using System.Diagnostics;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>The whole way from a float model to an int8 model.</summary>
public static partial class QuantizePipeline
{
    /// <summary>Pictures on which the int8 model is compared with the float model.</summary>
    private const int ComparedPictures = 8;

    /// <summary>Quantizes one model.</summary>
    /// <param name="options">What to quantize, with what, into what.</param>
    /// <param name="progress">Told of each step, from any thread; or null.</param>
    /// <param name="cancellation">Ends the run within a second, with nothing written.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="QuantizeException">Anything wrong with options, files or model.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static QuantizeResult Run(
        QuantizeOptions options, IProgress<QuantizeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long start = Stopwatch.GetTimestamp();
        if (Path.GetFullPath(options.Source) == Path.GetFullPath(options.Destination))
        {
            throw Errors.SourceIsDestination(options.Source);
        }

        if (options.Locked)
        {
            return RunLocked(options, start, cancellation);
        }

        var warnings = new List<Diagnostic>();
        QuantConfig config = options.ReadConfig(warnings);
        if (config.Mode == QuantizeMode.Train)
        {
            return TrainPipeline.RunForBuild(options, progress, cancellation);
        }

        if (config.CompressesOnly)
        {
            return RunWeights(options, config, warnings, start, progress, cancellation);
        }

        progress?.Report(new QuantizeProgress("loading", 0, 0));
        int workers = ParallelWorkers.Count(options.MaxParallelism);
        bool auto = config.Mode == QuantizeMode.Auto;
        var maker = CandidateMaker.Prepare(
            options.Source, auto ? AutoSearch.Common(config) : config, workers, warnings, cancellation,
            remember: auto || config.Repair != Repairs.None);
        bool ema = !auto && maker.FollowsBatches;
        CalibrationCache? cache = options.CalibrationCache is { } folder && !ema && !auto
            ? new CalibrationCache(Path.GetFullPath(folder), maker.Source, options.ToConfigSource(), maker.Lint)
            : null;
        maker.Calibrate(!ema, ComparedPictures, cache, progress, cancellation, signed: auto, oneMethod: !auto);
        progress?.Report(new QuantizeProgress("quantizing", 0, 0));
        (Candidate candidate, maker, IReadOnlyList<TriedModel> tried) = auto
            ? AutoSearch.Run(maker, warnings, progress, cancellation)
            : (maker.Make(QuantizeRecipe.Of(maker.Config), warnings, progress, cancellation), maker, []);
        maker.Lint.Report(maker.Samples, warnings);

        // The int8 model is read back from its bytes, so that what is compared is what is written.
        CandidateScore score = CandidateScore.Of(maker, candidate, ComparedPictures, progress, cancellation);
        ComparisonReport? comparison = Examine(options, maker, candidate, progress, cancellation);
        MnnModel int8 = candidate.Model;
        int8.Save(options.Destination);
        string method = tried.FirstOrDefault(t => t.IsChosen)?.Name ?? AutoRecipes.Name(candidate.Recipe);
        WriteLock(options, maker, candidate, method, score, candidate.Bytes);
        WriteDebugFiles(options, int8, comparison);
        DependencyFile.Write(
            options.DependencyFile, maker.Source.Files, options.Config.Length > 0 ? config.File : "", [.. maker.Data.Files, .. maker.Data.Folders]);

        return new QuantizeResult
        {
            Mode = config.Mode,
            Destination = Path.GetFullPath(options.Destination),
            SourceBytes = maker.Source.Files.Sum(f => new FileInfo(f).Length),
            DestinationBytes = new FileInfo(options.Destination).Length,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Cosine = score.Cosine,
            Top1Agreement = score.Top1Agreement,
            Convolutions = (candidate.Convolutions, maker.Graph.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            Pictures = maker.Samples.Count,
            PicturesRun = ema ? maker.Samples.Count : maker.Calibration.Runs,
            Warnings = warnings,
            Comparison = comparison,
            Tried = tried,
            Sensitivities = options.WantsSensitivities
                ? SensitivityAnalysis.Rank(
                    maker.OnSome(SensitivityAnalysis.UsualSamples), candidate.Read(), progress, cancellation)
                : [],
        };
    }
}
