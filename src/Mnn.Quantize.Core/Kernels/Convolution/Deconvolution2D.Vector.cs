using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class Deconvolution2D
{
    /// <summary>Adds the products [W, kernel width, C' / group] of an input row to the output columns they belong to.</summary>
    private static unsafe void AddColumns(
        in ConvolutionShape s, ReadOnlySpan<float> products, int group, Span<float> y, SimdLevel level)
    {
        fixed (float* source = products, target = y)
        {
            float* sums = target + (group * (s.OutputChannels / s.Group));
            switch (SimdLevels.Resolve(level))
            {
                case SimdLevel.Vector512:
                    AddColumns<Simd512, Vector512<float>>(s, source, sums);
                    break;
                case SimdLevel.Vector256:
                    AddColumns<Simd256, Vector256<float>>(s, source, sums);
                    break;
                case SimdLevel.Vector128:
                    AddColumns<Simd128, Vector128<float>>(s, source, sums);
                    break;
                default:
                    AddColumns<SimdScalar, float>(s, source, sums);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddColumns<S, V>(in ConvolutionShape s, float* products, float* y)
        where S : struct, ISimd<V>
        where V : struct
    {
        int outputs = s.OutputChannels / s.Group, stride = s.StrideWidth;
        nint sourceStep = s.KernelWidth * outputs, sumStep = stride * s.OutputChannels;
        for (int kx = 0; kx < s.KernelWidth; kx++)
        {
            int left = (kx * s.DilationWidth) - s.PadLeft;
            int first = left < 0 ? (-left + stride - 1) / stride : 0;
            int end = left >= s.OutputWidth ? 0 : Math.Min(s.InputWidth, ((s.OutputWidth - 1 - left) / stride) + 1);
            float* source = products + (((first * s.KernelWidth) + kx) * outputs);
            float* sums = y + (((first * stride) + left) * s.OutputChannels);
            for (int ix = first; ix < end; ix++, source += sourceStep, sums += sumStep)
            {
                int o = 0;
                for (; o <= outputs - S.Width; o += S.Width)
                {
                    S.Store(sums + o, S.Add(S.Load(sums + o), S.Load(source + o)));
                }

                for (; o < outputs; o++)
                {
                    sums[o] += source[o];
                }
            }
        }
    }
}
