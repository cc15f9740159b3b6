using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of y = x f^-beta with f = bias + alpha * mean of x² in a window: dx = g f^-beta - 2 alpha beta / count x s,
/// where s is the sum of g x f^(-beta - 1) over the places in whose window x lies.
/// </summary>
/// <param name="parameters">The operator's parameters.</param>
internal sealed class LocalResponseNormGradient(Model.Schema.LRN parameters) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        bool overChannels = parameters.RegionType == 0;
        int rows = input.Shape[overChannels ? 1 : 2];
        int columns = overChannels ? Shapes.Product(input.Shape.AsSpan(2)) : input.Shape[3];
        int size = parameters.LocalSize, before = size / 2, side = overChannels ? 0 : before;
        int after = size - 1 - before, sideAfter = overChannels ? 0 : after;
        double share = parameters.Alpha / (overChannels ? size : (double)size * size);
        double[] filtered = new double[rows * columns], spread = new double[rows * columns];
        for (int start = 0; start < x.Length; start += rows * columns)
        {
            for (int i = 0; i < filtered.Length; i++)
            {
                filtered[i] = (double)x[start + i] * x[start + i];
            }

            filtered = Window(filtered, rows, columns, (before, after), (side, sideAfter));
            for (int i = 0; i < filtered.Length; i++)
            {
                filtered[i] = parameters.Bias + (share * filtered[i]);
                spread[i] = (double)g[start + i] * x[start + i] * ScalarMath.Pow(filtered[i], -parameters.Beta - 1);
            }

            double[] seen = Window(spread, rows, columns, (after, before), (sideAfter, side));
            for (int i = 0; i < filtered.Length; i++)
            {
                dx[start + i] = (float)((g[start + i] * ScalarMath.Pow(filtered[i], -parameters.Beta))
                    - (2 * share * parameters.Beta * x[start + i] * seen[i]));
            }
        }
    }

    // Sums over the rows and columns from some before each place to some after it.
    private static double[] Window(double[] values, int rows, int columns, (int Before, int After) row, (int Before, int After) column)
    {
        double[] sums = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int r, int c) = (i / columns, i % columns);
            for (int y = Math.Max(0, r - row.Before); y <= Math.Min(rows - 1, r + row.After); y++)
            {
                for (int x = Math.Max(0, c - column.Before); x <= Math.Min(columns - 1, c + column.After); x++)
                {
                    sums[i] += values[(y * columns) + x];
                }
            }
        }

        return sums;
    }
}

/// <summary>
/// The derivative of y = x r scale with r = (sum of x² + eps)^-1/2 over the channels of a position, or over the whole image:
/// dx = r (g scale - x r² sum(g scale x)).
/// </summary>
/// <param name="build">The operator.</param>
/// <param name="parameters">Its parameters.</param>
internal sealed class NormalizeGradient(GradientBuild build, Model.Schema.Normalize parameters)
    : ParameterGradient(build, ("scale", ParameterKind.Scale, parameters.Scale))
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        float[] scale = parameters.Scale!;
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.Wants(0) ? context.InputGradient(0).Floats : default;
        Span<double> scales = Sums(context, scale);
        int spatial = input.Shape[2] * input.Shape[3], image = input.Shape[1] * spatial;
        int lines = parameters.AcrossSpatial != 0 ? 1 : spatial, length = lines == 0 ? 0 : image / lines;
        for (int line = 0; length > 0 && line < x.Length / length; line++)
        {
            int start = (line / lines * image) + (line % lines);
            double squares = parameters.Eps, products = 0;
            for (int i = 0, at = start; i < length; i++, at += lines)
            {
                squares += (double)x[at] * x[at];
                products += (double)g[at] * scale[at % image / spatial] * x[at];
            }

            double inverse = 1 / Math.Sqrt(squares);
            for (int i = 0, at = start; i < length; i++, at += lines)
            {
                int c = at % image / spatial;
                if (!dx.IsEmpty)
                {
                    dx[at] = (float)(inverse * (((double)g[at] * scale[c]) - (x[at] * products / squares)));
                }

                if (!scales.IsEmpty)
                {
                    scales[c] += (double)g[at] * x[at] * inverse;
                }
            }
        }
    }
}
