using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivatives of operators with numbers of each channel, which are trained: y = x * scale + bias, and PReLU.
/// </summary>
internal sealed class ChannelGradient : ParameterGradient
{
    private readonly float[] _factors;
    private readonly float[]? _addends;
    private readonly bool _onlyNegative;

    private ChannelGradient(GradientBuild build, string name, float[] factors, float[]? addends, bool onlyNegative)
        : base(build, (name, ParameterKind.Scale, factors), ("bias", ParameterKind.Bias, addends)) =>
        (_factors, _addends, _onlyNegative) = (factors, addends, onlyNegative);

    /// <summary>Of Scale.</summary>
    public static Gradient CreateScale(GradientBuild build)
    {
        var scale = (Scale)build.Op.Main!;
        return new ChannelGradient(build, "scale", scale.ScaleData!, scale.BiasData, onlyNegative: false);
    }

    /// <summary>Of PReLU.</summary>
    public static Gradient CreatePrelu(GradientBuild build) =>
        new ChannelGradient(build, "slope", ((PRelu)build.Op.Main!).Slope!, null, onlyNegative: true);

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.Wants(0) ? context.InputGradient(0).Floats : default;
        Span<double> factors = Sums(context, _factors), addends = Sums(context, _addends);
        bool last = input.IsChannelsLast || input.Format == MNN_DATA_FORMAT.NHWC || input.Rank == 2;
        int plane = last ? 1 : Shapes.Product(input.Shape.AsSpan(2));
        for (int i = 0; i < x.Length; i++)
        {
            int c = _factors.Length == 1 ? 0 : i / plane % _factors.Length;
            bool multiplied = !_onlyNegative || x[i] < 0;
            if (!dx.IsEmpty)
            {
                dx[i] = multiplied ? g[i] * _factors[c] : g[i];
            }

            if (!factors.IsEmpty && multiplied)
            {
                factors[c] += (double)g[i] * x[i];
            }

            if (!addends.IsEmpty)
            {
                addends[c] += g[i];
            }
        }
    }
}
