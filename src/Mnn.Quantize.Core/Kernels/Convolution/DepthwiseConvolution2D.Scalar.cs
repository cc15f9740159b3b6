namespace Mnn.Quantize.Kernels;

internal static partial class DepthwiseConvolution2D
{
    /// <summary>The definition.</summary>
    private static unsafe void RunScalar(in Depthwise job, int firstRow, int lastRow)
    {
        ConvolutionShape s = job.Shape;
        int channels = s.InputChannels;
        for (int row = firstRow; row < lastRow; row++)
        {
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            for (int ox = 0; ox < s.OutputWidth; ox++)
            {
                for (int c = 0; c < channels; c++)
                {
                    float sum = job.Bias == null ? 0 : job.Bias[c];
                    for (int ky = 0; ky < s.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < s.KernelWidth; kx++)
                        {
                            int iy = (oy * s.StrideHeight) - s.PadTop + (ky * s.DilationHeight);
                            int ix = (ox * s.StrideWidth) - s.PadLeft + (kx * s.DilationWidth);
                            if (iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth)
                            {
                                nint pixel = (((nint)n * s.InputHeight) + iy) * s.InputWidth + ix;
                                float weight = job.Weights[(((ky * s.KernelWidth) + kx) * channels) + c];
                                sum = MathF.FusedMultiplyAdd(job.X[(pixel * channels) + c], weight, sum);
                            }
                        }
                    }

                    nint target = ((((nint)row * s.OutputWidth) + ox) * channels) + c;
                    job.Y[target] = SimdScalar.Min(job.Hi, SimdScalar.Max(job.Lo, sum));
                }
            }
        }
    }
}
