using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of sums, means, extremes and products along axes.</summary>
/// <param name="parameters">The operator's parameters.</param>
internal sealed class ReductionGradient(ReductionParam parameters) : Gradient
{
    /// <summary>Makes it; null for the reductions that have none.</summary>
    public static Gradient? Create(GradientBuild build)
    {
        var parameters = (ReductionParam)build.Op.Main!;
        return parameters.Operation is ReductionType.ANY or ReductionType.ALL ? null : new ReductionGradient(parameters);
    }

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        int[] places = Places(input, context.HasInput(1) ? context.Input(1).Ints : parameters.Dim, out int outputs);
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        switch (parameters.Operation)
        {
            case ReductionType.MAXIMUM or ReductionType.MINIMUM:
                Choose(x, g, places, dx);
                break;
            case ReductionType.PROD:
                Multiply(x, g, places, dx);
                break;
            default:
                float share = parameters.Operation == ReductionType.MEAN ? (float)outputs / x.Length : 1;
                for (int i = 0; i < x.Length; i++)
                {
                    dx[i] = g[places[i]] * Slope(x[i], share);
                }

                break;
        }
    }

    private float Slope(float x, float share) => parameters.Operation switch
    {
        ReductionType.ASUM => Math.Sign(x),
        ReductionType.SUMSQ => 2 * x,
        _ => share,
    };

    // Of equal elements the first is the extreme.
    private void Choose(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int[] places, Span<float> dx)
    {
        int[] chosen = new int[g.Length];
        Array.Fill(chosen, -1);
        bool greatest = parameters.Operation == ReductionType.MAXIMUM;
        for (int i = 0; i < x.Length; i++)
        {
            ref int best = ref chosen[places[i]];
            best = best < 0 || (greatest ? x[i] > x[best] : x[i] < x[best]) ? i : best;
        }

        dx.Clear();
        for (int o = 0; o < g.Length; o++)
        {
            dx[chosen[o]] = g[o];
        }
    }

    // The product of the others: all divided by the element, or what is left when it is the only zero.
    private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> g, int[] places, Span<float> dx)
    {
        double[] products = new double[g.Length];
        int[] zeros = new int[g.Length];
        Array.Fill(products, 1);
        for (int i = 0; i < x.Length; i++)
        {
            zeros[places[i]] += x[i] == 0 ? 1 : 0;
            products[places[i]] *= x[i] == 0 ? 1 : x[i];
        }

        for (int i = 0; i < x.Length; i++)
        {
            int place = places[i];
            double others = zeros[place] == 0 ? products[place] / x[i]
                : zeros[place] == 1 && x[i] == 0 ? products[place] : 0;
            dx[i] = (float)(g[place] * others);
        }
    }

    // By element of the input: the element of the output that it goes into.
    private static int[] Places(Tensor input, ReadOnlySpan<int> axes, out int outputs)
    {
        int[] extents = [.. input.Shape];
        foreach (int axis in axes)
        {
            extents[Shapes.Axis(axis, input.Rank)] = 1;
        }

        if (axes.IsEmpty)
        {
            Array.Fill(extents, 1);
        }

        outputs = Shapes.Product(extents);
        int[] steps = new int[input.Rank], places = new int[input.Count], index = new int[input.Rank];
        Shapes.RowMajorStrides(extents, steps);
        for (int i = 0; i < places.Length; i++)
        {
            for (int d = 0; d < index.Length; d++)
            {
                places[i] += extents[d] == 1 ? 0 : index[d] * steps[d];
            }

            for (int d = index.Length - 1; d >= 0 && ++index[d] == input.Shape[d]; d--)
            {
                index[d] = 0;
            }
        }

        return places;
    }
}
