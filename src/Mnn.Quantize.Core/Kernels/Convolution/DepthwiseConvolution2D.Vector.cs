using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class DepthwiseConvolution2D
{
    /// <summary>Output pixels of one pass: enough independent sums to hide the latency of the addition.</summary>
    private const int Pixels = 8;

    /// <summary>
    /// Row by row, pixels by eights, channels by vectors: the pixels that eight kernels meet stay in the first-level
    /// cache while the channels run past. What is left of pixels and channels goes to eight or four pixels and a vector that
    /// overlap those before and compute the same values again; where there is no whole vector, to narrower ones.
    /// </summary>
    private static void RunVector<S, V>(in Depthwise job, int firstRow, int lastRow)
        where S : struct, ISimd<V>
        where V : struct
    {
        int channels = job.Shape.InputChannels;
        if (channels >= S.Width)
        {
            Rows<S, V>(job, firstRow, lastRow);
        }
        else if (channels >= 8 && S.Width > 8)
        {
            Rows<Simd256, Vector256<float>>(job, firstRow, lastRow);
        }
        else if (channels >= 4 && S.Width > 4)
        {
            Rows<Simd128, Vector128<float>>(job, firstRow, lastRow);
        }
        else
        {
            Rows<SimdScalar, float>(job, firstRow, lastRow);
        }
    }

    private static unsafe void Rows<S, V>(in Depthwise job, int firstRow, int lastRow)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        (int interiorFirst, int interiorLast) = s.InteriorColumns();
        nint channels = s.InputChannels;
        for (int row = firstRow; row < lastRow; row++)
        {
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            int top = (oy * s.StrideHeight) - s.PadTop;
            (int ky, int kyEnd) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
            Line line = new(
                job.X + ((((nint)n * s.InputHeight) + top + (ky * s.DilationHeight)) * s.InputWidth * channels),
                job.Weights + (ky * s.KernelWidth * channels),
                job.Y + ((nint)row * s.OutputWidth * channels),
                kyEnd - ky);
            Columns<S, V>(job, line, 0, interiorFirst);
            Interior<S, V>(job, line, interiorFirst, interiorLast);
            Columns<S, V>(job, line, interiorLast, s.OutputWidth);
        }
    }

    /// <summary>Output columns whose kernels lie within x, by eights and fours, of which the last overlap those before.</summary>
    private static void Interior<S, V>(in Depthwise job, in Line line, int first, int last)
        where S : struct, ISimd<V>
        where V : struct
    {
        bool threeWide = job.Shape is { KernelWidth: 3, StrideWidth: 1, DilationWidth: 1 };
        for (int ox = first; ox < last;)
        {
            int left = last - ox;
            if (left > Pixels / 2 && last - first >= Pixels)
            {
                ox = Math.Min(ox, last - Pixels);
                if (threeWide)
                {
                    EightPixelsThreeWide<S, V>(job, line, ox);
                }
                else
                {
                    EightPixels<S, V>(job, line, ox);
                }

                ox += Pixels;
            }
            else if (left > Pixels / 4 && last - first >= Pixels / 2)
            {
                ox = Math.Min(ox, last - (Pixels / 2));
                FourPixels<S, V>(job, line, ox);
                ox += Pixels / 2;
            }
            else
            {
                Columns<S, V>(job, line, ox, last);
                ox = last;
            }
        }
    }

    /// <summary>Some output columns of a row, one after another, with the kernel cut to what meets x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Columns<S, V>(in Depthwise job, in Line line, int first, int last)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        nint channels = s.InputChannels, tapStep = s.DilationWidth * channels;
        nint rowStep = s.DilationHeight * s.InputWidth * channels, weightStep = s.KernelWidth * channels;
        V lo = S.Broadcast(job.Lo), hi = S.Broadcast(job.Hi);
        for (int ox = first; ox < last; ox++)
        {
            int left = (ox * s.StrideWidth) - s.PadLeft;
            (int kx, int kxEnd) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
            float* x = line.X + ((left + (kx * s.DilationWidth)) * channels);
            float* weights = line.Weights + (kx * channels);
            float* y = line.Y + (ox * channels);
            nint c = 0;
            for (; c <= channels - (4 * S.Width); c += 4 * S.Width)
            {
                V s0 = default, s1 = default, s2 = default, s3 = default;
                if (job.Bias != null)
                {
                    s0 = S.Load(job.Bias + c);
                    s1 = S.Load(job.Bias + c + S.Width);
                    s2 = S.Load(job.Bias + c + (2 * S.Width));
                    s3 = S.Load(job.Bias + c + (3 * S.Width));
                }

                float* source = x + c, weight = weights + c;
                for (int ky = 0; ky < line.KernelRows; ky++)
                {
                    float* tap = source, w = weight;
                    for (int i = kx; i < kxEnd; i++, tap += tapStep, w += channels)
                    {
                        s0 = S.Fma(S.Load(tap), S.Load(w), s0);
                        s1 = S.Fma(S.Load(tap + S.Width), S.Load(w + S.Width), s1);
                        s2 = S.Fma(S.Load(tap + (2 * S.Width)), S.Load(w + (2 * S.Width)), s2);
                        s3 = S.Fma(S.Load(tap + (3 * S.Width)), S.Load(w + (3 * S.Width)), s3);
                    }

                    source += rowStep;
                    weight += weightStep;
                }

                StoreFour<S, V>(y + c, S.Width, lo, hi, s0, s1, s2, s3);
            }

            for (; c < channels; c += S.Width)
            {
                c = Math.Min(c, channels - S.Width);
                V sum = job.Bias == null ? default : S.Load(job.Bias + c);
                float* source = x + c, weight = weights + c;
                for (int ky = 0; ky < line.KernelRows; ky++)
                {
                    float* tap = source, w = weight;
                    for (int i = kx; i < kxEnd; i++, tap += tapStep, w += channels)
                    {
                        sum = S.Fma(S.Load(tap), S.Load(w), sum);
                    }

                    source += rowStep;
                    weight += weightStep;
                }

                S.Store(y + c, S.Min(hi, S.Max(lo, sum)));
            }
        }
    }

    /// <summary>Eight neighbouring output columns whose kernels lie within x: each weight is loaded once for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void EightPixels<S, V>(in Depthwise job, in Line line, int ox)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        nint channels = s.InputChannels, tapStep = s.DilationWidth * channels, step = s.StrideWidth * channels;
        nint rowStep = (s.DilationHeight * s.InputWidth * channels) - (s.KernelWidth * tapStep);
        int kernelWidth = s.KernelWidth, kernelRows = line.KernelRows;
        float* x = line.X + (((ox * s.StrideWidth) - s.PadLeft) * channels);
        float* firstY = line.Y + (ox * channels);
        V lo = S.Broadcast(job.Lo), hi = S.Broadcast(job.Hi);
        for (nint c = 0; c < channels; c += S.Width)
        {
            c = Math.Min(c, channels - S.Width);
            V s0 = job.Bias == null ? default : S.Load(job.Bias + c);
            V s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            float* weights = line.Weights + c;
            float* p0 = x + c;
            float* p3 = p0 + (3 * step);
            float* p6 = p3 + (3 * step);
            for (int ky = 0; ky < kernelRows; ky++)
            {
                for (int kx = 0; kx < kernelWidth; kx++)
                {
                    V w = S.Load(weights);
                    s0 = S.Fma(S.Load(p0), w, s0);
                    s1 = S.Fma(S.Load(p0 + step), w, s1);
                    s2 = S.Fma(S.Load(p0 + (2 * step)), w, s2);
                    s3 = S.Fma(S.Load(p3), w, s3);
                    s4 = S.Fma(S.Load(p3 + step), w, s4);
                    s5 = S.Fma(S.Load(p3 + (2 * step)), w, s5);
                    s6 = S.Fma(S.Load(p6), w, s6);
                    s7 = S.Fma(S.Load(p6 + step), w, s7);
                    weights += channels;
                    p0 += tapStep;
                    p3 += tapStep;
                    p6 += tapStep;
                }

                p0 += rowStep;
                p3 += rowStep;
                p6 += rowStep;
            }

            StoreFour<S, V>(firstY + c, channels, lo, hi, s0, s1, s2, s3);
            StoreFour<S, V>(firstY + c + (4 * channels), channels, lo, hi, s4, s5, s6, s7);
        }
    }

    /// <summary>Four of them, which is what a narrow picture has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void FourPixels<S, V>(in Depthwise job, in Line line, int ox)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        nint channels = s.InputChannels, tapStep = s.DilationWidth * channels, step = s.StrideWidth * channels;
        nint rowStep = (s.DilationHeight * s.InputWidth * channels) - (s.KernelWidth * tapStep);
        int kernelWidth = s.KernelWidth, kernelRows = line.KernelRows;
        float* x = line.X + (((ox * s.StrideWidth) - s.PadLeft) * channels);
        float* firstY = line.Y + (ox * channels);
        V lo = S.Broadcast(job.Lo), hi = S.Broadcast(job.Hi);
        for (nint c = 0; c < channels; c += S.Width)
        {
            c = Math.Min(c, channels - S.Width);
            V s0 = job.Bias == null ? default : S.Load(job.Bias + c);
            V s1 = s0, s2 = s0, s3 = s0;
            float* weights = line.Weights + c;
            float* p = x + c;
            for (int ky = 0; ky < kernelRows; ky++)
            {
                for (int kx = 0; kx < kernelWidth; kx++)
                {
                    V w = S.Load(weights);
                    s0 = S.Fma(S.Load(p), w, s0);
                    s1 = S.Fma(S.Load(p + step), w, s1);
                    s2 = S.Fma(S.Load(p + (2 * step)), w, s2);
                    s3 = S.Fma(S.Load(p + (3 * step)), w, s3);
                    weights += channels;
                    p += tapStep;
                }

                p += rowStep;
            }

            StoreFour<S, V>(firstY + c, channels, lo, hi, s0, s1, s2, s3);
        }
    }

    /// <summary>Writes four sums, clamped, <paramref name="step"/> floats from one to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void StoreFour<S, V>(float* y, nint step, V lo, V hi, V s0, V s1, V s2, V s3)
        where S : struct, ISimd<V>
        where V : struct
    {
        S.Store(y, S.Min(hi, S.Max(lo, s0)));
        S.Store(y + step, S.Min(hi, S.Max(lo, s1)));
        S.Store(y + (2 * step), S.Min(hi, S.Max(lo, s2)));
        S.Store(y + (3 * step), S.Min(hi, S.Max(lo, s3)));
    }

    /// <summary>One output row: the first input row and kernel row that meet, and how many do.</summary>
    private readonly unsafe struct Line(float* x, float* weights, float* y, int kernelRows)
    {
        public float* X { get; } = x;

        public float* Weights { get; } = weights;

        public float* Y { get; } = y;

        public int KernelRows { get; } = kernelRows;
    }
}
