using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>max(x, 0), or x * slope below 0.</summary>
internal sealed class ReLU(float slope) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => slope == 0;

    public static Operator Create(OpBuildContext context) => new ReLU(context.ParamOrNull<Relu>()?.Slope ?? 0);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        if (input.Type == ElementType.Int32)
        {
            for (int i = 0; i < input.Count; i++)
            {
                output.Ints[i] = Math.Max(0, input.Ints[i]);
            }
        }
        else if (slope == 0)
        {
            Elementwise.Unary(default(UnaryOperators.Relu), input.Floats, output.Floats);
        }
        else
        {
            Elementwise.Unary(new UnaryOperators.LeakyRelu(slope), input.Floats, output.Floats);
        }
    }

    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        ActivationInt8.Relu(input.Int8s, output.Quant!.ZeroPoint, output.Int8s);
    }
}

/// <summary>x between two bounds, 0 and 6 by default.</summary>
internal sealed class ReLU6(float low, float high) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context)
    {
        Relu6 parameters = context.ParamOrNull<Relu6>() ?? new Relu6();
        return new ReLU6(parameters.MinValue, parameters.MaxValue);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        Elementwise.Unary(new UnaryOperators.Clamp(low, high), input.Floats, output.Floats);
    }
}

/// <summary>max(x, 0) + slope * min(x, 0) with a slope a channel, or one for all.</summary>
internal sealed class PReLU(float[] slopes) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool HasInt8 => true;

    public static Operator Create(OpBuildContext context) =>
        new PReLU(context.Param<PRelu>().Slope is [_, ..] slopes ? slopes : throw context.Invalid("it has no slopes"));

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        if (slopes.Length == 1)
        {
            Elementwise.Binary(default(BinaryOperators.Prelu), input.Floats, slopes, output.Floats);
            return;
        }

        ChannelBroadcast.Run(default(BinaryOperators.Prelu), input, slopes, output);
    }

    // A slope of 0 for all is a plain ReLU there, which doesn't rescale; with another single slope the bounds are the
    // input's (CPURelu.cpp).
    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputInt8(0, input.Shape, input.Format);
        BinaryScales scales = Int8Scales.Of(input.Quant!, output.Quant!);
        if (slopes is [var slope])
        {
            if (slope == 0)
            {
                ActivationInt8.Relu(input.Int8s, scales.Zero, output.Int8s);
            }
            else
            {
                ActivationInt8.LeakyRelu(
                    input.Int8s, slopes, scales with { Min = input.Quant!.Min, Max = input.Quant!.Max }, output.Int8s);
            }

            return;
        }

        ChannelBroadcast.RequireRows(input, slopes.Length);
        ActivationInt8.LeakyRelu(input.Int8s, slopes, scales, output.Int8s);
    }
}
