namespace Mnn.Quantize.Kernels;

/// <summary>
/// The 2-D convolution y = clamp(x * weights + bias, lo, hi), as a matrix product of patches of x with the weights.
/// Each sum starts at the bias and runs over kernel row, kernel column, input channel, in this order, zeros of the
/// padding included.
/// </summary>
internal static partial class Convolution2D
{
    /// <summary>Bytes of patches that are gathered before they are multiplied: they stay in the second-level cache.</summary>
    private const int BlockBytes = 128 * 1024;

    /// <summary>Floats of the packed weights.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="level">The kernel family.</param>
    /// <returns>The length that <see cref="PackWeights"/> needs.</returns>
    public static int PackedSize(in ConvolutionShape shape, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate();
        return checked(shape.Group * Gemm.PackedSize(Depth(shape), shape.OutputChannels / shape.Group, level));
    }

    /// <summary>Brings the weights into the order in which the kernels read them.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="weights">[C', C / group, kernel height, kernel width], as MNN stores them.</param>
    /// <param name="packed">Receives <see cref="PackedSize"/> floats.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackWeights(
        in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed, SimdLevel level = SimdLevel.Active)
    {
        int depth = Depth(shape), outputs = shape.OutputChannels / shape.Group, channels = shape.InputChannels / shape.Group;
        Check.That(packed.Length >= PackedSize(shape, level), "The packed weights are too short.");
        Check.That(weights.Length >= (long)shape.OutputChannels * depth, "The weights are too short.");
        int size = Gemm.PackedSize(depth, outputs, level);
        float[]? reordered = shape.KernelSize == 1 ? null : new float[outputs * depth];
        for (int g = 0; g < shape.Group; g++)
        {
            ReadOnlySpan<float> group = weights.Slice(g * outputs * depth, outputs * depth);
            if (reordered is not null)
            {
                ChannelsLast(group, outputs, channels, shape.KernelSize, reordered);
                group = reordered;
            }

            Gemm.PackB(group, transposed: true, depth, outputs, packed.Slice(g * size, size), level);
        }
    }

    /// <summary>Floats of scratch memory for <see cref="Run"/>; 0 for a plain 1x1 convolution.</summary>
    /// <param name="shape">The sizes.</param>
    /// <returns>The length.</returns>
    public static int ScratchSize(in ConvolutionShape shape)
    {
        return IsPlain(shape) ? 0 : checked(BlockPixels(shape) * PatchStride(shape));
    }

    /// <summary>Computes the whole of y.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C'], or empty for none.</param>
    /// <param name="y">[N, H', W', C'].</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family that packed the weights.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, Span<float> scratch, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        RunRows(shape, x, packed, bias, y, scratch, 0, shape.OutputRows, lo, hi, level);
    }

    /// <summary>Computes some rows of y; each caller needs scratch memory of its own.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C'], or empty for none.</param>
    /// <param name="y">[N, H', W', C'], the whole of it.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family that packed the weights.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static void RunRows(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, Span<float> scratch, int firstRow, int lastRow,
        float lo = float.NegativeInfinity, float hi = float.PositiveInfinity, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, firstRow, lastRow);
        Check.That(packed.Length >= PackedSize(shape, level), "The packed weights are too short.");
        Check.That(bias.IsEmpty || bias.Length >= shape.OutputChannels, "The bias is too short.");
        Check.That(scratch.Length >= ScratchSize(shape), "The scratch memory is too short.");
        if (SimdLevels.Resolve(level) == SimdLevel.Scalar)
        {
            RunScalar(shape, x, packed, bias, y, firstRow, lastRow, lo, hi);
            return;
        }

        long first = (long)firstRow * shape.OutputWidth, last = (long)lastRow * shape.OutputWidth;
        if (IsPlain(shape))
        {
            RunPlain(shape, x, packed, bias, y, checked((int)first), checked((int)(last - first)), lo, hi, level);
        }
        else
        {
            RunPatches(shape, x, packed, bias, y, scratch, checked((int)first), checked((int)last), lo, hi, level);
        }
    }

    private static int Depth(in ConvolutionShape shape) => shape.KernelSize * (shape.InputChannels / shape.Group);

    /// <summary>Whether the patches are the pixels of x, one after another.</summary>
    private static bool IsPlain(in ConvolutionShape s) =>
        s is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PadTop: 0, PadLeft: 0 } &&
        s.InputHeight == s.OutputHeight && s.InputWidth == s.OutputWidth;

    /// <summary>[outputs, channels, kernel] to [outputs, kernel, channels].</summary>
    private static void ChannelsLast(ReadOnlySpan<float> weights, int outputs, int channels, int kernel, Span<float> reordered)
    {
        int i = 0;
        for (int o = 0; o < outputs; o++)
        {
            for (int t = 0; t < kernel; t++)
            {
                for (int c = 0; c < channels; c++)
                {
                    reordered[i++] = weights[(((o * channels) + c) * kernel) + t];
                }
            }
        }
    }
}
