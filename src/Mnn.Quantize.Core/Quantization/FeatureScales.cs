using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>Turns calibration statistics into one scale a tensor.</summary>
internal static class FeatureScales
{
    /// <summary>Finds all scales.</summary>
    /// <returns>By tensor id: the scale, or 0 where the tensor has none.</returns>
    public static float[] Find(
        Graph graph,
        CalibrationResult calibration,
        QuantConfig config,
        int workers,
        ICollection<Diagnostic> warnings)
    {
        var scales = new float[graph.TensorCount];
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, 256), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < scales.Length; i = Interlocked.Increment(ref next))
            {
                if (calibration.Statistics[i] is { HasData: true } statistic)
                {
                    scales[i] = KlScale.Of(statistic, config.FeatureClamp);
                }
            }
        });
        for (int i = 0; i < scales.Length; i++)
        {
            if (scales[i] > 0 && KlScale.IsZero(calibration.Statistics[i]!) && !graph.Constants.ContainsKey(i))
            {
                warnings.Add(Warnings.AllZero(graph.File, graph.TensorName(i)));
            }
        }

        ScaleUnifier.Unify(graph, calibration.Statistics, scales);
        return scales;
    }
}
