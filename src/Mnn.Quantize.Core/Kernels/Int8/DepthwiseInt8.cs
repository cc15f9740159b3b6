using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The depthwise convolution of 8-bit integers in 32-bit integers, exact; positions outside x count as the padding
/// value, for which quantized zero may stand.
/// </summary>
internal static unsafe class DepthwiseInt8
{
    /// <summary>Turns the weights so that channels come last, as 16-bit integers.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="weights">[C, 1, kernel height, kernel width].</param>
    /// <param name="packed">Receives [kernel, C].</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackWeights(in ConvolutionShape shape, ReadOnlySpan<sbyte> weights, Span<short> packed)
    {
        int kernel = shape.KernelSize, channels = shape.InputChannels;
        Check.That(weights.Length >= kernel * channels && packed.Length >= kernel * channels, "A span is too short.");
        for (int i = 0; i < kernel * channels; i++)
        {
            packed[i] = weights[(i % channels * kernel) + (i / channels)];
        }
    }

    /// <summary>Computes some rows of y.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C], or empty for none.</param>
    /// <param name="padding">The value of positions outside x.</param>
    /// <param name="y">[lastRow - firstRow, W', C]: just these rows.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static void RunRows(
        in ConvolutionShape shape, ReadOnlySpan<sbyte> x, ReadOnlySpan<short> packed, ReadOnlySpan<int> bias,
        sbyte padding, Span<int> y, int firstRow, int lastRow, SimdLevel level = SimdLevel.Active)
    {
        ConvolutionShape s = shape;
        s.Validate();
        Check.That(x.Length >= s.InputLength, "x is too short.");
        Check.That(firstRow >= 0 && firstRow <= lastRow && lastRow <= s.OutputRows, "The rows are not rows of y.");
        Check.That(s.InputChannels == s.OutputChannels, "A depthwise convolution keeps the channels.");
        Check.That(packed.Length >= s.KernelSize * s.InputChannels, "The packed weights are too short.");
        Check.That(bias.IsEmpty || bias.Length >= s.OutputChannels, "The bias is too short.");
        Check.That(y.Length >= (long)(lastRow - firstRow) * s.OutputWidth * s.InputChannels, "y is too short.");
        bool vectors = SimdLevels.Resolve(level) != SimdLevel.Scalar;
        fixed (sbyte* px = x)
        fixed (short* pw = packed)
        fixed (int* pBias = bias, py = y)
        {
            int* b = bias.IsEmpty ? null : pBias;
            int* target = py;
            for (int row = firstRow; row < lastRow; row++)
            {
                (int n, int oy) = Math.DivRem(row, s.OutputHeight);
                sbyte* picture = px + ((nint)n * s.InputHeight * s.InputWidth * s.InputChannels);
                int top = (oy * s.StrideHeight) - s.PadTop;
                for (int ox = 0; ox < s.OutputWidth; ox++, target += s.InputChannels)
                {
                    int left = (ox * s.StrideWidth) - s.PadLeft;
                    int done = vectors ? PixelVector(s, picture, pw, b, padding, target, top, left) : 0;
                    PixelScalar(s, picture, pw, b, padding, target, top, left, done);
                }
            }
        }
    }

    /// <summary>One output pixel from a channel on: the definition.</summary>
    private static void PixelScalar(
        in ConvolutionShape s, sbyte* x, short* weights, int* bias, sbyte padding, int* y, int top, int left, int first)
    {
        for (int c = first; c < s.InputChannels; c++)
        {
            int sum = bias == null ? 0 : bias[c];
            for (int t = 0; t < s.KernelSize; t++)
            {
                int iy = top + (t / s.KernelWidth * s.DilationHeight), ix = left + (t % s.KernelWidth * s.DilationWidth);
                bool inside = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
                int value = inside ? x[((((nint)iy * s.InputWidth) + ix) * s.InputChannels) + c] : padding;
                sum += value * weights[(t * s.InputChannels) + c];
            }

            y[c] = sum;
        }
    }

    /// <summary>One output pixel, eight channels at a time; tells how many channels that were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PixelVector(
        in ConvolutionShape s, sbyte* x, short* weights, int* bias, sbyte padding, int* y, int top, int left)
    {
        int c = 0;
        for (; c <= s.InputChannels - 8; c += 8)
        {
            Vector256<int> sum = bias == null ? default : Vector256.Load(bias + c);
            short* weight = weights + c;
            for (int ky = 0; ky < s.KernelHeight; ky++)
            {
                int iy = top + (ky * s.DilationHeight), ix = left;
                for (int kx = 0; kx < s.KernelWidth; kx++, ix += s.DilationWidth, weight += s.InputChannels)
                {
                    bool inside = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
                    Vector256<int> value = inside
                        ? Wide(Vector128.WidenLower(Load8(x + ((((nint)iy * s.InputWidth) + ix) * s.InputChannels) + c)))
                        : Vector256.Create((int)padding);
                    sum += value * Wide(Vector128.Load(weight));
                }
            }

            sum.Store(y + c);
        }

        return c;
    }

    private static Vector128<sbyte> Load8(sbyte* source) => Vector128.CreateScalarUnsafe(*(long*)source).AsSByte();

    private static Vector256<int> Wide(Vector128<short> values) =>
        Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));
}
