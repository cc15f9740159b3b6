using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Convolution of each channel with a kernel of its own.</summary>
internal sealed class ConvolutionDepthwise(ConvolutionWeights weights) : Operator
{
    private readonly PackedWeights _packed = new(
        DepthwiseConvolution2D.PackedSize, DepthwiseConvolution2D.PackWeights);

    private Int8Convolution? _int8;

    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => weights.HasPlainLevels(depthwise: true);

    public static Operator Create(OpBuildContext context) =>
        context.InputCount > 1
            ? new ConvolutionOfInputs(context.Param<Model.Schema.Convolution2D>(), depthwise: true)
            : new ConvolutionDepthwise(new ConvolutionWeights(context));

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        float[] floats = weights.Floats;
        ConvolutionShape shape = weights.Shape(ImageShape.Of(input), floats.Length, depthwise: true);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        (float low, float high) = new ConvolutionGeometry(weights.Common).Clamp;
        DepthwiseConvolution2D.Run(
            shape, input.Floats, _packed.For(shape, floats), weights.Bias, output.Floats, low, high);
    }

    public override void RunInt8(OpContext context)
    {
        Int8Convolution int8 = LazyInitializer.EnsureInitialized(ref _int8, () => new Int8Convolution(weights, true));
        int8.Run(context);
    }
}
