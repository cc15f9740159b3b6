using System.Buffers;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>What a convolution sees at some positions of some samples: its inputs, sample by sample.</summary>
/// <param name="geometry">The convolution.</param>
/// <param name="inputs">[samples]: its input in each run.</param>
/// <param name="workers">Threads.</param>
internal sealed class LayerInputs(LayerGeometry geometry, IReadOnlyList<Tensor> inputs, int workers)
{
    private const int FewestPositions = 2048;
    private const int MostPositions = 6144;
    private const int PositionsPerWeight = 8;

    // Of a sample; the float model and the rounded one are looked at in the same places.
    private const int PositionsOfMeans = 1024;

    // Part of the mean power that is added to each, as in GPTQ: what hardly ever shows in the samples may elsewhere.
    private const double Ridge = 0.01;

    // Of as many samples half is believed that inputs go together.
    private const double SamplesInDoubt = 4;

    /// <summary>Positions a sample for an output of so many weights.</summary>
    /// <param name="weights">Weights of an output.</param>
    /// <param name="samples">Samples that there are.</param>
    private static int PerSample(int weights, int samples) =>
        Math.Max(1, (int)Math.Clamp(PositionsPerWeight * (long)weights, FewestPositions, MostPositions) / samples);

    /// <summary>The means over a sample's positions: [T, channels].</summary>
    public static float[] Means(LayerGeometry geometry, Tensor input, int sample)
    {
        float[] patch = new float[geometry.Taps * geometry.Channels];
        double[] sums = new double[patch.Length];
        (int batch, int height, int width) = geometry.Positions(input);
        int[] positions = PatchPositions.Choose(batch * height * width, PositionsOfMeans, sample);
        foreach (int position in positions)
        {
            geometry.Read(input, position, 0, patch);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += patch[i];
            }
        }

        return Array.ConvertAll(sums, s => (float)(s / Math.Max(1, positions.Length)));
    }

    /// <summary>The means of each sample: [samples][T, channels].</summary>
    public float[][] Means()
    {
        float[][] means = new float[inputs.Count][];
        Each(inputs.Count, i => means[i] = Means(geometry, inputs[i], i));
        return means;
    }

    /// <summary>The second moments of some channels of one group, regularized: H of <see cref="ErrorFeedback"/>.</summary>
    /// <param name="first">First channel.</param>
    /// <param name="channels">How many.</param>
    /// <param name="centred">Whether around the mean: biases make up for what the mean does.</param>
    /// <returns>[T * channels, T * channels]</returns>
    public double[] Moments(int first, int channels, bool centred)
    {
        int k = geometry.Taps * channels;
        (float[] rows, int n) = Read(first, channels, centred);
        float[] columns = ArrayPool<float>.Shared.Rent(n * k), packed = ArrayPool<float>.Shared.Rent(Gemm.PackedSize(n, k));
        Layout.Transpose<float>(rows, columns, 1, n, k);
        Gemm.PackB(rows, false, n, k, packed);
        float[] products = new float[k * k];
        int block = 4 * Gemm.RowTile;
        Each((k + block - 1) / block, i =>
        {
            int row = i * block, count = Math.Min(block, k - row);
            Gemm.Multiply(
                columns.AsSpan(row * n, count * n), n, packed, [], products.AsSpan(row * k, count * k), k, count, n, k);
        });
        foreach (float[] large in (float[][])[rows, columns, packed])
        {
            ArrayPool<float>.Shared.Return(large);
        }

        return Regularize(products, n, k);
    }

    /// <summary>The same for depthwise convolutions, channel by channel.</summary>
    /// <param name="first">First channel.</param>
    /// <param name="channels">How many.</param>
    /// <param name="centred">Whether around the mean.</param>
    /// <returns>[channels][T, T]</returns>
    public double[][] DepthwiseMoments(int first, int channels, bool centred)
    {
        int taps = geometry.Taps, k = taps * channels;
        (float[] rows, int n) = Read(first, channels, centred);
        double[][] moments = new double[channels][];
        Each(channels, c =>
        {
            float[] products = new float[taps * taps];
            for (int p = 0; p < n; p++)
            {
                ReadOnlySpan<float> row = rows.AsSpan(p * k, k);
                for (int a = 0; a < taps; a++)
                {
                    float left = row[(a * channels) + c];
                    for (int b = 0; b < taps; b++)
                    {
                        products[(a * taps) + b] += left * row[(b * channels) + c];
                    }
                }
            }

            moments[c] = Regularize(products, n, taps);
        });
        ArrayPool<float>.Shared.Return(rows);
        return moments;
    }

    // Off the diagonal moments shrink the more, the fewer positions there are for so many weights, and the fewer samples those
    // are of: neighbours say much the same.
    private double[] Regularize(float[] products, int n, int k)
    {
        double[] moments = new double[products.Length];
        double power = 0;
        for (int i = 0; i < k; i++)
        {
            power += products[(i * k) + i];
        }

        double ridge = (Ridge * power / k) + float.Epsilon, kept = (double)n / (n + k) * inputs.Count / (inputs.Count + SamplesInDoubt);
        for (int i = 0; i < moments.Length; i++)
        {
            bool diagonal = i / k == i % k;
            moments[i] = (products[i] * (diagonal ? 1 : kept)) + (diagonal ? ridge : 0);
        }

        return moments;
    }

    private static void Centre(Span<float> rows, int n, int k)
    {
        double[] sums = new double[k];
        for (int i = 0; i < rows.Length; i += k)
        {
            for (int j = 0; j < k; j++)
            {
                sums[j] += rows[i + j];
            }
        }

        for (int i = 0; i < rows.Length; i += k)
        {
            for (int j = 0; j < k; j++)
            {
                rows[i + j] -= (float)(sums[j] / n);
            }
        }
    }

    // [n, T * channels], at the start of a rented array: the positions of all samples, one behind the other.
    private (float[] Rows, int Count) Read(int first, int channels, bool centred)
    {
        int k = geometry.Taps * channels;
        int[][] positions =
        [
            .. inputs.Select((input, i) =>
            {
                (int batch, int height, int width) = geometry.Positions(input);
                return PatchPositions.Choose(batch * height * width, PerSample(geometry.Taps * geometry.Inputs, inputs.Count), i);
            }),
        ];
        int[] starts = new int[inputs.Count + 1];
        for (int i = 0; i < inputs.Count; i++)
        {
            starts[i + 1] = starts[i] + positions[i].Length;
        }

        float[] rows = ArrayPool<float>.Shared.Rent(starts[^1] * k);
        Each(inputs.Count, i =>
        {
            for (int p = 0; p < positions[i].Length; p++)
            {
                geometry.Read(inputs[i], positions[i][p], first, rows.AsSpan((starts[i] + p) * k, k));
            }
        });
        if (centred)
        {
            Centre(rows.AsSpan(0, starts[^1] * k), starts[^1], k);
        }

        return (rows, starts[^1]);
    }

    private void Each(int count, Action<int> work)
    {
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(workers, 1, Math.Max(1, count)), _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                work(i);
            }
        });
    }
}
