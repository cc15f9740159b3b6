using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Makes the output tensor of convolutions and poolings.</summary>
internal static class ConvolutionOutput
{
    /// <summary>
    /// The output for a shape, in the input's order of dimensions. Kernels read and write channels last, so tensors in
    /// NCHW order can't come here.
    /// </summary>
    public static Tensor Make(OpContext context, Tensor input, in ConvolutionShape shape, ElementType type)
    {
        RequireChannelsLast(input);
        var size = new ImageShape(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels);
        ReadOnlySpan<int> dimensions = size.DimensionsLike(input, stackalloc int[4]);
        return type == ElementType.Int8
            ? context.OutputInt8(0, dimensions, input.Format)
            : context.Output(0, type, dimensions, input.Format);
    }

    /// <summary>Refuses a tensor whose channels don't lie last, unless that makes no difference.</summary>
    public static void RequireChannelsLast(Tensor input)
    {
        bool fits = input.IsChannelsLast || input.Format == MNN_DATA_FORMAT.NHWC || input.Rank <= 2
            || TensorLayout.OrdersCoincide(input);
        if (!fits)
        {
            throw new TensorShapeException("a tensor in NCHW order without conversion to NC4HW4");
        }
    }
}
