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
        if (job.Kind == PoolingKind.Max)
        {
            RunVector<Largest, S, V>(job, firstRow, lastRow);
        }
        else
        {
            RunVector<Mean, S, V>(job, firstRow, lastRow);
        }
    }

    private static void RunVector<J, S, V>(in Windows job, int firstRow, int lastRow)
        where J : struct, IJoin
        where S : struct, ISimd<V>
        where V : struct
    {
        int channels = job.Shape.InputChannels;
        if (channels >= S.Width)
        {
            Rows<J, S, V>(job, firstRow, lastRow);
        }
        else if (channels >= 4 && S.Width > 4)
        {
            Rows<J, Simd128, Vector128<float>>(job, firstRow, lastRow);
        }
        else
        {
            Rows<J, SimdScalar, float>(job, firstRow, lastRow);
        }
    }

    /// <summary>Row by row; windows within the width of x, which are all alike, in one go.</summary>
    private static unsafe void Rows<J, S, V>(in Windows job, int firstRow, int lastRow)
        where J : struct, IJoin
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
            (int y0, int y1) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
            float* x = job.X + ((((nint)n * s.InputHeight) + top + (y0 * s.DilationHeight)) * s.InputWidth * channels);
            float* y = job.Y + ((nint)row * s.OutputWidth * channels);
            for (int ox = 0, count; ox < s.OutputWidth; ox += count, y += count * channels)
            {
                count = ox == interiorFirst ? Math.Max(1, interiorLast - interiorFirst) : 1;
                int left = (ox * s.StrideWidth) - s.PadLeft;
                (int x0, int x1) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
                Line line = new(
                    s, x + ((left + (x0 * s.DilationWidth)) * channels), y, y1 - y0, x1 - x0, count,
                    job.Divisor(top, left, (y1 - y0) * (x1 - x0)));
                Neighbours<J, S, V>(line);
            }
        }
    }

    /// <summary>Neighbouring windows, one after another, four vectors of channels at a time, so that values needn't wait for one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Neighbours<J, S, V>(in Line line)
        where J : struct, IJoin
        where S : struct, ISimd<V>
        where V : struct
    {
        nint channels = line.Channels, rowStep = line.RowStep, pixelStep = line.PixelStep;
        int rows = line.Rows, columns = line.Columns;
        V start = S.Broadcast(J.Start(rows * columns == 0));
        Division<V> division = Division<V>.Of<S>(line.Divisor);
        float* y = line.Y, window = line.X;
        for (int i = 0; i < line.Count; i++, window += line.WindowStep, y += channels)
        {
            nint c = 0;
            for (; c <= channels - (4 * S.Width); c += 4 * S.Width)
            {
                V v0 = start, v1 = start, v2 = start, v3 = start;
                float* row = window + c;
                for (int ky = 0; ky < rows; ky++, row += rowStep)
                {
                    float* x = row;
                    for (int kx = 0; kx < columns; kx++, x += pixelStep)
                    {
                        v0 = J.Next<S, V>(v0, S.Load(x));
                        v1 = J.Next<S, V>(v1, S.Load(x + S.Width));
                        v2 = J.Next<S, V>(v2, S.Load(x + (2 * S.Width)));
                        v3 = J.Next<S, V>(v3, S.Load(x + (3 * S.Width)));
                    }
                }

                S.Store(y + c, J.End<S, V>(v0, division));
                S.Store(y + c + S.Width, J.End<S, V>(v1, division));
                S.Store(y + c + (2 * S.Width), J.End<S, V>(v2, division));
                S.Store(y + c + (3 * S.Width), J.End<S, V>(v3, division));
            }

            for (; c < channels; c += S.Width)
            {
                c = Math.Min(c, channels - S.Width);
                V value = start;
                float* row = window + c;
                for (int ky = 0; ky < rows; ky++, row += rowStep)
                {
                    float* x = row;
                    for (int kx = 0; kx < columns; kx++, x += pixelStep)
                    {
                        value = J.Next<S, V>(value, S.Load(x));
                    }
                }

                S.Store(y + c, J.End<S, V>(value, division));
            }
        }
    }

    /// <summary>Neighbouring windows: the first value of the first, and what of each lies within x.</summary>
    private readonly unsafe struct Line(in ConvolutionShape s, float* x, float* y, int rows, int columns, int count, float divisor)
    {
        public float* X { get; } = x;

        public float* Y { get; } = y;

        public int Rows { get; } = rows;

        public int Columns { get; } = columns;

        public int Count { get; } = count;

        public float Divisor { get; } = divisor;

        public nint Channels { get; } = s.InputChannels;

        /// <summary>Floats from a window to its neighbour.</summary>
        public nint WindowStep { get; } = (nint)s.StrideWidth * s.InputChannels;

        /// <summary>Floats from a position in a row of a window to the next.</summary>
        public nint PixelStep { get; } = (nint)s.DilationWidth * s.InputChannels;

        /// <summary>Floats from a row of a window to the next.</summary>
        public nint RowStep { get; } = (nint)s.DilationHeight * s.InputWidth * s.InputChannels;
    }
}
