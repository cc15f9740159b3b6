using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static partial class DepthwiseConvolution2D
{
    /// <summary>
    /// Eight neighbouring output columns of a kernel three columns wide, at stride 1, which see ten columns of x: a value of x is
    /// loaded once for all outputs that see it, a weight once a row. Each output still meets its kernel columns from left to right.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void EightPixelsThreeWide<S, V>(in Depthwise job, in Line line, int ox)
        where S : struct, ISimd<V>
        where V : struct
    {
        ConvolutionShape s = job.Shape;
        nint channels = s.InputChannels, rowStep = s.DilationHeight * s.InputWidth * channels;
        int kernelRows = line.KernelRows;
        float* x = line.X + ((ox - s.PadLeft) * channels);
        float* firstY = line.Y + (ox * channels);
        V lo = S.Broadcast(job.Lo), hi = S.Broadcast(job.Hi);
        for (nint c = 0; c < channels; c += S.Width)
        {
            c = Math.Min(c, channels - S.Width);
            V s0 = job.Bias == null ? default : S.Load(job.Bias + c);
            V s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            float* weights = line.Weights + c;
            float* row = x + c;
            for (int ky = 0; ky < kernelRows; ky++)
            {
                V w0 = S.Load(weights), w1 = S.Load(weights + channels), w2 = S.Load(weights + (2 * channels));
                float* p = row;
                s0 = S.Fma(S.Load(p), w0, s0);
                p += channels;
                V value = S.Load(p);
                s0 = S.Fma(value, w1, s0);
                s1 = S.Fma(value, w0, s1);
                p += channels;
                value = S.Load(p);
                s0 = S.Fma(value, w2, s0);
                s1 = S.Fma(value, w1, s1);
                s2 = S.Fma(value, w0, s2);
                p += channels;
                value = S.Load(p);
                s1 = S.Fma(value, w2, s1);
                s2 = S.Fma(value, w1, s2);
                s3 = S.Fma(value, w0, s3);
                p += channels;
                value = S.Load(p);
                s2 = S.Fma(value, w2, s2);
                s3 = S.Fma(value, w1, s3);
                s4 = S.Fma(value, w0, s4);
                p += channels;
                value = S.Load(p);
                s3 = S.Fma(value, w2, s3);
                s4 = S.Fma(value, w1, s4);
                s5 = S.Fma(value, w0, s5);
                p += channels;
                value = S.Load(p);
                s4 = S.Fma(value, w2, s4);
                s5 = S.Fma(value, w1, s5);
                s6 = S.Fma(value, w0, s6);
                p += channels;
                value = S.Load(p);
                s5 = S.Fma(value, w2, s5);
                s6 = S.Fma(value, w1, s6);
                s7 = S.Fma(value, w0, s7);
                p += channels;
                value = S.Load(p);
                s6 = S.Fma(value, w2, s6);
                s7 = S.Fma(value, w1, s7);
                s7 = S.Fma(S.Load(p + channels), w2, s7);
                weights += 3 * channels;
                row += rowStep;
            }

            StoreFour<S, V>(firstY + c, channels, lo, hi, s0, s1, s2, s3);
            StoreFour<S, V>(firstY + c + (4 * channels), channels, lo, hi, s4, s5, s6, s7);
        }
    }
}
