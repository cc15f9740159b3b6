using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Pooling of windows of x [N, H, W, C] to y [N, H', W', C]. Sums run over window row, window column, starting at 0;
/// a window of the whole picture makes it global.
/// </summary>
internal static partial class Pooling2D
{
    /// <summary>Computes the whole of y.</summary>
    /// <param name="kind">What is made of a window.</param>
    /// <param name="shape">The sizes; C' = C, the group doesn't matter.</param>
    /// <param name="padBottom">Rows of padding below x, which only <see cref="PoolingKind.AverageWithPadding"/> counts.</param>
    /// <param name="padRight">Columns of padding to the right of x, likewise.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H', W', C].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(
        PoolingKind kind, in ConvolutionShape shape, int padBottom, int padRight, ReadOnlySpan<float> x, Span<float> y,
        SimdLevel level = SimdLevel.Active)
    {
        RunRows(kind, shape, padBottom, padRight, x, y, 0, shape.OutputRows, level);
    }

    /// <summary>Computes some rows of y.</summary>
    /// <param name="kind">What is made of a window.</param>
    /// <param name="shape">The sizes; C' = C, the group doesn't matter.</param>
    /// <param name="padBottom">Rows of padding below x, which only <see cref="PoolingKind.AverageWithPadding"/> counts.</param>
    /// <param name="padRight">Columns of padding to the right of x, likewise.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H', W', C], the whole of it.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static unsafe void RunRows(
        PoolingKind kind, in ConvolutionShape shape, int padBottom, int padRight, ReadOnlySpan<float> x, Span<float> y,
        int firstRow, int lastRow, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, firstRow, lastRow);
        Check.That(shape.InputChannels == shape.OutputChannels, "Pooling keeps the channels.");
        fixed (float* px = x, py = y)
        {
            Windows job = new(kind, shape, padBottom, padRight, px, py);
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

    /// <summary>The arguments of one pooling, checked.</summary>
    private readonly unsafe struct Windows(
        PoolingKind kind, in ConvolutionShape shape, int padBottom, int padRight, float* x, float* y)
    {
        public PoolingKind Kind { get; } = kind;

        public ConvolutionShape Shape { get; } = shape;

        public float* X { get; } = x;

        public float* Y { get; } = y;

        private int PadBottom { get; } = padBottom;

        private int PadRight { get; } = padRight;

        /// <summary>What the sum of a window is divided by.</summary>
        /// <param name="top">Input row of the window's first.</param>
        /// <param name="left">Input column of the window's first.</param>
        /// <param name="inside">Positions of the window within x.</param>
        public float Divisor(int top, int left, int inside)
        {
            ConvolutionShape s = Shape;
            if (Kind == PoolingKind.AverageWithPadding)
            {
                (int y0, int y1) = ConvolutionShape.Taps(
                    top + s.PadTop, s.KernelHeight, s.DilationHeight, s.PadTop + s.InputHeight + PadBottom);
                (int x0, int x1) = ConvolutionShape.Taps(
                    left + s.PadLeft, s.KernelWidth, s.DilationWidth, s.PadLeft + s.InputWidth + PadRight);
                inside = (y1 - y0) * (x1 - x0);
            }

            return Math.Max(1, Kind == PoolingKind.AverageOfKernel ? s.KernelSize : inside);
        }
    }
}
