using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The transposed depthwise convolution, C' = C = group. A sum starts at 0 and runs over kernel row, kernel column;
/// then the bias is added.
/// </summary>
internal static unsafe class DepthwiseDeconvolution2D
{
    /// <summary>Computes some rows of y. Weights are packed by <see cref="DepthwiseConvolution2D.PackWeights"/>.</summary>
    /// <param name="shape">The sizes: x is the smaller side, y the larger.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">[kernel, C].</param>
    /// <param name="bias">[C], or empty for none.</param>
    /// <param name="y">[N, H', W', C], the whole of it.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static void RunRows(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, int firstRow, int lastRow, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, firstRow, lastRow);
        Check.That(shape.InputChannels == shape.OutputChannels, "A depthwise deconvolution keeps the channels.");
        Check.That(packed.Length >= shape.KernelSize * shape.InputChannels, "The packed weights are too short.");
        Check.That(bias.IsEmpty || bias.Length >= shape.OutputChannels, "The bias is too short.");
        SimdLevel family = SimdLevels.Resolve(level);
        int width = family switch
        {
            SimdLevel.Vector512 => 16,
            SimdLevel.Vector256 => 8,
            SimdLevel.Vector128 => 4,
            _ => 1,
        };
        fixed (float* px = x, pw = packed, pBias = bias, py = y)
        {
            float* b = bias.IsEmpty ? null : pBias;
            switch (shape.InputChannels >= width ? family : SimdLevel.Scalar)
            {
                case SimdLevel.Vector512:
                    Rows<Simd512, Vector512<float>>(shape, px, pw, b, py, firstRow, lastRow, lo, hi);
                    break;
                case SimdLevel.Vector256:
                    Rows<Simd256, Vector256<float>>(shape, px, pw, b, py, firstRow, lastRow, lo, hi);
                    break;
                case SimdLevel.Vector128:
                    Rows<Simd128, Vector128<float>>(shape, px, pw, b, py, firstRow, lastRow, lo, hi);
                    break;
                default:
                    Rows<SimdScalar, float>(shape, px, pw, b, py, firstRow, lastRow, lo, hi);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<S, V>(
        in ConvolutionShape s, float* x, float* weights, float* bias, float* y, int firstRow, int lastRow,
        float lo, float hi)
        where S : struct, ISimd<V>
        where V : struct
    {
        nint channels = s.InputChannels;
        V low = S.Broadcast(lo), high = S.Broadcast(hi);
        y += (nint)firstRow * s.OutputWidth * channels;
        for (int row = firstRow; row < lastRow; row++)
        {
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            for (int ox = 0; ox < s.OutputWidth; ox++, y += channels)
            {
                for (nint c = 0; c < channels; c += S.Width)
                {
                    c = Math.Min(c, channels - S.Width);
                    V sum = default;
                    for (int ky = 0; ky < s.KernelHeight; ky++)
                    {
                        int iy = Source(oy + s.PadTop - (ky * s.DilationHeight), s.StrideHeight, s.InputHeight);
                        for (int kx = 0; kx < s.KernelWidth && iy >= 0; kx++)
                        {
                            int ix = Source(ox + s.PadLeft - (kx * s.DilationWidth), s.StrideWidth, s.InputWidth);
                            if (ix >= 0)
                            {
                                float* pixel = x + (((((nint)n * s.InputHeight) + iy) * s.InputWidth + ix) * channels);
                                float* weight = weights + (((ky * s.KernelWidth) + kx) * channels);
                                sum = S.Fma(S.Load(pixel + c), S.Load(weight + c), sum);
                            }
                        }
                    }

                    sum = bias == null ? sum : S.Add(sum, S.Load(bias + c));
                    S.Store(y + c, S.Min(high, S.Max(low, sum)));
                }
            }
        }
    }

    /// <summary>The input position that reaches a place, or -1.</summary>
    private static int Source(int place, int stride, int size)
    {
        return place >= 0 && place % stride == 0 && place / stride < size ? place / stride : -1;
    }
}
