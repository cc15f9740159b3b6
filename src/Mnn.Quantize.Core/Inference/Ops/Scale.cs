using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// x * scale + bias with a value a channel each; also BatchNorm outside training, whose statistics and parameters come
/// down to that: scale = slope / sqrt(variance + epsilon), bias = bias - mean * scale.
/// </summary>
internal sealed class Scale(float[] scales, float[] biases) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => true;

    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<Model.Schema.Scale>();
        float[] scales = parameters.ScaleData ?? throw context.Invalid("it has no scales");
        return new Scale(scales, parameters.BiasData ?? []);
    }

    public static Operator CreateBatchNorm(OpBuildContext context)
    {
        var parameters = context.Param<Model.Schema.BatchNorm>();
        if (parameters is not { SlopeData: { } slope, MeanData: { } mean, VarData: { } variance, BiasData: { } bias }
            || mean.Length != slope.Length || variance.Length != slope.Length || bias.Length != slope.Length)
        {
            throw context.Invalid("slope, mean, variance and bias must be there, one a channel each");
        }

        var scales = new float[slope.Length];
        var biases = new float[slope.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = slope[i] / MathF.Sqrt(variance[i] + parameters.Epsilon);
            biases[i] = bias[i] - (mean[i] * scales[i]);
        }

        return new Scale(scales, biases);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        ChannelBroadcast.Run(default(BinaryOperators.Mul), input, scales, output);
        if (biases.Length > 0)
        {
            ChannelBroadcast.Run(default(BinaryOperators.Add), output, biases, output);
        }
    }
    // In integers of 2^-15 (CPUScaleInt8.cpp).
    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputInt8(0, input.Shape, input.Format);
        ChannelBroadcast.RequireRows(input, scales.Length);
        BinaryScales steps = Int8Scales.Of(input.Quant!, output.Quant!);
        Span<int> numbers = context.Scratch<int>(2 * scales.Length);
        Span<int> factors = numbers[..scales.Length], offsets = numbers[scales.Length..];
        for (int i = 0; i < scales.Length; i++)
        {
            factors[i] = ActivationInt8.Fixed(scales[i] * steps.ScaleA * steps.Inverse);
            offsets[i] = i < biases.Length ? ActivationInt8.Fixed(biases[i] * steps.Inverse) : 0;
        }

        ActivationInt8.Scale(input.Int8s, factors, offsets, steps, output.Int8s);
    }
}
