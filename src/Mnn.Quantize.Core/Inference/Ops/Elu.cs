using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>y = scale * x for x above 0, else scale * alpha * (e^x - 1): ELU with scale 1, and Selu.</summary>
internal sealed class Elu(float alpha, float scale) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context) => new Elu(context.Param<Model.Schema.ELU>().Alpha, 1);

    public static Operator CreateSelu(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Selu>();
        return new Elu(param.Alpha, param.Scale);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> source = input.Floats;
        Span<float> target = context.OutputLike(0, 0).Floats;
        float factor = scale * alpha;
        for (int i = 0; i < source.Length; i++)
        {
            float x = source[i];
            target[i] = x > 0 ? scale * x : factor * (float)ScalarMath.Expm1(x);
        }
    }
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
