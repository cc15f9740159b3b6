using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The depthwise convolution y = clamp(x * weights + bias, lo, hi), each channel with a kernel of its own:
/// C' = C = group. Each sum starts at the bias and runs over kernel row, kernel column; positions outside x are
/// left out, which gives the same as adding zeros while the weights are finite.
/// </summary>
internal static partial class DepthwiseConvolution2D
{
    /// <summary>Floats of the packed weights.</summary>
    /// <param name="shape">The sizes.</param>
    /// <returns>The length that <see cref="PackWeights"/> needs.</returns>
    public static int PackedSize(in ConvolutionShape shape) => checked(shape.KernelSize * shape.InputChannels);

    /// <summary>Turns the weights so that channels come last.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="weights">[C, 1, kernel height, kernel width], as MNN stores them.</param>
    /// <param name="packed">Receives [kernel, C].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackWeights(in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed)
    {
        int kernel = shape.KernelSize, channels = shape.InputChannels;
        Check.That(weights.Length >= PackedSize(shape), "The weights are too short.");
        Check.That(packed.Length >= PackedSize(shape), "The packed weights are too short.");
        for (int t = 0; t < kernel; t++)
        {
            for (int c = 0; c < channels; c++)
            {
                packed[(t * channels) + c] = weights[(c * kernel) + t];
            }
        }
    }

    /// <summary>Computes the whole of y.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C], or empty for none.</param>
    /// <param name="y">[N, H', W', C].</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        RunRows(shape, x, packed, bias, y, 0, shape.OutputRows, lo, hi, level);
    }

    /// <summary>Computes some rows of y.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C], or empty for none.</param>
    /// <param name="y">[N, H', W', C], the whole of it.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static unsafe void RunRows(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, int firstRow, int lastRow, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, firstRow, lastRow);
        Check.That(shape.InputChannels == shape.OutputChannels, "A depthwise convolution keeps the channels.");
        Check.That(packed.Length >= PackedSize(shape), "The packed weights are too short.");
        Check.That(bias.IsEmpty || bias.Length >= shape.OutputChannels, "The bias is too short.");
        fixed (float* px = x, pw = packed, pBias = bias, py = y)
        {
            Depthwise job = new(shape, px, pw, pBias, py, lo, hi);
            switch (SimdLevels.Resolve(level))
            {
                case SimdLevel.Vector512:
                    RunVector<Simd512, Vector512<float>>(job, firstRow, lastRow);
                    break;
                case SimdLevel.Vector256:
                    RunVector<Simd256, Vector256<float>>(job, firstRow, lastRow);
                    break;
                case SimdLevel.Vector128:
                    RunVector<Simd128, Vector128<float>>(job, firstRow, lastRow);
                    break;
                default:
                    RunScalar(job, firstRow, lastRow);
                    break;
            }
        }
    }

    /// <summary>The arguments of one depthwise convolution, checked.</summary>
    private readonly unsafe struct Depthwise(
        in ConvolutionShape shape, float* x, float* weights, float* bias, float* y, float lo, float hi)
    {
        public ConvolutionShape Shape { get; } = shape;

        public float* X { get; } = x;

        public float* Weights { get; } = weights;

        public float* Bias { get; } = bias;

        public float* Y { get; } = y;

        public float Lo { get; } = lo;

        public float Hi { get; } = hi;
    }
}
