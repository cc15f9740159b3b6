using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Transposed convolution, with groups, or of each channel with a kernel of its own. An optional last input gives the
/// output's size [N, height, width, ...].
/// </summary>
internal sealed class Deconvolution(ConvolutionWeights weights, bool depthwise, bool hasOutputShape) : Operator
{
    private readonly PackedWeights _packed = new(
        depthwise ? DepthwiseConvolution2D.PackedSize : (in shape) => Deconvolution2D.PackedSize(shape),
        depthwise ? DepthwiseConvolution2D.PackWeights : (in shape, from, to) => Deconvolution2D.PackWeights(shape, from, to));

    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) => Create(context, depthwise: false);

    public static Operator CreateDepthwise(OpBuildContext context) => Create(context, depthwise: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ImageShape image = ImageShape.Of(input);
        ReadOnlySpan<int> given = hasOutputShape ? context.Input(context.InputCount - 1).Ints : default;
        ConvolutionShape shape = Shape(weights, image, weights.Floats.Length, depthwise, given);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        (float low, float high) = new ConvolutionGeometry(weights.Common).Clamp;
        float[] packed = _packed.For(shape, weights.Floats);
        if (depthwise)
        {
            DepthwiseDeconvolution2D.RunRows(
                shape, input.Floats, packed, weights.Bias, output.Floats, 0, shape.OutputRows, low, high);
        }
        else
        {
            Span<float> scratch = context.Scratch<float>(Deconvolution2D.ScratchSize(shape));
            Deconvolution2D.Run(shape, input.Floats, packed, weights.Bias, output.Floats, scratch, low, high);
        }
    }

    /// <summary>The sizes of one run, checked against the weights.</summary>
    /// <param name="weights">The operator's parameters.</param>
    /// <param name="image">The input.</param>
    /// <param name="weightCount">Number of weights.</param>
    /// <param name="depthwise">Whether each channel has a kernel of its own.</param>
    /// <param name="given">The output's size [N, height, width, ...]; empty if it follows from the input's.</param>
    /// <exception cref="TensorShapeException">They don't fit.</exception>
    public static ConvolutionShape Shape(
        ConvolutionWeights weights, ImageShape image, long weightCount, bool depthwise, ReadOnlySpan<int> given)
    {
        var geometry = new ConvolutionGeometry(weights.Common);
        (int Height, int Width, int PadTop, int PadLeft) output = geometry.Transposed(
            image.Height, image.Width, given.Length > 2 ? given[1] : 0, given.Length > 2 ? given[2] : 0);
        int outputs = depthwise ? image.Channels : weights.Common.OutputCount;
        int group = depthwise ? image.Channels : Math.Max(1, weights.Common.Group);
        if (output is { Height: <= 0 } or { Width: <= 0 } || image.Channels % group != 0 || outputs % group != 0
            || weightCount != (long)image.Channels * (outputs / group) * geometry.KernelH * geometry.KernelW)
        {
            throw new TensorShapeException(
                $"pictures of {image.Width} x {image.Height} with {image.Channels} channels and {weightCount} weights");
        }

        return geometry.Shape(image, output, outputs, group);
    }

    private static Operator Create(OpBuildContext context, bool depthwise)
    {
        Convolution2DCommon common = context.Param<Model.Schema.Convolution2D>().Common ?? new Convolution2DCommon();
        return context.InputCount > (common.HasOutputShape ? 2 : 1)
            ? new DeconvolutionOfInputs(common, depthwise)
            : new Deconvolution(new ConvolutionWeights(context), depthwise, common.HasOutputShape);
    }
}
