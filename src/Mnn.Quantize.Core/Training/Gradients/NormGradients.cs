using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of y = (x - mean) r with r = (variance + epsilon)^-1/2 along a line: dx = r (g - mean(g) - y mean(g y));
/// where the mean is left out (root mean square), so is mean(g).
/// </summary>
internal readonly ref struct NormalizedLine
{
    private readonly double _inverse;
    private readonly bool _rootMeanSquare;

    /// <summary>Normalizes a line.</summary>
    /// <param name="x">The line, not empty.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="rootMeanSquare">Whether the mean counts as 0.</param>
    /// <param name="y">As long: the result.</param>
    public NormalizedLine(ReadOnlySpan<float> x, float epsilon, bool rootMeanSquare, double[] y)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < x.Length && !rootMeanSquare; i++)
        {
            sum += x[i];
        }

        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] - (sum / x.Length);
            squares += y[i] * y[i];
        }

        (_inverse, _rootMeanSquare) = (1 / Math.Sqrt((squares / x.Length) + epsilon), rootMeanSquare);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] *= _inverse;
        }
    }

    /// <summary>The gradient of x.</summary>
    /// <param name="y">What came of normalizing.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="dx">The result is added to it.</param>
    public void AddGradient(double[] y, double[] g, Span<float> dx)
    {
        double sum = 0, products = 0;
        for (int i = 0; i < dx.Length; i++)
        {
            sum += _rootMeanSquare ? 0 : g[i];
            products += g[i] * y[i];
        }

        (sum, products) = (sum / dx.Length, products / dx.Length);
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] += (float)(_inverse * (g[i] - sum - (y[i] * products)));
        }
    }
}

/// <summary>The derivative of LayerNorm; of the kind with two inputs, whose first output is their sum, too.</summary>
/// <param name="build">The operator.</param>
/// <param name="parameters">Its parameters.</param>
internal sealed class LayerNormGradient(GradientBuild build, Model.Schema.LayerNorm parameters) : ParameterGradient(
    build, ("gamma", ParameterKind.Scale, parameters.Gamma), ("beta", ParameterKind.Bias, parameters.Beta))
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        bool sums = context.InputCount > 1 && context.Node.Outputs.Length > 1;
        float[] x = input.Floats.ToArray(), dx = new float[x.Length];
        if (sums)
        {
            Add(context.Input(1).Floats, x);
            Add(context.OutputGradient(0) is { } own ? own.Floats : [], dx);
        }

        if (context.OutputGradient(sums ? 1 : 0) is { } gradient && x.Length > 0)
        {
            int axes = Math.Min(parameters.Axis?.Length ?? 0, input.Rank);
            int outer = parameters.Group > 1 && input.Rank > 0
                ? input.Shape[0] * parameters.Group
                : Shapes.Product(input.Shape.AsSpan(0, input.Rank - axes));
            AddLines(context, x, gradient.Floats, x.Length / outer, dx);
        }

        for (int i = 0; i < (sums ? 2 : 1); i++)
        {
            if (context.Wants(i))
            {
                dx.CopyTo(context.InputGradient(i).Floats);
            }
        }
    }

    private void AddLines(GradientContext context, ReadOnlySpan<float> x, ReadOnlySpan<float> gradient, int length, Span<float> dx)
    {
        Span<double> gammas = Sums(context, parameters.Gamma), betas = Sums(context, parameters.Beta);
        double[] y = new double[length], g = new double[length];
        for (int start = 0; start < x.Length; start += length)
        {
            var line = new NormalizedLine(x.Slice(start, length), parameters.Epsilon, parameters.UseRMSNorm, y);
            for (int i = 0; i < length; i++)
            {
                double slope = gradient[start + i];
                g[i] = slope * (parameters.Gamma?[i] ?? 1);
                if (!gammas.IsEmpty)
                {
                    gammas[i] += slope * y[i];
                    betas[i] += slope;
                }
            }

            line.AddGradient(y, g, dx.Slice(start, length));
        }
    }

    private static void Add(ReadOnlySpan<float> values, Span<float> target)
    {
        for (int i = 0; i < values.Length; i++)
        {
            target[i] += values[i];
        }
    }
}

