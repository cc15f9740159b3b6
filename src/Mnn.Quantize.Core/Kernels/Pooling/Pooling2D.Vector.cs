using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class Pooling2D
{
    /// <summary>Channels by vectors; the last vector overlaps, or narrower ones do where there is no whole one.</summary>
    private static void RunVector<S, V>(in Windows job, int firstRow, int lastRow)
        where S : struct, ISimd<V>
        where V : struct
    {
        int channels = job.Shape.InputChannels;
        if (channels >= S.Width)
        {
            Rows<S, V>(job, firstRow, lastRow);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Rows<S, V>(in Windows job, int firstRow, int lastRow)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        nint channels = s.InputChannels, pixelStep = s.DilationWidth * channels;
        nint rowStep = s.DilationHeight * s.InputWidth * channels;
        float* y = job.Y + ((nint)firstRow * s.OutputWidth * channels);
        for (int row = firstRow; row < lastRow; row++)
        {
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            int top = (oy * s.StrideHeight) - s.PadTop;
            (int y0, int y1) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
            float* x = job.X + ((((nint)n * s.InputHeight) + top + (y0 * s.DilationHeight)) * s.InputWidth * channels);
            for (int ox = 0; ox < s.OutputWidth; ox++, y += channels)
            {
                int left = (ox * s.StrideWidth) - s.PadLeft;
                (int x0, int x1) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
                float* window = x + ((left + (x0 * s.DilationWidth)) * channels);
                int inside = (y1 - y0) * (x1 - x0);
                if (job.Kind == PoolingKind.Max)
                {
                    Largest<S, V>(window, rowStep, pixelStep, y1 - y0, x1 - x0, channels, y);
                }
                else
                {
                    float divisor = job.Divisor(top, left, inside);
                    Average<S, V>(window, rowStep, pixelStep, y1 - y0, x1 - x0, channels, divisor, y);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Largest<S, V>(
        float* window, nint rowStep, nint pixelStep, int rows, int columns, nint channels, float* y)
        where S : struct, ISimd<V>
        where V : struct
    {
        V start = S.Broadcast(rows * columns == 0 ? float.MinValue : float.NegativeInfinity);
        for (nint c = 0; c < channels; c += S.Width)
        {
            c = Math.Min(c, channels - S.Width);
            V value = start;
            float* row = window + c;
            for (int ky = 0; ky < rows; ky++, row += rowStep)
            {
                float* x = row;
                for (int kx = 0; kx < columns; kx++, x += pixelStep)
                {
                    value = S.Max(S.Load(x), value);
                }
            }

            S.Store(y + c, value);
        }
    }

    /// <summary>Four vectors of channels at a time, so that the sums needn't wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Average<S, V>(
        float* window, nint rowStep, nint pixelStep, int rows, int columns, nint channels, float divisor, float* y)
        where S : struct, ISimd<V>
        where V : struct
    {
        V by = S.Broadcast(divisor);
        nint c = 0;
        for (; c <= channels - (4 * S.Width); c += 4 * S.Width)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            float* row = window + c;
            for (int ky = 0; ky < rows; ky++, row += rowStep)
            {
                float* x = row;
                for (int kx = 0; kx < columns; kx++, x += pixelStep)
                {
                    s0 = S.Add(s0, S.Load(x));
                    s1 = S.Add(s1, S.Load(x + S.Width));
                    s2 = S.Add(s2, S.Load(x + (2 * S.Width)));
                    s3 = S.Add(s3, S.Load(x + (3 * S.Width)));
                }
            }

            S.Store(y + c, S.Div(s0, by));
            S.Store(y + c + S.Width, S.Div(s1, by));
            S.Store(y + c + (2 * S.Width), S.Div(s2, by));
            S.Store(y + c + (3 * S.Width), S.Div(s3, by));
        }

        for (; c < channels; c += S.Width)
        {
            c = Math.Min(c, channels - S.Width);
            V sum = default;
            float* row = window + c;
            for (int ky = 0; ky < rows; ky++, row += rowStep)
            {
                float* x = row;
                for (int kx = 0; kx < columns; kx++, x += pixelStep)
                {
                    sum = S.Add(sum, S.Load(x));
                }
            }

            S.Store(y + c, S.Div(sum, by));
        }
    }
}
