using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// A transposed convolution whose weights [inputs, outputs / groups, kernel height, kernel width] are computed by the
/// model. Inputs: pictures, weights, optionally biases, and the output's size if the model gives it.
/// </summary>
internal sealed class DeconvolutionOfInputs(Convolution2DCommon common, bool depthwise) : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor kernel = context.Input(1);
        int values = context.InputCount - (common.HasOutputShape ? 1 : 0);
        ReadOnlySpan<float> bias = values > 2 ? context.Input(2).Floats : default;
        ConvolutionShape shape = Shape(context, ImageShape.Of(input), kernel);
        if (!bias.IsEmpty && bias.Length != shape.OutputChannels)
        {
            throw new TensorShapeException($"{bias.Length} biases for {shape.OutputChannels} channels");
        }

        // The kernels want the channels last, which a row-major tensor of any format but NHWC has not.
        Tensor pictures = ChannelsLast(context, input);
        var size = new ImageShape(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels);
        Tensor output = context.Output(0, ElementType.Float32, size.DimensionsLike(input, stackalloc int[4]), input.Format);
        Tensor result = context.Temporary(ElementType.Float32, [output.Count], input.Format);
        Run(context, shape, pictures.Floats, kernel.Floats, bias, result.Floats);
        int pixels = shape.OutputHeight * shape.OutputWidth;
        if (input.Format == MNN_DATA_FORMAT.NHWC)
        {
            result.Floats.CopyTo(output.Floats);
        }
        else
        {
            Layout.ToChannelsFirst<float>(result.Floats, output.Floats, shape.Batch, shape.OutputChannels, pixels);
        }

        OpContext.Release(pictures);
        OpContext.Release(result);
    }

    private void Run(
        OpContext context, in ConvolutionShape shape, ReadOnlySpan<float> pictures, ReadOnlySpan<float> kernel,
        ReadOnlySpan<float> bias, Span<float> result)
    {
        (float low, float high) = new ConvolutionGeometry(common).Clamp;
        if (depthwise)
        {
            Span<float> packed = context.Scratch<float>(DepthwiseConvolution2D.PackedSize(shape));
            DepthwiseConvolution2D.PackWeights(shape, kernel, packed);
            DepthwiseDeconvolution2D.RunRows(shape, pictures, packed, bias, result, 0, shape.OutputRows, low, high);
            return;
        }

        int packedSize = Deconvolution2D.PackedSize(shape);
        Span<float> scratch = context.Scratch<float>(packedSize + Deconvolution2D.ScratchSize(shape));
        Deconvolution2D.PackWeights(shape, kernel, scratch[..packedSize]);
        Deconvolution2D.Run(shape, pictures, scratch[..packedSize], bias, result, scratch[packedSize..], low, high);
    }

    private ConvolutionShape Shape(OpContext context, ImageShape image, Tensor kernel)
    {
        int group = depthwise ? image.Channels : Math.Max(1, common.Group);
        if (kernel.Rank < 3 || kernel.Shape[0] != image.Channels || image.Channels % group != 0)
        {
            throw new TensorShapeException(
                $"pictures with {image.Channels} channels and weights {Shapes.Text(kernel.Shape)} in {group} groups");
        }

        // Weights of one-dimensional convolutions lack a dimension; the parameters tell which.
        var geometry = kernel.Rank == 4
            ? new ConvolutionGeometry(common, kernel.Shape[2], kernel.Shape[3])
            : new ConvolutionGeometry(common);
        ReadOnlySpan<int> given = common.HasOutputShape ? context.Input(context.InputCount - 1).Ints : default;
        (int Height, int Width, int PadTop, int PadLeft) output = geometry.Transposed(
            image.Height, image.Width, given.Length > 2 ? given[1] : 0, given.Length > 2 ? given[2] : 0);
        if (output is { Height: <= 0 } or { Width: <= 0 } || geometry.KernelH * geometry.KernelW != Shapes.Product(kernel.Shape.AsSpan(2)))
        {
            throw new TensorShapeException($"pictures of {image.Width} x {image.Height}, which would become {output.Width} x {output.Height}, and weights "
                + Shapes.Text(kernel.Shape));
        }

        return geometry.Shape(image, output, kernel.Shape[1] * group, group);
    }

    private static Tensor ChannelsLast(OpContext context, Tensor input)
    {
        Tensor result = context.Temporary(ElementType.Float32, input.Shape, input.Format);
        if (input.Format == MNN_DATA_FORMAT.NHWC || input.Rank < 3)
        {
            result.ShareBuffer(input);
        }
        else
        {
            TensorLayout.CopyToChannelsLast(input, result);
        }

        return result;
    }
}
