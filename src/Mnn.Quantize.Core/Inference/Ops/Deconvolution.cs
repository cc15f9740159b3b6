using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Transposed convolution, with groups, or of each channel with a kernel of its own. An optional last input gives the
/// output's size [N, height, width, ...].
/// </summary>
internal sealed class Deconvolution(ConvolutionWeights weights, bool depthwise, bool hasOutputShape) : Operator
{
    private readonly Lock _packing = new();
    private float[]? _packed;

    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) => Create(context, depthwise: false);

    public static Operator CreateDepthwise(OpBuildContext context) => Create(context, depthwise: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ImageShape image = ImageShape.Of(input);
        ConvolutionShape shape = Shape(context, image);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        (float low, float high) = new ConvolutionGeometry(weights.Common).Clamp;
        float[] packed = Packed(shape);
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

    private static Operator Create(OpBuildContext context, bool depthwise)
    {
        Convolution2DCommon common = context.Param<Model.Schema.Convolution2D>().Common ?? new Convolution2DCommon();
        return context.InputCount > (common.HasOutputShape ? 2 : 1)
            ? new DeconvolutionOfInputs(common, depthwise)
            : new Deconvolution(new ConvolutionWeights(context), depthwise, common.HasOutputShape);
    }

    private ConvolutionShape Shape(OpContext context, ImageShape image)
    {
        ReadOnlySpan<int> given = hasOutputShape ? context.Input(context.InputCount - 1).Ints : default;
        var geometry = new ConvolutionGeometry(weights.Common);
        (int height, int width, int top, int left) = geometry.Transposed(
            image.Height, image.Width, given.Length > 2 ? given[1] : 0, given.Length > 2 ? given[2] : 0);
        int outputs = depthwise ? image.Channels : weights.Common.OutputCount;
        int group = depthwise ? image.Channels : Math.Max(1, weights.Common.Group);
        if (height <= 0 || width <= 0 || image.Channels % group != 0 || outputs % group != 0
            || weights.Floats.Length != (long)image.Channels * (outputs / group) * geometry.KernelH * geometry.KernelW)
        {
            throw new TensorShapeException(
                $"pictures of {image.Width} x {image.Height} with {image.Channels} channels and {weights.Floats.Length} weights");
        }

        return new ConvolutionShape
        {
            Batch = image.Batch,
            InputHeight = image.Height,
            InputWidth = image.Width,
            InputChannels = image.Channels,
            OutputHeight = height,
            OutputWidth = width,
            OutputChannels = outputs,
            KernelHeight = geometry.KernelH,
            KernelWidth = geometry.KernelW,
            StrideHeight = geometry.StrideH,
            StrideWidth = geometry.StrideW,
            DilationHeight = geometry.DilationH,
            DilationWidth = geometry.DilationW,
            PadTop = top,
            PadLeft = left,
            Group = group,
        };
    }

    private float[] Packed(in ConvolutionShape shape)
    {
        lock (_packing)
        {
            if (_packed is null && depthwise)
            {
                _packed = new float[DepthwiseConvolution2D.PackedSize(shape)];
                DepthwiseConvolution2D.PackWeights(shape, weights.Floats, _packed);
            }
            else if (_packed is null)
            {
                _packed = new float[Deconvolution2D.PackedSize(shape)];
                Deconvolution2D.PackWeights(shape, weights.Floats, _packed);
            }

            return _packed;
        }
    }
}
