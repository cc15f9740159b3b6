using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Correction;

/// <summary>The weights of a convolution by the input channel that they multiply.</summary>
internal sealed class ColumnReader
{
    private const int WeightLevels = 127;

    private readonly Convolution2D _convolution;
    private readonly float[] _weights;
    private readonly int _outputs;
    private readonly int _inputs;
    private readonly int _kernel;
    private readonly int _groups;

    /// <summary>Reads a convolution, depthwise or not.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="file">The model's path, for messages.</param>
    public ColumnReader(Op op, string file)
    {
        _convolution = (Convolution2D)op.Main!;
        _weights = WeightCodec.Dequantize(_convolution, file, op.Name ?? "");
        _outputs = _convolution.Common!.OutputCount;
        _kernel = _convolution.Common.KernelX * _convolution.Common.KernelY;
        _inputs = _weights.Length / Math.Max(1, _outputs * _kernel);
        _groups = op.Type == OpType.ConvolutionDepthwise ? _outputs : Math.Max(1, _convolution.Common.Group);
    }

    /// <summary>Number of input channels.</summary>
    public int Channels => _inputs * _groups;

    /// <summary>
    /// Predicted squared error of the results, from the rounding of inputs and of weights: rounding errors are spread
    /// evenly over a step and independent, so that a step d adds d * d / 12 times the square of what it is multiplied by.
    /// </summary>
    /// <param name="factors">[channels]: inputs are divided by these, weights multiplied.</param>
    /// <param name="span">The inputs' values as they were.</param>
    /// <param name="levels">Steps of an input's whole range.</param>
    public double Error(double[] factors, ChannelSpan span, int levels)
    {
        (double low, double high) = (0, 0);
        double[] powers = new double[_groups];
        for (int c = 0; c < factors.Length; c++)
        {
            low = Math.Min(low, span.Low[c] / factors[c]);
            high = Math.Max(high, span.High[c] / factors[c]);
            powers[c / _inputs] += span.Squares[c] / span.Count / (factors[c] * factors[c]);
        }

        double step = (high - low) / levels;
        double error = 0;
        for (int o = 0; o < _outputs; o++)
        {
            int group = o / Math.Max(1, _outputs / _groups);
            (double squares, double greatest) = (0, 0);
            for (int i = 0; i < _inputs * _kernel; i++)
            {
                double weight = _weights[(o * _inputs * _kernel) + i] * factors[(group * _inputs) + (i / _kernel)];
                squares += weight * weight;
                greatest = Math.Max(greatest, Math.Abs(weight));
            }

            double weightStep = greatest / WeightLevels;
            error += (step * step * squares) + (weightStep * weightStep * powers[group] * _kernel);
        }

        return error / 12;
    }

    /// <summary>Multiplies the weights of each input channel; they become float.</summary>
    /// <param name="factors">[channels].</param>
    public void Multiply(float[] factors)
    {
        var weights = new float[_weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int o = i / (_inputs * _kernel);
            int group = o / Math.Max(1, _outputs / _groups);
            weights[i] = _weights[i] * factors[(group * _inputs) + (i / _kernel % _inputs)];
        }

        _convolution.Weight = weights;
        _convolution.QuanParameter = null;
    }
}
