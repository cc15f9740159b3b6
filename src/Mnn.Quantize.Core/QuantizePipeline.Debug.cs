using Mnn.Quantize.Calibration;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>What <c>debug: true</c> adds to a run.</summary>
public static partial class QuantizePipeline
{
    /// <summary>Added to the int8 model's path: the comparison, as JSON.</summary>
    internal const string ComparisonSuffix = ".compare.json";

    /// <summary>Added to the int8 model's path: the scales, in the form of the reference.</summary>
    internal const string ScalesSuffix = ".json";

    // Compares every tensor on all pictures; null if the config doesn't ask for it.
    private static ComparisonReport? Examine(
        QuantizeOptions options,
        CandidateMaker maker,
        Candidate candidate,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        if (!maker.Config.Debug)
        {
            return null;
        }

        ComparisonReport report = new ModelComparer(
            maker.Graph, candidate.Read(), labels: SampleLabels.Find(maker.Config, maker.Data.Root, maker.Samples)).Run(
            (session, i) => maker.Feeder.Feed(session, maker.Samples[i]), maker.Samples.Count, maker.Workers, progress, cancellation);
        return report with { Int8 = Path.GetFullPath(options.Destination) };
    }

    private static void WriteDebugFiles(QuantizeOptions options, MnnModel int8, ComparisonReport? comparison)
    {
        if (comparison is not null)
        {
            AtomicFile.Write(options.Destination + ComparisonSuffix, ComparisonText.Json(comparison));
        }

        if (comparison is not null || options.WriteScales)
        {
            AtomicFile.Write(options.Destination + ScalesSuffix, ScaleDump.Of(int8));
        }
    }
}
