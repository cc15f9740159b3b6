using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Derivatives of poolings.</summary>
internal static partial class Pooling2D
{
    /// <summary>
    /// The gradient of x: of a maximum it goes to the first place that has it, of an average to all places alike.
    /// </summary>
    /// <param name="kind">What was made of a window.</param>
    /// <param name="shape">The sizes; C' = C.</param>
    /// <param name="padBottom">Rows of padding below x, which only <see cref="PoolingKind.AverageWithPadding"/> counts.</param>
    /// <param name="padRight">Columns of padding to the right of x, likewise.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H', W', C].</param>
    /// <param name="dx">[N, H, W, C], overwritten.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static unsafe void Gradient(
        PoolingKind kind, in ConvolutionShape shape, int padBottom, int padRight, ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy, Span<float> dx, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, dy.Length, 0, shape.OutputRows);
        Check.That(dx.Length >= shape.InputLength, "dx is too short.");
        dx[..(int)shape.InputLength].Clear();
        fixed (float* px = x, pdy = dy, pdx = dx)
        {
            SimdJobs.Run(
                new GradientJob(new Windows(kind, shape, padBottom, padRight, px, pdy), pdx), shape.InputChannels, level);
        }
    }

    private readonly unsafe struct GradientJob(in Windows job, float* dx) : ISimdJob
    {
        private readonly Windows _job = job;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            ConvolutionShape s = _job.Shape;
            float* g = _job.Y;
            for (int row = 0; row < s.OutputRows; row++)
            {
                (int n, int oy) = Math.DivRem(row, s.OutputHeight);
                int top = (oy * s.StrideHeight) - s.PadTop;
                (int y0, int y1) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
                for (int ox = 0; ox < s.OutputWidth; ox++, g += s.InputChannels)
                {
                    int left = (ox * s.StrideWidth) - s.PadLeft;
                    (int x0, int x1) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
                    nint origin = ((((nint)n * s.InputHeight) + top) * s.InputWidth) + left;
                    var window = new Window(origin, y0, y1, x0, x1, (nint)s.DilationHeight * s.InputWidth, s.DilationWidth, s.InputChannels);
                    if (_job.Kind == PoolingKind.Max)
                    {
                        Max<S, V>(window, g);
                    }
                    else
                    {
                        Average<S, V>(window, g, _job.Divisor(top, left, (y1 - y0) * (x1 - x0)));
                    }
                }
            }
        }

        private void Max<S, V>(in Window w, float* g)
            where S : struct, ISimd<V>
            where V : struct
        {
            for (int c = 0; c < w.Channels;)
            {
                // Lanes that were done before have no gradient any more.
                int at = Math.Min(c, w.Channels - S.Width);
                V best = S.Broadcast(float.NegativeInfinity);
                for (int ky = w.Y0; ky < w.Y1; ky++)
                {
                    for (int kx = w.X0; kx < w.X1; kx++)
                    {
                        best = S.Max(S.Load(_job.X + w.At(ky, kx) + at), best);
                    }
                }

                V left = S.Load(g + at);
                if (at < c)
                {
                    left = Behind<S, V>(left, c - at);
                }

                for (int ky = w.Y0; ky < w.Y1; ky++)
                {
                    for (int kx = w.X0; kx < w.X1; kx++)
                    {
                        nint place = w.At(ky, kx) + at;
                        V here = S.And(S.Equal(S.Load(_job.X + place), best), left);
                        S.Store(dx + place, S.Add(S.Load(dx + place), here));
                        left = S.Sub(left, here);
                    }
                }

                c = at + S.Width;
            }
        }

        private void Average<S, V>(in Window w, float* g, float divisor)
            where S : struct, ISimd<V>
            where V : struct
        {
            V by = S.Broadcast(divisor);
            for (int c = 0; c < w.Channels;)
            {
                int at = Math.Min(c, w.Channels - S.Width);
                V share = S.Div(S.Load(g + at), by);
                if (at < c)
                {
                    share = Behind<S, V>(share, c - at);
                }

                for (int ky = w.Y0; ky < w.Y1; ky++)
                {
                    for (int kx = w.X0; kx < w.X1; kx++)
                    {
                        nint place = w.At(ky, kx) + at;
                        S.Store(dx + place, S.Add(S.Load(dx + place), share));
                    }
                }

                c = at + S.Width;
            }
        }

        // The vector with its first lanes 0.
        private static V Behind<S, V>(V value, int lanes)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* memory = stackalloc float[S.Width];
            S.Store(memory, value);
            new Span<float>(memory, lanes).Clear();
            return S.Load(memory);
        }
    }

    /// <summary>The places of x that a window covers.</summary>
    private readonly record struct Window(
        nint Origin, int Y0, int Y1, int X0, int X1, nint RowStep, nint ColumnStep, int Channels)
    {
        public nint At(int ky, int kx) => (Origin + (ky * RowStep) + (kx * ColumnStep)) * Channels;
    }
}
