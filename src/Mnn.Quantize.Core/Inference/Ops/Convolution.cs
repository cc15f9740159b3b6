using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// 2-D convolution with groups, strides, dilation and fused ReLU or ReLU6. Weights and bias are the model's, or come as
/// second and third input.
/// </summary>
internal sealed class Convolution(ConvolutionWeights weights) : Operator
{
    private readonly PackedWeights _packed = new(
        (in shape) => Convolution2D.PackedSize(shape), (in shape, from, to) => Convolution2D.PackWeights(shape, from, to));

    private Int8Convolution? _int8;

    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => weights.HasPlainLevels(depthwise: false);

    public static Operator Create(OpBuildContext context) =>
        context.InputCount > 1
            ? new ConvolutionOfInputs(context.Param<Model.Schema.Convolution2D>(), depthwise: false)
            : new Convolution(new ConvolutionWeights(context));

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ImageShape image = ImageShape.Of(input);
        float[] floats = weights.Floats;
        ConvolutionShape shape = weights.Shape(image, floats.Length, depthwise: false);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Float32);
        (float low, float high) = new ConvolutionGeometry(weights.Common).Clamp;
        Span<float> scratch = context.Scratch<float>(Convolution2D.ScratchSize(shape));
        Convolution2D.Run(shape, input.Floats, _packed.For(shape, floats), weights.Bias, output.Floats, scratch, low, high);
    }

    public override void RunInt8(OpContext context)
    {
        Int8Convolution int8 = LazyInitializer.EnsureInitialized(ref _int8, () => new Int8Convolution(weights, false));
        int8.Run(context);
    }
}
