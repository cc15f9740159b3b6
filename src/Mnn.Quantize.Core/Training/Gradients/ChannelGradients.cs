using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivatives of operators with numbers of each channel, which are trained: y = x * scale + bias, and PReLU.
/// </summary>
internal sealed class ChannelGradient : Gradient
{
    private readonly float[] _factors;
    private readonly bool _onlyNegative;
    private readonly TrainableParameter[] _parameters;
    private readonly LaneSums<double> _factorSums;
    private readonly LaneSums<double> _biasSums;

    private ChannelGradient(float[] factors, bool onlyNegative, TrainableParameter[] parameters)
    {
        (_factors, _onlyNegative, _parameters) = (factors, onlyNegative, parameters);
        (_factorSums, _biasSums) = (new LaneSums<double>(factors.Length), new LaneSums<double>(factors.Length));
    }

    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters => _parameters;

    /// <summary>Of Scale.</summary>
    public static Gradient CreateScale(GradientBuild build)
    {
        var scale = (Scale)build.Op.Main!;
        TrainableParameter[] parameters = build.Frozen
            ? []
            : [
                new TrainableParameter(build.Node.Name + ".scale", ParameterKind.Scale, [scale.ScaleData!.Length], scale.ScaleData),
                .. scale.BiasData is { Length: > 0 } bias
                    ? (TrainableParameter[])[new TrainableParameter(build.Node.Name + ".bias", ParameterKind.Bias, [bias.Length], bias)]
                    : [],
            ];
        return new ChannelGradient(scale.ScaleData!, onlyNegative: false, parameters);
    }

    /// <summary>Of PReLU.</summary>
    public static Gradient CreatePrelu(GradientBuild build)
    {
        float[] slopes = ((PRelu)build.Op.Main!).Slope!;
        return new ChannelGradient(slopes, onlyNegative: true, build.Frozen
            ? []
            : [new TrainableParameter(build.Node.Name + ".slope", ParameterKind.Scale, [slopes.Length], slopes)]);
    }

    /// <inheritdoc/>
    public override void Begin(int lanes)
    {
        _factorSums.Begin(lanes);
        _biasSums.Begin(lanes);
    }

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.Wants(0) ? context.InputGradient(0).Floats : default;
        double[] factors = _factorSums.Of(context.TrainingRun.Lane), biases = _biasSums.Of(context.TrainingRun.Lane);
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

            factors[c] += multiplied ? (double)g[i] * x[i] : 0;
            biases[c] += g[i];
        }
    }

    /// <inheritdoc/>
    public override void Reduce()
    {
        for (int p = 0; p < _parameters.Length; p++)
        {
            LaneSums<double> sums = p == 0 ? _factorSums : _biasSums;
            for (int c = 0; c < _parameters[p].Gradient.Length; c++)
            {
                _parameters[p].Gradient[c] = (float)sums.Sum(c);
            }
        }
    }
}
