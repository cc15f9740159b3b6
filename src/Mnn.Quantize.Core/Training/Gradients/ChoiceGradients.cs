using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of a choice between two tensors: the gradient goes to the one that was taken.</summary>
internal sealed class SelectGradient : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor gradient = context.OutputGradient();
        int[] extents = new int[gradient.Rank];
        int[][] steps = [new int[gradient.Rank], new int[gradient.Rank], new int[gradient.Rank]];
        for (int i = 0; i < steps.Length; i++)
        {
            BroadcastShape.Strides(context.Input(i), gradient, extents, steps[i]);
        }

        Span<float> yes = Cleared(context, 1), no = Cleared(context, 2);
        ReadOnlySpan<int> condition = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(context.Input(0).Bytes);
        ReadOnlySpan<float> g = gradient.Floats;
        for (int i = 0; i < g.Length; i++)
        {
            Span<float> target = condition[Place(i, extents, steps[0])] != 0 ? yes : no;
            if (!target.IsEmpty)
            {
                target[Place(i, extents, steps[condition[Place(i, extents, steps[0])] != 0 ? 1 : 2])] += g[i];
            }
        }
    }

    private static Span<float> Cleared(GradientContext context, int input)
    {
        if (!context.Wants(input))
        {
            return default;
        }

        Span<float> gradient = context.InputGradient(input).Floats;
        gradient.Clear();
        return gradient;
    }

    private static int Place(int i, int[] extents, int[] steps)
    {
        int place = 0;
        for (int d = extents.Length - 1; d >= 0; d--)
        {
            place += i % extents[d] * steps[d];
            i /= extents[d];
        }

        return place;
    }
}

/// <summary>The derivative of the k greatest elements: each one's gradient goes to where it was. Indices pass none on.</summary>
internal sealed class TopKGradient : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Span<float> dx = context.InputGradient(0).Floats;
        dx.Clear();
        if (context.OutputGradient(0) is not { } gradient)
        {
            return;
        }

        Tensor input = context.Input(0), indices = context.TrainingRun.Tensor(context.Node.Outputs[1]);
        int axis = context.HasInput(2) ? Shapes.Axis(context.Input(2).Ints[0], input.Rank) : input.Rank - 1;
        (int _, int length, int inner) = Shapes.Around(input.Shape, axis);
        int k = gradient.Shape[axis];
        for (int i = 0; i < gradient.Count; i++)
        {
            dx[(((i / (k * inner) * length) + indices.Ints[i]) * inner) + (i % inner)] += gradient.Floats[i];
        }
    }
}

/// <summary>The derivative of running sums: running sums of the gradient from the other end.</summary>
/// <param name="parameters">The operator's parameters, if it has any.</param>
internal sealed class CumSumGradient(CumSum? parameters) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        (int outer, int length, int inner) = Shapes.Around(
            input.Shape, context.HasInput(1) ? Shapes.Axis(context.Input(1).Ints[0], input.Rank) : 0);
        ReadOnlySpan<float> g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        bool forward = parameters?.Reverse ?? false, exclusive = parameters?.Exclusive ?? false;
        for (int line = 0; line < outer * inner; line++)
        {
            int at = (line / inner * length * inner) + (line % inner) + (forward ? 0 : (length - 1) * inner);
            double total = 0;
            for (int i = 0; i < length; i++, at += forward ? inner : -inner)
            {
                double with = total + g[at];
                dx[at] = (float)(exclusive ? total : with);
                total = with;
            }
        }
    }
}

/// <summary>The derivative of a cast between floats; other casts pass nothing on.</summary>
internal sealed class CastGradient : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Span<float> dx = context.InputGradient(0).Floats;
        if (context.Input(0).Type == ElementType.Float32)
        {
            context.OutputGradient().Floats.CopyTo(dx);
        }
        else
        {
            dx.Clear();
        }
    }
}
