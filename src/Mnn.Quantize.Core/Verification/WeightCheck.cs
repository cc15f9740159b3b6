using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Verification;

/// <summary>On what a model was compared with its float model.</summary>
public enum ComparedOn
{
    /// <summary>On samples of the data.</summary>
    Samples,

    /// <summary>On noise, since there are no data.</summary>
    SynthesizedInputs,

    /// <summary>It was not: there are no data, and no inputs could be made up.</summary>
    Nothing,
}

/// <summary>How near a model with compressed weights is to its float model.</summary>
/// <param name="On">On what.</param>
/// <param name="Count">On how many samples.</param>
/// <param name="Cosine">Mean cosine of the outputs; NaN if it was not compared.</param>
/// <param name="Top1Agreement">Share of the samples with the same greatest element in the first output; NaN likewise.</param>
internal sealed record WeightCheck(ComparedOn On, int Count, double Cosine, double Top1Agreement)
{
    /// <summary>How many inputs are made up.</summary>
    public const int SynthesizedInputs = 4;

    /// <summary>Compares on the first samples; without any, on noise.</summary>
    /// <param name="source">The float model.</param>
    /// <param name="compressed">The other, as a file.</param>
    /// <param name="config">Preprocessing and shapes.</param>
    /// <param name="samples">The samples; empty without data.</param>
    /// <param name="most">How many of them at most.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">Told of corrupt samples, and of why a model can't be compared.</param>
    /// <param name="progress">Told after each sample; or null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QuantizeException">There are samples, but they or the model can't be used.</exception>
    public static WeightCheck Run(
        MnnModel source,
        byte[] compressed,
        QuantConfig config,
        IReadOnlyList<string> samples,
        int most,
        int workers,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        if (samples.Count > 0)
        {
            var floats = Graph.Build(source);
            ISampleFeeder feeder = SampleFeeder.Create(floats, config);
            samples = CorruptSamples.LeaveOut(config, [.. samples.Take(most)], feeder, workers, warnings, cancellation);
            return Compare(floats, source, compressed, feeder, samples, ComparedOn.Samples, workers, progress, cancellation);
        }

        try
        {
            var floats = Graph.Build(source);
            var feeder = new SynthesizedFeeder(floats, config);
            return Compare(
                floats, source, compressed, feeder, SynthesizedFeeder.Names(SynthesizedInputs), ComparedOn.SynthesizedInputs, workers,
                progress, cancellation);
        }
        catch (QuantizeException e)
        {
            // Noise is no data: a model that can't take it may be a good one.
            warnings.Add(Warnings.NotCompared(source.Path, e.Diagnostic.Message));
            return new WeightCheck(ComparedOn.Nothing, 0, double.NaN, double.NaN);
        }
    }

    private static WeightCheck Compare(
        Graph floats,
        MnnModel source,
        byte[] compressed,
        ISampleFeeder feeder,
        IReadOnlyList<string> samples,
        ComparedOn on,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var actual = Graph.Build(MnnModel.FromBytes(compressed, source.Path));
        var pools = new TensorPools();
        IReadOnlyList<TensorValue>[] expected = SampleOutputs.Run(floats, feeder, samples, workers, pools, null, cancellation);
        IReadOnlyList<TensorValue>[] found = SampleOutputs.Run(actual, feeder, samples, workers, pools, progress, cancellation);
        return new WeightCheck(on, samples.Count, OutputCosine.Mean(expected, found), TopElement.Agreement(expected, found));
    }
}
