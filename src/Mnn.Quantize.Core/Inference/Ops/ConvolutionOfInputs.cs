using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A convolution whose weights [outputs, inputs / groups, kernel height, kernel width] are computed by the model.</summary>
internal sealed class ConvolutionOfInputs(Model.Schema.Convolution2D parameters, bool depthwise) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor kernel = context.Input(1);
        Convolution2DCommon common = parameters.Common ?? new Convolution2DCommon();
        ImageShape image = ImageShape.Of(input);
        var geometry = kernel.Rank == 4
            ? new ConvolutionGeometry(common, kernel.Shape[2], kernel.Shape[3])
            : new ConvolutionGeometry(common);
        (int Height, int Width, int PadTop, int PadLeft) size = geometry.Forward(image.Height, image.Width);
        int outputs = depthwise ? image.Channels : kernel.Rank == 4 ? kernel.Shape[0] : common.OutputCount;
        int perGroup = depthwise ? 1 : kernel.Count / Math.Max(1, checked(outputs * geometry.KernelH * geometry.KernelW));
        if (size is { Height: <= 0 } or { Width: <= 0 } || perGroup == 0 || image.Channels % perGroup != 0)
        {
            throw new TensorShapeException(
                $"pictures of {image.Width} x {image.Height} with {image.Channels} channels and {kernel.Count} weights");
        }

        ConvolutionShape shape = geometry.Shape(image, size, outputs, image.Channels / perGroup);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        ReadOnlySpan<float> bias = context.HasInput(2) ? context.Input(2).Floats : default;
        (float low, float high) = geometry.Clamp;
        Tensor flat = RowMajor(context, kernel);
        if (depthwise)
        {
            Span<float> packed = context.Scratch<float>(DepthwiseConvolution2D.PackedSize(shape));
            DepthwiseConvolution2D.PackWeights(shape, flat.Floats, packed);
            DepthwiseConvolution2D.Run(shape, input.Floats, packed, bias, output.Floats, low, high);
        }
        else
        {
            int packedSize = Kernels.Convolution2D.PackedSize(shape);
            Span<float> scratch = context.Scratch<float>(packedSize + Kernels.Convolution2D.ScratchSize(shape));
            Kernels.Convolution2D.PackWeights(shape, flat.Floats, scratch[..packedSize]);
            Kernels.Convolution2D.Run(
                shape, input.Floats, scratch[..packedSize], bias, output.Floats, scratch[packedSize..], low, high);
        }

        OpContext.Release(flat);
    }

    private static Tensor RowMajor(OpContext context, Tensor kernel)
    {
        Tensor flat = context.Temporary(ElementType.Float32, kernel.Shape, kernel.Format);
        if (kernel.IsChannelsLast)
        {
            TensorLayout.CopyToRowMajor(kernel, flat);
        }
        else
        {
            kernel.Bytes.CopyTo(flat.Bytes);
        }

        return flat;
    }
}
