using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of a function of each element.</summary>
/// <param name="derivative">f'.</param>
internal sealed class UnaryGradient(Func<double, double> derivative) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        ReadOnlySpan<float> x = context.Input(0).Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = (float)(g[i] * derivative(x[i]));
        }
    }
}

/// <summary>The derivative of a bound: the gradient where it holds nothing back.</summary>
/// <param name="low">Lower bound.</param>
/// <param name="high">Upper bound.</param>
/// <param name="below">Factor of the gradient below the lower bound.</param>
internal sealed class BoundGradient(float low, float high, float below = 0) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        ReadOnlySpan<float> x = context.Input(0).Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = x[i] <= low ? g[i] * below : x[i] < high ? g[i] : 0;
        }
    }
}

/// <summary>The derivative of a function of two tensors; what was repeated gets the sum.</summary>
/// <param name="function">The function.</param>
/// <param name="relu">Whether ReLU follows.</param>
/// <param name="adds">Whether the function is the sum, whose derivative needs no look at the values.</param>
internal sealed class BinaryGradient(BinaryDerivative function, bool relu, bool adds) : Gradient
{
    private static bool Alike(Tensor a, Tensor b) =>
        a.IsChannelsLast == b.IsChannelsLast && a.Shape.AsSpan().SequenceEqual(b.Shape);

    private static void Copy(GradientContext context, Tensor gradient, int input)
    {
        if (context.Wants(input))
        {
            gradient.Floats.CopyTo(context.InputGradient(input).Floats);
        }
    }

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor a = context.Input(0), b = context.Input(1), gradient = context.OutputGradient();
        Tensor output = context.TrainingRun.Tensor(context.Node.Outputs[0]);
        if (adds && !relu && Alike(a, output) && Alike(b, output))
        {
            Copy(context, gradient, 0);
            Copy(context, gradient, 1);
            return;
        }

        Span<int> extents = stackalloc int[output.Rank];
        Span<int> aSteps = stackalloc int[output.Rank], bSteps = stackalloc int[output.Rank], index = stackalloc int[output.Rank];
        BroadcastShape.Strides(a, output, extents, aSteps);
        BroadcastShape.Strides(b, output, extents, bSteps);
        index.Clear();
        Span<float> da = context.Wants(0) ? context.InputGradient(0).Floats : default;
        Span<float> db = context.Wants(1) ? context.InputGradient(1).Floats : default;
        da.Clear();
        db.Clear();
        ReadOnlySpan<float> g = gradient.Floats, left = a.Floats, right = b.Floats;
        for (int i = 0, atA = 0, atB = 0; i < g.Length; i++)
        {
            float x = left[atA], y = right[atB];
            if (!relu || function.Value(x, y) > 0)
            {
                if (!da.IsEmpty)
                {
                    da[atA] += (float)(g[i] * function.First(x, y));
                }

                if (!db.IsEmpty)
                {
                    db[atB] += (float)(g[i] * function.Second(x, y));
                }
            }

            for (int d = output.Rank - 1; d >= 0; d--)
            {
                atA += aSteps[d];
                atB += bSteps[d];
                if (++index[d] < extents[d])
                {
                    break;
                }

                atA -= aSteps[d] * extents[d];
                atB -= bSteps[d] * extents[d];
                index[d] = 0;
            }
        }
    }
}

/// <summary>The derivative of sums of tensors of one shape, each with a factor.</summary>
/// <param name="factors">By input.</param>
internal sealed class SumGradient(float[] factors) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        for (int i = 0; i < context.InputCount; i++)
        {
            if (context.Wants(i))
            {
                Elementwise.Unary(
                    new UnaryOperators.Affine(factors[i], 0), context.OutputGradient().Floats, context.InputGradient(i).Floats);
            }
        }
    }
}

/// <summary>The derivative of the product or the maximum of tensors of one shape.</summary>
/// <param name="type">Which of them.</param>
internal sealed class EltwiseGradient(EltwiseType type) : Gradient
{
    /// <summary>Makes the derivative of any Eltwise.</summary>
    public static Gradient Create(GradientBuild build)
    {
        var parameters = (Model.Schema.Eltwise)build.Op.Main!;
        int count = build.Node.Inputs.Length;
        return parameters.Type switch
        {
            EltwiseType.SUM => new SumGradient(
                parameters.Coeff is { Length: > 0 } given ? given : [.. Enumerable.Repeat(1f, count)]),
            EltwiseType.SUB => new SumGradient([1, .. Enumerable.Repeat(-1f, count - 1)]),
            _ => new EltwiseGradient(parameters.Type),
        };
    }

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        ReadOnlySpan<float> g = context.OutputGradient().Floats;
        for (int i = 0; i < context.InputCount; i++)
        {
            if (!context.Wants(i))
            {
                continue;
            }

            Span<float> dx = context.InputGradient(i).Floats;
            for (int e = 0; e < g.Length; e++)
            {
                dx[e] = (float)(g[e] * Factor(context, i, e));
            }
        }
    }

    // Of equal inputs the first is the maximum.
    private double Factor(GradientContext context, int input, int element)
    {
        double product = 1;
        float own = context.Input(input).Floats[element];
        for (int other = 0; other < context.InputCount; other++)
        {
            float value = other == input ? 1 : context.Input(other).Floats[element];
            product *= value;
            if (type != EltwiseType.PROD && other != input && (value > own || (value == own && other < input)))
            {
                return 0;
            }
        }

        return type == EltwiseType.PROD ? product : 1;
    }
}
