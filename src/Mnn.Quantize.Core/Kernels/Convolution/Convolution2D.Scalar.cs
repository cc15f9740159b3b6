namespace Mnn.Quantize.Kernels;

internal static partial class Convolution2D
{
    /// <summary>The definition, over weights packed as [group, kernel, C / group, C' / group].</summary>
    private static void RunScalar(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, int firstRow, int lastRow, float lo, float hi)
    {
        int channels = s.InputChannels / s.Group, outputs = s.OutputChannels / s.Group;
        for (int row = firstRow; row < lastRow; row++)
        {
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            for (int ox = 0; ox < s.OutputWidth; ox++)
            {
                for (int o = 0; o < s.OutputChannels; o++)
                {
                    (int g, int j) = Math.DivRem(o, outputs);
                    float sum = bias.IsEmpty ? 0 : bias[o];
                    for (int ky = 0; ky < s.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < s.KernelWidth; kx++)
                        {
                            int iy = (oy * s.StrideHeight) - s.PadTop + (ky * s.DilationHeight);
                            int ix = (ox * s.StrideWidth) - s.PadLeft + (kx * s.DilationWidth);
                            bool inside = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
                            int pixel = inside ? ((((n * s.InputHeight) + iy) * s.InputWidth) + ix) * s.InputChannels : 0;
                            int weight = ((g * s.KernelSize) + (ky * s.KernelWidth) + kx) * channels * outputs;
                            for (int c = 0; c < channels; c++)
                            {
                                float value = inside ? x[pixel + (g * channels) + c] : 0;
                                sum = MathF.FusedMultiplyAdd(value, packed[weight + (c * outputs) + j], sum);
                            }
                        }
                    }

                    int target = (((row * s.OutputWidth) + ox) * s.OutputChannels) + o;
                    y[target] = SimdScalar.Min(hi, SimdScalar.Max(lo, sum));
                }
            }
        }
    }
}
