using Mnn.Quantize.Calibration;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>
/// Chooses for each weight of a convolution one of its two nearest levels, so that the outputs' error is least on what the
/// convolution sees: see <see cref="ErrorFeedback"/>.
/// </summary>
internal static class LayerRounder
{
    // Of more weights the moments would take minutes and gigabytes; those of a block make up for each other alone.
    private const int MostWeights = 1024;

    private const int DepthwiseChannels = 64;

    /// <summary>Changes levels that were rounded to the nearest.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="rounded">The same rounded; its levels are changed.</param>
    /// <param name="limit">Greatest level.</param>
    /// <param name="inputs">What it sees.</param>
    /// <param name="centred">Whether biases will make up for the mean error.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Apply(
        LayerGeometry geometry,
        float[] weights,
        RoundedWeights rounded,
        int limit,
        LayerInputs inputs,
        bool centred,
        int workers,
        CancellationToken cancellation)
    {
        if (geometry.IsDepthwise)
        {
            for (int first = 0; first < geometry.Channels; first += DepthwiseChannels)
            {
                int channels = Math.Min(DepthwiseChannels, geometry.Channels - first);
                cancellation.ThrowIfCancellationRequested();
                double[][] moments = inputs.DepthwiseMoments(first, channels, centred);
                for (int c = 0; c < channels; c++)
                {
                    Choose(geometry, weights, rounded, limit, new ErrorFeedback(moments[c], geometry.Taps), first + c, 0, 1, 0);
                }
            }

            return;
        }

        int blocks = Math.Max(1, (geometry.Inputs * geometry.Taps + MostWeights - 1) / MostWeights);
        blocks = Math.Min(blocks, geometry.Inputs);
        for (int group = 0; group < geometry.Groups; group++)
        {
            for (int block = 0; block < blocks; block++)
            {
                (int first, int end) = (geometry.Inputs * block / blocks, geometry.Inputs * (block + 1) / blocks);
                cancellation.ThrowIfCancellationRequested();
                double[] moments = inputs.Moments((group * geometry.Inputs) + first, end - first, centred);
                var feedback = new ErrorFeedback(moments, (end - first) * geometry.Taps);
                (int next, int g) = (-1, group);
                ParallelWorkers.Run(Math.Clamp(workers, 1, geometry.Outputs), _ =>
                {
                    for (int o = Interlocked.Increment(ref next); o < geometry.Outputs; o = Interlocked.Increment(ref next))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Choose(geometry, weights, rounded, limit, feedback, g, first, end - first, o);
                    }
                });
            }
        }
    }

    /// <summary>The other level that a weight may have: the next one on the weight's other side, if there is one.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="level">Its nearest level.</param>
    /// <param name="scale">The step.</param>
    /// <param name="limit">Greatest level.</param>
    public static int OtherLevel(float weight, int level, float scale, int limit)
    {
        float rest = weight - (level * scale);
        return Math.Clamp(level + Math.Sign(rest), -limit, limit);
    }

    // One output's weights for some input channels of its group.
    private static void Choose(
        LayerGeometry geometry, float[] weights, RoundedWeights rounded, int limit, ErrorFeedback feedback, int group, int first,
        int channels, int output)
    {
        int count = channels * geometry.Taps, perScale = weights.Length / rounded.Scales.Length;
        float[] near = new float[count], far = new float[count];
        int[] places = new int[count];
        for (int tap = 0, i = 0; tap < geometry.Taps; tap++)
        {
            for (int c = 0; c < channels; c++, i++)
            {
                int place = places[i] = geometry.Place(group, output, first + c, tap);
                (float weight, float scale, int level) = (weights[place], rounded.Scales[place / perScale], rounded.Levels[place]);
                near[i] = weight - (level * scale);
                far[i] = weight - (OtherLevel(weight, level, scale, limit) * scale);
            }
        }

        bool[] takesFar = new bool[count];
        feedback.Choose(near, far, takesFar);
        for (int i = 0; i < count; i++)
        {
            if (takesFar[i])
            {
                int place = places[i];
                rounded.Levels[place] = (sbyte)OtherLevel(weights[place], rounded.Levels[place], rounded.Scales[place / perScale], limit);
            }
        }
    }
}
