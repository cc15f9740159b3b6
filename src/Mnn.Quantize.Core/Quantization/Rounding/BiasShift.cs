namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>What is to be added to the biases of a rounded convolution.</summary>
internal static class BiasShift
{
    // How sure one sample alone makes of it.
    private const double OfOneSample = 0.5;

    /// <summary>Finds the mean errors that the biases can take away.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="weights">Its weights, in the model's order.</param>
    /// <param name="rounded">The same rounded.</param>
    /// <param name="real">[samples][T, channels]: what it sees in the float model in the mean.</param>
    /// <param name="actual">[samples][T, channels]: what it sees behind rounded ones.</param>
    /// <returns>[outputs]</returns>
    /// <remarks>
    /// An error m that differs by a variance v between samples is known from n of them with a variance of v / n: only the share
    /// m^2 / (m^2 + v / n) of it is taken, which is the estimate of least expected squared error.
    /// </remarks>
    public static float[] Find(LayerGeometry geometry, float[] weights, float[] rounded, float[][] real, float[][] actual)
    {
        float[] shifts = new float[geometry.Groups * geometry.Outputs];
        double[] errors = new double[real.Length];
        for (int group = 0; group < geometry.Groups; group++)
        {
            for (int o = 0; o < geometry.Outputs; o++)
            {
                Array.Clear(errors);
                for (int tap = 0; tap < geometry.Taps; tap++)
                {
                    for (int i = 0; i < geometry.Inputs; i++)
                    {
                        int place = geometry.Place(group, o, i, tap);
                        int column = (tap * geometry.Channels) + (group * geometry.Inputs) + i;
                        for (int s = 0; s < errors.Length; s++)
                        {
                            errors[s] += (weights[place] * (double)real[s][column]) - (rounded[place] * (double)actual[s][column]);
                        }
                    }
                }

                shifts[(group * geometry.Outputs) + o] = (float)Estimate(errors);
            }
        }

        return shifts;
    }

    private static double Estimate(double[] errors)
    {
        double mean = errors.Average();
        if (errors.Length == 1 || mean == 0)
        {
            return mean * OfOneSample;
        }

        double uncertainty = errors.Sum(e => (e - mean) * (e - mean)) / ((double)errors.Length * (errors.Length - 1));
        return mean * (mean * mean / ((mean * mean) + uncertainty));
    }
}