/// <summary>The derivative of GroupNorm, with what it adds before and the x * sigmoid(x) after it.</summary>
/// <param name="build">The operator.</param>
/// <param name="parameters">Its parameters.</param>
internal sealed class GroupNormGradient(GradientBuild build, Model.Schema.GroupNorm parameters) : ParameterGradient(
    build, ("gamma", ParameterKind.Scale, parameters.Gamma), ("beta", ParameterKind.Bias, parameters.Beta))
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        int channels = input.Shape[1], planes = input.Shape[0] * channels, spatial = input.Count / Math.Max(1, planes);
        int length = spatial * channels / parameters.Group;
        ReadOnlySpan<float> gradient = context.OutputGradient().Floats;
        float[] x = input.Floats.ToArray(), dx = new float[x.Length];
        for (int i = 0; i < x.Length && context.HasInput(1); i++)
        {
            x[i] += context.Input(1).Floats[i / spatial];
        }

        Span<double> gammas = Sums(context, parameters.Gamma), betas = Sums(context, parameters.Beta);
        double[] y = new double[length], g = new double[length];
        for (int start = 0; start < x.Length; start += length)
        {
            var line = new NormalizedLine(x.AsSpan(start, length), parameters.Epsilon, false, y);
            for (int i = 0; i < length; i++)
            {
                int c = (start + i) / spatial % channels;
                double gamma = parameters.Gamma?[c] ?? 1, slope = gradient[start + i];
                slope *= parameters.BSwish == 0 ? 1 : Derivatives.Silu((y[i] * gamma) + (parameters.Beta?[c] ?? 0));
                g[i] = slope * gamma;
                if (!gammas.IsEmpty)
                {
                    gammas[c] += slope * y[i];
                }

                if (!betas.IsEmpty)
                {
                    betas[c] += slope;
                }
            }

            line.AddGradient(y, g, dx.AsSpan(start, length));
        }

        HandOn(context, dx, planes, spatial);
    }

    private static void HandOn(GradientContext context, ReadOnlySpan<float> dx, int planes, int spatial)
    {
        if (context.Wants(0))
        {
            dx.CopyTo(context.InputGradient(0).Floats);
        }

        for (int p = 0; p < planes && context.Wants(1); p++)
        {
            context.InputGradient(1).Floats[p] = (float)Sums(dx.Slice(p * spatial, spatial));
        }

        static double Sums(ReadOnlySpan<float> values)
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            return sum;
        }
    }
}

/// <summary>The derivative of (x - mean) / sqrt(variance + epsilon) * slope + bias by x, mean and variance.</summary>
/// <param name="build">The operator.</param>
/// <param name="parameters">Its parameters.</param>
internal sealed class InstanceNormGradient(GradientBuild build, Model.Schema.BatchNorm parameters) : ParameterGradient(
    build, ("slope", ParameterKind.Scale, parameters.SlopeData), ("bias", ParameterKind.Bias, parameters.BiasData))
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats, means = context.Input(1).Floats, variances = context.Input(2).Floats;
        ReadOnlySpan<float> g = context.OutputGradient().Floats;
        Span<float> dx = Wanted(context, 0), dMean = Wanted(context, 1), dVariance = Wanted(context, 2);
        Span<double> slopes = Sums(context, parameters.SlopeData), biases = Sums(context, parameters.BiasData);
        int channels = input.Shape[1], spatial = x.Length / Math.Max(1, means.Length);
        for (int plane = 0; plane < means.Length; plane++)
        {
            int c = plane % channels;
            double inverse = 1 / Math.Sqrt((double)variances[plane] + parameters.Epsilon);
            double factor = parameters.SlopeData![c] * inverse, sum = 0, products = 0;
            for (int i = plane * spatial; i < (plane + 1) * spatial; i++)
            {
                sum += g[i];
                products += (double)g[i] * ((double)x[i] - means[plane]);
                if (!dx.IsEmpty)
                {
                    dx[i] = (float)(g[i] * factor);
                }
            }

            if (!slopes.IsEmpty)
            {
                slopes[c] += products * inverse;
                biases[c] += sum;
            }

            if (!dMean.IsEmpty)
            {
                dMean[plane] = (float)(-factor * sum);
            }

            if (!dVariance.IsEmpty)
            {
                dVariance[plane] = (float)(-0.5 * factor * inverse * inverse * products);
            }
        }
    }

    private static Span<float> Wanted(GradientContext context, int input) =>
        context.Wants(input) ? context.InputGradient(input).Floats : default;
}

/// <summary>The derivative of mean and variance of each plane.</summary>
internal sealed class MomentsGradient : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats;
        ReadOnlySpan<float> ofMean = context.OutputGradient(0) is { } first ? first.Floats : [];
        ReadOnlySpan<float> ofVariance = context.OutputGradient(1) is { } second ? second.Floats : [];
        Span<float> dx = context.InputGradient(0).Floats;
        int spatial = input.Shape[2] * input.Shape[3];
        for (int start = 0; start < x.Length; start += spatial)
        {
            double mean = Reduction.Line<Reductions.Mean>(x.Slice(start, spatial));
            double byMean = ofMean.IsEmpty ? 0 : ofMean[start / spatial] / (double)spatial;
            double byVariance = ofVariance.IsEmpty ? 0 : 2.0 * ofVariance[start / spatial] / spatial;
            for (int i = start; i < start + spatial; i++)
            {
                dx[i] = (float)(byMean + (byVariance * (x[i] - mean)));
            }
        }
    }
}
