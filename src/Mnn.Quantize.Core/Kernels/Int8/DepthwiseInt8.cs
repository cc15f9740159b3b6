using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The depthwise convolution of 8-bit integers in 32-bit integers, exact; positions outside x count as the padding
/// value, for which quantized zero may stand.
/// </summary>
internal static unsafe class DepthwiseInt8
{
    /// <summary>32-bit integers of a vector.</summary>
    private const int Lanes = 8;

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
                    if (!vectors || s.InputChannels < Lanes)
                    {
                        PixelScalar(s, picture, pw, b, padding, target, top, left);
                    }
                    else if (s.InputChannels >= 2 * Lanes && Inside(s, top, left))
                    {
                        PixelInside(s, picture + ((((nint)top * s.InputWidth) + left) * s.InputChannels), pw, b, target);
                    }
                    else
                    {
                        PixelVector(s, picture, pw, b, padding, target, top, left);
                    }
                }
            }
        }
    }

    private static bool Inside(in ConvolutionShape s, int top, int left) =>
        top >= 0 && left >= 0
        && top + ((s.KernelHeight - 1) * s.DilationHeight) < s.InputHeight
        && left + ((s.KernelWidth - 1) * s.DilationWidth) < s.InputWidth;

    /// <summary>One output pixel: the definition.</summary>
    private static void PixelScalar(
        in ConvolutionShape s, sbyte* x, short* weights, int* bias, sbyte padding, int* y, int top, int left)
    {
        for (int c = 0; c < s.InputChannels; c++)
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

    /// <summary>
    /// One output pixel whose kernel lies within x, 16 channels at a time; the last ones may be computed twice. A product of
    /// two bytes fits 16 bits.
    /// </summary>
    /// <param name="s">The sizes.</param>
    /// <param name="x">What the kernel's first position meets.</param>
    /// <param name="weights">[kernel, C].</param>
    /// <param name="bias">[C], or null.</param>
    /// <param name="y">[C].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PixelInside(in ConvolutionShape s, sbyte* x, short* weights, int* bias, int* y)
    {
        nint channels = s.InputChannels, tapStep = s.DilationWidth * channels;
        nint rowStep = (s.DilationHeight * s.InputWidth * channels) - (s.KernelWidth * tapStep);
        int height = s.KernelHeight, width = s.KernelWidth;
        for (nint c = 0; c < channels; c += 2 * Lanes)
        {
            c = Math.Min(c, channels - (2 * Lanes));
            Vector256<int> low = bias == null ? default : Vector256.Load(bias + c);
            Vector256<int> high = bias == null ? default : Vector256.Load(bias + c + Lanes);
            sbyte* source = x + c;
            short* weight = weights + c;
            for (int ky = 0; ky < height; ky++, source += rowStep)
            {
                for (int kx = 0; kx < width; kx++, source += tapStep, weight += channels)
                {
                    Vector256<short> product = Wide(Vector128.Load(source)) * Vector256.Load(weight);
                    low += Vector256.WidenLower(product);
                    high += Vector256.WidenUpper(product);
                }
            }

            low.Store(y + c);
            high.Store(y + c + Lanes);
        }
    }

    /// <summary>One output pixel, eight channels at a time; the last ones may be computed twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PixelVector(
        in ConvolutionShape s, sbyte* x, short* weights, int* bias, sbyte padding, int* y, int top, int left)
    {
        for (int c = 0; c < s.InputChannels; c += Lanes)
        {
            c = Math.Min(c, s.InputChannels - Lanes);
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
    }

    private static Vector128<sbyte> Load8(sbyte* source) => Vector128.CreateScalarUnsafe(*(long*)source).AsSByte();

    private static Vector256<int> Wide(Vector128<short> values) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(values)
        : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));

    private static Vector256<short> Wide(Vector128<sbyte> values) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int16(values)
        : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));
}
