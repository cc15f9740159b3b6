using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>Turns calibration statistics into one scale a tensor, for the methods without zero points.</summary>
internal static class FeatureScales
{
    /// <summary>The scale of each tensor by itself, by the config's method, KL or ADMM.</summary>
    /// <param name="calibration">The statistics.</param>
    /// <param name="config">Method and clamp.</param>
    /// <param name="workers">Threads.</param>
    /// <returns>By tensor id: scale and zero point 0, or null where there are no statistics.</returns>
    public static QuantParameters?[] OfEach(CalibrationResult calibration, QuantConfig config, int workers)
    {
        Func<TensorStatistic, int, float> scaleOf =
            config.FeatureMethod == FeatureMethod.ADMM ? AdmmScale.Of : KlScale.Of;
        var quant = new QuantParameters?[calibration.Statistics.Length];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, 256), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < quant.Length; i = Interlocked.Increment(ref next))
            {
                if (calibration.Statistics[i] is { HasData: true } statistic)
                {
                    float scale = scaleOf(statistic, config.FeatureClamp);
                    quant[i] = new QuantParameters(scale, 0, -config.FeatureClamp, config.FeatureClamp);
                }
            }
        });
        return quant;
    }

    /// <summary>The scales of a model's tensors, with one for those that share it.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="calibration">The statistics.</param>
    /// <param name="observed">By tensor id: whether the tensor gets a scale.</param>
    /// <param name="config">The method.</param>
    /// <param name="each">What <see cref="OfEach"/> found; it is left as it is.</param>
    /// <param name="warnings">Told of tensors that are always zero.</param>
    /// <returns>By tensor id: scale and zero point 0, or null where the tensor has none.</returns>
    public static QuantParameters?[] Find(
        Graph graph,
        CalibrationResult calibration,
        bool[] observed,
        QuantConfig config,
        QuantParameters?[] each,
        ICollection<Diagnostic> warnings)
    {
        QuantParameters?[] quant = [.. each.Select((q, i) => observed[i] ? q : null)];
        for (int i = 0; i < quant.Length; i++)
        {
            if (quant[i] is not null && KlScale.IsZero(calibration.Statistics[i]!) && !graph.Constants.ContainsKey(i))
            {
                warnings.Add(Warnings.AllZero(graph.File, graph.TensorName(i)));
            }
        }

        bool admm = config.FeatureMethod == FeatureMethod.ADMM;
        ScaleUnifier.Unify(
            graph, node => SharesScale(node, calibration.Statistics) && (!admm || AreNear(node, quant)), quant);
        MaxPoolLevels.Apply(graph, id => calibration.Statistics[id]?.Histogram.Min ?? float.NegativeInfinity, quant);
        return quant;
    }

    // The reference shares no scales that ADMM found. To share saves casts, and costs what has the smaller values their
    // steps: at most a bit of them here.
    private static bool AreNear(Node node, QuantParameters?[] quant)
    {
        float[] scales = [.. Int8Planner.DataInputs(node).Concat(node.Outputs).Select(id => quant[id]?.Scale ?? 0).Where(s => s > 0)];
        return scales.Length == 0 || scales.Max() <= 2 * scales.Min();
    }

    // As the reference shares scales.
    private static bool SharesScale(Node node, TensorStatistic?[] statistics)
    {
        if (node.Op.Type is Model.Schema.OpType.Pooling or Model.Schema.OpType.Pooling3D)
        {
            return true;
        }

        // Merging dimensions of a picture that the runtime keeps in NC4HW4 takes it two steps over a nameless tensor,
        // and the reference lets the result have a scale of its own.
        return node.Operator.MovesElements
            && !(ScaleUnifier.MergesDimensions(node) && statistics[node.Inputs[0]] is { IsPackedPicture: true });
    }
}
