namespace Mnn.Quantize.Kernels;

internal static partial class Pooling2D
{
    /// <summary>The definition.</summary>
    private static unsafe void RunScalar(in Windows job, int firstRow, int lastRow)
    {
        ConvolutionShape s = job.Shape;
        bool max = job.Kind == PoolingKind.Max;
        for (int i = firstRow * s.OutputWidth * s.InputChannels; i < lastRow * s.OutputWidth * s.InputChannels; i++)
        {
            (int pixel, int c) = Math.DivRem(i, s.InputChannels);
            (int row, int ox) = Math.DivRem(pixel, s.OutputWidth);
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            int top = (oy * s.StrideHeight) - s.PadTop, left = (ox * s.StrideWidth) - s.PadLeft, inside = 0;
            float value = max ? float.NegativeInfinity : 0;
            for (int t = 0; t < s.KernelSize; t++)
            {
                int iy = top + (t / s.KernelWidth * s.DilationHeight), ix = left + (t % s.KernelWidth * s.DilationWidth);
                if (iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth)
                {
                    float next = job.X[(((((n * s.InputHeight) + iy) * s.InputWidth) + ix) * s.InputChannels) + c];
                    value = max ? SimdScalar.Max(next, value) : value + next;
                    inside++;
                }
            }

            float lowest = inside == 0 ? float.MinValue : value;
            job.Y[i] = max ? lowest : value / job.Divisor(top, left, inside);
        }
    }
}
