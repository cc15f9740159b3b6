namespace Mnn.Quantize.Inference.Ops;

/// <summary>The greatest of x + w over a window of [N, C, H, W], with a kernel [C, kernel] of its own for each channel.</summary>
internal sealed class Dilation2D(ConvolutionGeometry geometry, float[] weight) : Operator
{
    // What the runtime takes for places outside: the least half-precision number.
    private const float Outside = -65504;

    public static Operator Create(OpBuildContext context)
    {
        var geometry = new ConvolutionGeometry(PatchWalk.Common(context));
        float[] weight = context.Param<Model.Schema.Convolution2D>().Weight ?? throw context.Invalid("it lacks its weights");
        return weight.Length == geometry.OutputChannels * geometry.KernelH * geometry.KernelW
            ? new Dilation2D(geometry, weight)
            : throw context.Invalid($"{weight.Length} weights don't make kernels of {geometry.OutputChannels} channels");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 4 || input.Shape[1] != geometry.OutputChannels)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} for {geometry.OutputChannels} channels");
        }

        (int channels, int height, int width) = (input.Shape[1], input.Shape[2], input.Shape[3]);
        (int outH, int outW, int top, int left) = geometry.Forward(height, width);
        Span<float> output = context.Output(
            0, ElementType.Float32, [input.Shape[0], channels, outH, outW], input.Format).Floats;
        ReadOnlySpan<float> source = input.Floats;
        int taps = geometry.KernelH * geometry.KernelW;
        for (int i = 0; i < output.Length; i++)
        {
            int plane = i / (outH * outW);
            int y = (i / outW % outH * geometry.StrideH) - top;
            int x = (i % outW * geometry.StrideW) - left;
            float greatest = float.NegativeInfinity;
            for (int k = 0; k < taps; k++)
            {
                int row = y + (k / geometry.KernelW * geometry.DilationH);
                int column = x + (k % geometry.KernelW * geometry.DilationW);
                bool isInside = (uint)row < (uint)height && (uint)column < (uint)width;
                float value = isInside ? source[(((plane * height) + row) * width) + column] : Outside;
                greatest = MathF.Max(greatest, value + weight[(plane % channels * taps) + k]);
            }

            output[i] = greatest;
        }
    }
}
