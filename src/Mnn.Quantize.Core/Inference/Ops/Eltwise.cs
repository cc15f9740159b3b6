using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Sum (with a coefficient an input), product, maximum or difference of tensors of one shape.</summary>
internal sealed class Eltwise(EltwiseType type, float[] coefficients) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<Model.Schema.Eltwise>();
        float[] coefficients = parameters.Coeff is { Length: > 0 } given && !Array.TrueForAll(given, c => c == 1) ? given : [];
        return coefficients.Length == 0 || coefficients.Length == context.InputCount
            ? new Eltwise(parameters.Type, coefficients)
            : throw context.Invalid($"{coefficients.Length} coefficients for {context.InputCount} inputs");
    }

    public override void Run(OpContext context)
    {
        Tensor first = context.Input(0);
        for (int i = 1; i < context.InputCount; i++)
        {
            Tensor other = context.Input(i);
            if (!other.Shape.AsSpan().SequenceEqual(first.Shape) || other.IsChannelsLast != first.IsChannelsLast)
            {
                throw new TensorShapeException(
                    $"[{string.Join(", ", first.Shape)}] and [{string.Join(", ", other.Shape)}] where shapes must be equal");
            }
        }

        if (coefficients.Length > 0 && type == EltwiseType.SUM)
        {
            WeightedSum(context, first);
            return;
        }

        Tensor output = context.OutputLike(0, 0);
        ReadOnlySpan<float> left = first.Floats;
        for (int i = 1; i < context.InputCount; i++)
        {
            ReadOnlySpan<float> right = context.Input(i).Floats;
            switch (type)
            {
                case EltwiseType.SUM: Elementwise.Binary(default(BinaryOperators.Add), left, right, output.Floats); break;
                case EltwiseType.SUB: Elementwise.Binary(default(BinaryOperators.Sub), left, right, output.Floats); break;
                case EltwiseType.PROD: Elementwise.Binary(default(BinaryOperators.Mul), left, right, output.Floats); break;
                default: Elementwise.Binary(default(BinaryOperators.Max), left, right, output.Floats); break;
            }

            left = output.Floats;
        }
    }

    private void WeightedSum(OpContext context, Tensor first)
    {
        Tensor term = context.Temporary(ElementType.Float32, first.Shape, first.Format, first.IsChannelsLast);
        Tensor output = context.OutputLike(0, 0);
        Elementwise.Unary(new UnaryOperators.Affine(coefficients[0], 0), first.Floats, output.Floats);
        for (int i = 1; i < context.InputCount; i++)
        {
            Elementwise.Unary(new UnaryOperators.Affine(coefficients[i], 0), context.Input(i).Floats, term.Floats);
            Elementwise.Binary(default(BinaryOperators.Add), output.Floats, term.Floats, output.Floats);
        }

        OpContext.Release(term);
    }
}
