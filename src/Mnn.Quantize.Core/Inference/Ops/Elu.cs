using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>x above 0, else alpha * (e^x - 1).</summary>
internal sealed class Elu(float alpha) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) => new Elu(context.Param<Model.Schema.ELU>().Alpha);

    public override void Run(OpContext context) =>
        Elementwise.Unary(new UnaryOperators.Elu(alpha), context.Input(0).Floats, context.OutputLike(0, 0).Floats);
}

/// <summary>scale * x above 0, else scale * alpha * (e^x - 1).</summary>
internal sealed class Selu(float scale, float alpha) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Selu>();
        return new Selu(param.Scale, param.Alpha);
    }

    public override void Run(OpContext context) =>
        Elementwise.Unary(new UnaryOperators.Selu(scale, alpha), context.Input(0).Floats, context.OutputLike(0, 0).Floats);
}

/// <summary>1 where the input is above a threshold, else 0.</summary>
internal sealed class Threshold(float threshold) : Operator
{
    public override bool HandlesChannelsLast => true;

    // The schema keeps the threshold in ELU's table.
    public static Operator Create(OpBuildContext context) => new Threshold(context.Param<Model.Schema.ELU>().Alpha);

    public override void Run(OpContext context)
    {
        ReadOnlySpan<float> source = context.Input(0).Floats;
        Span<float> target = context.OutputLike(0, 0).Floats;
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i] > threshold ? 1 : 0;
        }
    }
}
