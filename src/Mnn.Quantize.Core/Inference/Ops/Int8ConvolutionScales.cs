using Mnn.Quantize.Model;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// What turns the int32 sums of an int8 convolution into output steps, for one input and one output scale; the order of
/// operations is that of CPUConvolution.cpp, updateInputOutputScale, on x86.
/// </summary>
internal sealed class Int8ConvolutionScales
{
    // The x86 runtime keeps activations as unsigned bytes, 128 higher, and makes up for it in the bias.
    private const int StorageOffset = 128;

    // A depthwise convolution's weight scales are at least this.
    private const float LeastWeightScale = 1e-6f;

    private readonly QuantParameters _input;
    private readonly QuantParameters _output;

    public Int8ConvolutionScales(
        ConvolutionWeights weights, DecodedWeights levels, bool depthwise, QuantParameters input, QuantParameters output)
    {
        _input = input;
        _output = output;
        (float scaleIn, float scaleOut, int zeroIn, int zeroOut) = weights.Effective(input, output);
        int channels = levels.Scales.Length;
        SumBias = new int[channels];
        Padding = unchecked((sbyte)zeroIn);
        Min = weights.Common.Relu || weights.Common.Relu6 ? zeroOut : output.Min;
        Max = output.Max;
        if (depthwise)
        {
            Scale = new float[channels];
            OutputBias = [];
        }
        else
        {
            Scale = levels.Scales;
            OutputBias = new float[channels];
            Ratio = input.Scale / output.Scale;
        }

        int perOutput = channels == 0 ? 0 : levels.Values.Length / channels;
        for (int i = 0; i < channels; i++)
        {
            int sum = Sum(levels.Values.AsSpan(i * perOutput, perOutput));
            float bias = i < weights.Bias.Length ? weights.Bias[i] : 0;
            SumBias[i] = sum * StorageOffset;
            if (depthwise)
            {
                Depthwise(i, levels.Scales[i], sum, bias, scaleIn, scaleOut, zeroIn, zeroOut);
            }
            else
            {
                float shift = sum * levels.Scales[i] * (zeroIn + StorageOffset) * scaleIn;
                OutputBias[i] = ((bias - shift) / scaleOut) + zeroOut;
            }
        }
    }

    /// <summary>[channels], where sums start.</summary>
    public int[] SumBias { get; }

    /// <summary>[channels]: of weights if dense; by which sums are multiplied if depthwise.</summary>
    public float[] Scale { get; }

    /// <summary>Input scale by output scale; for dense ones.</summary>
    public float Ratio { get; }

    /// <summary>[channels], in output steps; for dense ones.</summary>
    public float[] OutputBias { get; }

    /// <summary>What positions outside the input count as.</summary>
    public sbyte Padding { get; }

    /// <summary>Smallest result.</summary>
    public int Min { get; }

    /// <summary>Largest result.</summary>
    public int Max { get; }

    /// <summary>Whether it was made for these.</summary>
    public bool IsFor(QuantParameters input, QuantParameters output) => _input == input && _output == output;

    // The runtime keeps these biases as int32, each part cut by itself and added up in float.
    private void Depthwise(
        int channel, float weightScale, int sum, float bias, float scaleIn, float scaleOut, int zeroIn, int zeroOut)
    {
        // A channel whose scale is 0 or no number gets this instead of its sum there: 0 / 0 as an integer.
        float counted = weightScale == 0 || float.IsNaN(weightScale) ? int.MinValue : sum;
        float atLeast = MathF.Abs(weightScale) < LeastWeightScale ? LeastWeightScale : weightScale;
        float scale = atLeast * (scaleIn / scaleOut);
        float inSums = ToInt32(bias / (scaleIn * atLeast)) - (counted * (zeroIn + StorageOffset));
        Scale[channel] = scale;
        SumBias[channel] = unchecked(SumBias[channel] + ToInt32(inSums + ToInt32(zeroOut / scale)));
    }

    private static int Sum(ReadOnlySpan<sbyte> values)
    {
        int sum = 0;
        foreach (sbyte value in values)
        {
            sum += value;
        }

        return sum;
    }

    // The x86 instruction cuts, and yields the smallest int32 for whatever doesn't fit, NaN among it.
    private static int ToInt32(float value) =>
        value is >= int.MinValue and < 2147483648f ? (int)value : int.MinValue;
}
