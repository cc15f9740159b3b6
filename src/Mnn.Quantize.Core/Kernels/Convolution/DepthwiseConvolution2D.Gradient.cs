using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Derivatives of the depthwise convolution.</summary>
internal static partial class DepthwiseConvolution2D
{
    /// <summary>The gradient of x: each output pixel adds its gradient times the weights to the pixels it saw.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="dy">[N, H', W', C].</param>
    /// <param name="packed">[kernel, C], as <see cref="PackWeights"/> leaves them.</param>
    /// <param name="dx">[N, H, W, C], overwritten.</param>
    /// <param name="level">The kernel family.</param>
    public static unsafe void InputGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> packed, Span<float> dx,
        SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(dx.Length, dy.Length, 0, shape.OutputRows);
        Check.That(packed.Length >= PackedSize(shape), "The packed weights are too short.");
        dx[..(int)shape.InputLength].Clear();
        fixed (float* pdy = dy, pw = packed, pdx = dx)
        {
            SimdJobs.Run(new InputGradientJob(shape, pdy, pw, pdx), shape.InputChannels, level);
        }
    }

    /// <summary>Adds the gradient of the weights, summed over the output pixels in their order.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H', W', C].</param>
    /// <param name="dw">[kernel, C], added to.</param>
    /// <param name="level">The kernel family.</param>
    public static unsafe void AddWeightGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw,
        SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, dy.Length, 0, shape.OutputRows);
        Check.That(dw.Length >= PackedSize(shape), "The gradient is too short.");
        fixed (float* px = x, pdy = dy, pdw = dw)
        {
            SimdJobs.Run(new WeightGradientJob(shape, px, pdy, pdw), shape.InputChannels, level);
        }
    }

    private readonly unsafe struct InputGradientJob(in ConvolutionShape shape, float* dy, float* weights, float* dx) : ISimdJob
    {
        private readonly ConvolutionShape _shape = shape;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            ConvolutionShape s = _shape;
            nint channels = s.InputChannels;
            float* g = dy;
            for (int row = 0; row < s.OutputRows; row++)
            {
                (int n, int oy) = Math.DivRem(row, s.OutputHeight);
                int top = (oy * s.StrideHeight) - s.PadTop;
                (int firstY, int lastY) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
                for (int ox = 0; ox < s.OutputWidth; ox++, g += channels)
                {
                    int left = (ox * s.StrideWidth) - s.PadLeft;
                    (int firstX, int lastX) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
                    for (int ky = firstY; ky < lastY; ky++)
                    {
                        nint line = (((nint)n * s.InputHeight) + top + (ky * s.DilationHeight)) * s.InputWidth;
                        for (int kx = firstX; kx < lastX; kx++)
                        {
                            float* target = dx + ((line + left + (kx * s.DilationWidth)) * channels);
                            AddProduct<S, V>(g, weights + (((ky * s.KernelWidth) + kx) * channels), target, channels);
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddProduct<S, V>(float* a, float* b, float* c, nint count)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint i = 0;
            for (; i <= count - S.Width; i += S.Width)
            {
                S.Store(c + i, S.Fma(S.Load(a + i), S.Load(b + i), S.Load(c + i)));
            }

            for (; i < count; i++)
            {
                c[i] = MathF.FusedMultiplyAdd(a[i], b[i], c[i]);
            }
        }
    }

    private readonly unsafe struct WeightGradientJob(in ConvolutionShape shape, float* x, float* dy, float* dw) : ISimdJob
    {
        private readonly ConvolutionShape _shape = shape;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            ConvolutionShape s = _shape;
            int channels = s.InputChannels;
            for (int row = 0; row < s.OutputRows; row++)
            {
                (int n, int oy) = Math.DivRem(row, s.OutputHeight);
                int top = (oy * s.StrideHeight) - s.PadTop;
                (int firstY, int lastY) = ConvolutionShape.Taps(top, s.KernelHeight, s.DilationHeight, s.InputHeight);
                float* g = dy + ((nint)row * s.OutputWidth * channels);
                for (int ky = firstY; ky < lastY; ky++)
                {
                    float* line = x + ((((nint)n * s.InputHeight) + top + (ky * s.DilationHeight)) * s.InputWidth * channels);
                    for (int kx = 0; kx < s.KernelWidth; kx++)
                    {
                        (int first, int last) = Inside(s, kx);
                        float* source = line + ((nint)((first * s.StrideWidth) - s.PadLeft + (kx * s.DilationWidth)) * channels);
                        AddTap<S, V>(
                            source, s.StrideWidth * channels, g + ((nint)first * channels), last - first, channels,
                            dw + (((ky * s.KernelWidth) + kx) * channels));
                    }
                }
            }
        }

        // The output columns whose tap kx lies inside the input.
        private static (int First, int Last) Inside(in ConvolutionShape s, int kx)
        {
            int offset = (kx * s.DilationWidth) - s.PadLeft;
            int first = offset >= 0 ? 0 : (-offset + s.StrideWidth - 1) / s.StrideWidth;
            int end = s.InputWidth - offset <= 0 ? 0 : ((s.InputWidth - 1 - offset) / s.StrideWidth) + 1;
            int last = Math.Min(s.OutputWidth, end);
            return (first, Math.Max(first, last));
        }

        // Two vectors side by side, since each sum waits for its own last addition.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddTap<S, V>(float* x, nint step, float* g, int count, int channels, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            int c = 0;
            for (; c <= channels - (2 * S.Width); c += 2 * S.Width)
            {
                V sum0 = S.Load(target + c), sum1 = S.Load(target + c + S.Width);
                float* px = x + c, pg = g + c;
                for (int i = 0; i < count; i++, px += step, pg += channels)
                {
                    sum0 = S.Fma(S.Load(px), S.Load(pg), sum0);
                    sum1 = S.Fma(S.Load(px + S.Width), S.Load(pg + S.Width), sum1);
                }

                S.Store(target + c, sum0);
                S.Store(target + c + S.Width, sum1);
            }

            for (; c <= channels - S.Width; c += S.Width)
            {
                V sum = S.Load(target + c);
                float* px = x + c, pg = g + c;
                for (int i = 0; i < count; i++, px += step, pg += channels)
                {
                    sum = S.Fma(S.Load(px), S.Load(pg), sum);
                }

                S.Store(target + c, sum);
            }

            for (; c < channels; c++)
            {
                float sum = target[c];
                for (int i = 0; i < count; i++)
                {
                    sum = MathF.FusedMultiplyAdd(x[c + (i * step)], g[c + (i * channels)], sum);
                }

                target[c] = sum;
            }
        }
    }
}
