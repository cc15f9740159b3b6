using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Means over windows, added up as the runtime's pooling of volumes does: each row of a window from left to right, then
/// these sums from top to bottom; positions outside x don't count. (<see cref="Pooling2D"/> adds up all positions one after
/// another.)
/// </summary>
internal static unsafe class RowMeans
{
    /// <summary>Computes the whole of y; 0 for a window that lies outside x.</summary>
    /// <param name="shape">The sizes; C' = C.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H', W', C].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(in ConvolutionShape shape, ReadOnlySpan<float> x, Span<float> y, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, 0, shape.OutputRows);
        fixed (float* px = x, py = y)
        {
            SimdJobs.Run(new Job(shape, px, py), shape.InputChannels, level);
        }
    }

    private readonly struct Job(in ConvolutionShape shape, float* x, float* y) : ISimdJob
    {
        private readonly ConvolutionShape _shape = shape;

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            ConvolutionShape s = _shape;
            float* target = y;
            for (int row = 0; row < s.OutputRows; row++)
            {
                (int n, int oy) = Math.DivRem(row, s.OutputHeight);
                int top = (oy * s.StrideHeight) - s.PadTop;
                (int ky, int kyEnd) = ConvolutionShape.Taps(top, s.KernelHeight, 1, s.InputHeight);
                for (int ox = 0; ox < s.OutputWidth; ox++, target += s.InputChannels)
                {
                    int left = (ox * s.StrideWidth) - s.PadLeft;
                    (int kx, int kxEnd) = ConvolutionShape.Taps(left, s.KernelWidth, 1, s.InputWidth);
                    nint origin = ((((nint)n * s.InputHeight) + top + ky) * s.InputWidth) + left + kx;
                    Mean<S, V>(x + (origin * s.InputChannels), kyEnd - ky, kxEnd - kx, target);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Mean<S, V>(float* window, int rows, int columns, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint channels = _shape.InputChannels, rowStep = _shape.InputWidth * channels;
            V share = S.Broadcast(rows * columns > 0 ? 1f / (rows * columns) : 0);
            for (nint c = 0; c < channels; c += S.Width)
            {
                c = Math.Min(c, channels - S.Width);
                V sum = default;
                for (int row = 0; row < rows; row++)
                {
                    V line = default;
                    float* source = window + (row * rowStep) + c;
                    for (int column = 0; column < columns; column++, source += channels)
                    {
                        line = S.Add(line, S.Load(source));
                    }

                    sum = S.Add(sum, line);
                }

                S.Store(target + c, S.Mul(sum, share));
            }
        }
    }
}
