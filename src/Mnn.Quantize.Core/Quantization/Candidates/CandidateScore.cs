using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Candidates;

/// <summary>How near an int8 model's outputs are to the float model's.</summary>
/// <param name="Cosine">Mean cosine over all outputs and samples, -1 to 1.</param>
/// <param name="OutputCosines">The same for each output, in the model's order.</param>
/// <param name="Top1Agreement">Share of the samples with the same greatest element in the first output, 0 to 1.</param>
/// <param name="Samples">On how many samples.</param>
internal sealed record CandidateScore(
    double Cosine, IReadOnlyList<double> OutputCosines, double Top1Agreement, int Samples)
{
    /// <summary>Share of the labelled samples on which the first output's greatest element is the label's; null without labels.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The same of the float model.</summary>
    public double? FloatAccuracy { get; init; }

    /// <summary>Runs a candidate over the first samples and compares.</summary>
    /// <param name="maker">Who made it, and knows the float outputs.</param>
    /// <param name="candidate">The int8 model.</param>
    /// <param name="samples">How many samples, from the start; no more than there are.</param>
    /// <param name="progress">Told after each sample; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <param name="labels">By sample: its class, null without; or null.</param>
    /// <exception cref="QuantizeException">The candidate can't be run.</exception>
    public static CandidateScore Of(
        CandidateMaker maker,
        Candidate candidate,
        int samples,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation,
        int?[]? labels = null)
    {
        IReadOnlyList<IReadOnlyList<TensorValue>> expected = maker.FloatOutputs(samples, cancellation);
        IReadOnlyList<TensorValue>[] actual = SampleOutputs.Run(
            candidate.Read(), maker.Feeder, [.. maker.Samples.Take(samples)], maker.Workers, maker.Pools, progress, cancellation);
        int outputs = expected.Count > 0 ? expected[0].Count : 0;
        double[] each =
        [
            .. Enumerable.Range(0, outputs).Select(
                k => OutputCosine.Mean([.. expected.Select(o => new[] { o[k] })], [.. actual.Select(o => new[] { o[k] })])),
        ];
        return new CandidateScore(
            OutputCosine.Mean(expected, actual), each, TopElement.Agreement(expected, actual), actual.Length)
        {
            Accuracy = TopElement.Accuracy(actual, labels),
            FloatAccuracy = TopElement.Accuracy(expected, labels),
        };
    }
}
