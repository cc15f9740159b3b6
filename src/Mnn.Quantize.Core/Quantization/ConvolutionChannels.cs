using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Tells the output channel of each weight of a convolution, of any kind.</summary>
internal static class ConvolutionChannels
{
    /// <summary>Multiplies each weight by its output channel's factor.</summary>
    /// <param name="type">The kind of convolution.</param>
    /// <param name="common">Kernel size, outputs and groups.</param>
    /// <param name="weights">
    /// [outputs, inputs / groups, kernel]; of a transposed convolution [inputs, outputs / groups, kernel].
    /// </param>
    /// <param name="factors">[outputs].</param>
    /// <returns>New weights in the same order.</returns>
    public static float[] Multiply(OpType type, Convolution2DCommon common, float[] weights, ReadOnlySpan<float> factors)
    {
        int kernel = common.KernelX * common.KernelY;
        var result = new float[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            result[i] = weights[i] * factors[Of(type, common, weights.Length, i / kernel)];
        }

        return result;
    }

    /// <summary>Whether the weights' number fits the kernel, the outputs and the groups.</summary>
    public static bool Fit(OpType type, Convolution2DCommon common, int weightCount)
    {
        long kernel = (long)common.KernelX * common.KernelY;
        long outputsPerGroup = type == OpType.Deconvolution ? common.OutputCount / Math.Max(1, common.Group) : common.OutputCount;
        return kernel > 0 && outputsPerGroup > 0 && weightCount > 0 && weightCount % (kernel * outputsPerGroup) == 0;
    }

    // block: which kernel it is in the order of the weights.
    private static int Of(OpType type, Convolution2DCommon common, int weightCount, int block)
    {
        int kernels = weightCount / (common.KernelX * common.KernelY);
        if (type != OpType.Deconvolution)
        {
            return block / (kernels / common.OutputCount);
        }

        int group = Math.Max(1, common.Group);
        int outputsPerGroup = common.OutputCount / group;
        int inputs = kernels / outputsPerGroup;
        int input = block / outputsPerGroup;
        return (input / Math.Max(1, inputs / group) * outputsPerGroup) + (block % outputsPerGroup);
    }
}
