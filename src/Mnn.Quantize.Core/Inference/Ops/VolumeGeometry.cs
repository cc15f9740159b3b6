using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>One axis of a convolution over volumes.</summary>
/// <param name="Input">Extent of the input.</param>
/// <param name="Output">Extent of the output.</param>
/// <param name="Kernel">Taps of the kernel.</param>
/// <param name="Stride">Step between positions.</param>
/// <param name="Dilation">Step between taps.</param>
/// <param name="Pad">Padding in front.</param>
internal readonly record struct VolumeAxis(int Input, int Output, int Kernel, int Stride, int Dilation, int Pad)
{
    /// <summary>The three axes of a convolution of an input [N, C, D, H, W].</summary>
    public static VolumeAxis[] Of(Convolution3DCommon common, int[] input) =>
        [.. Enumerable.Range(0, 3).Select(i => Of(common, i, input[i + 2]))];

    /// <summary>The three axes of a transposed convolution, on which input and output have changed places.</summary>
    public static VolumeAxis[] OfTransposed(Convolution3DCommon common, int[] input) =>
        [.. Enumerable.Range(0, 3).Select(i => OfTransposed(common, i, input[i + 2]))];

    /// <summary>Whether the parameters describe a kernel over three axes.</summary>
    public static bool Describes(Convolution3DCommon common) =>
        common.Kernels is { Length: >= 3 } kernels && kernels.All(k => k > 0)
        && common.Strides is { Length: >= 3 } strides && strides.All(s => s > 0)
        && (common.Dilates is null || (common.Dilates.Length >= 3 && common.Dilates.All(d => d > 0)))
        && common.Pads is null or { Length: >= 3 };

    /// <summary>What the fused activation cuts off.</summary>
    public static (float Low, float High) Clamp(Convolution3DCommon common) => common.Relu6 ? (0, 6)
        : common.Relu ? (0, float.PositiveInfinity)
        : (float.NegativeInfinity, float.PositiveInfinity);

    private static VolumeAxis Of(Convolution3DCommon common, int i, int input)
    {
        (int kernel, int stride, int dilation, int front, int back) = Parameters(common, i);
        int reach = ((kernel - 1) * dilation) + 1;
        int output = common.PadMode == PadMode.SAME
            ? (input + stride - 1) / stride
            : input + front + back < reach ? 0 : ((input + front + back - reach) / stride) + 1;
        return new VolumeAxis(input, output, kernel, stride, dilation, front);
    }

    private static VolumeAxis OfTransposed(Convolution3DCommon common, int i, int input)
    {
        (int kernel, int stride, int dilation, int front, int back) = Parameters(common, i);
        int extra = common.OutPads is { } pads && i < pads.Length ? pads[i] : 0;
        int output = common.PadMode == PadMode.SAME
            ? input * stride
            : ((input - 1) * stride) + ((kernel - 1) * dilation) + 1 - front - back + extra;
        return new VolumeAxis(output, input, kernel, stride, dilation, front);
    }

    private static (int Kernel, int Stride, int Dilation, int Front, int Back) Parameters(Convolution3DCommon common, int i)
    {
        int front = common.Pads?[i] ?? 0;
        int back = common.Pads is { Length: >= 6 } pads ? pads[i + 3] : front;
        return (common.Kernels![i], common.Strides![i], common.Dilates?[i] ?? 1, front, back);
    }
}
