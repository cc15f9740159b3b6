using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// A convolution on int8 tensors with the runtime's arithmetic (CPUConvolution.cpp, updateInputOutputScale, x86 build):
/// a dense one multiplies its int32 sum by weight scale * input scale / output scale and adds a float bias; a depthwise
/// one first truncates its bias to an int32 and adds it to the sum. Both round halves away from zero.
/// </summary>
/// <remarks>
/// Sums are computed by the float kernels on integers, which is exact below 2^24; they reach that only where more than
/// 1,040 products all have full magnitude.
/// </remarks>
internal sealed class Int8Convolution
{
    // The x86 runtime keeps activations as unsigned bytes, 128 higher, which its bias makes up for.
    private const int StorageOffset = 128;

    private readonly ConvolutionWeights _weights;
    private readonly bool _depthwise;
    private readonly float[] _levels;
    private readonly float[] _scales;
    private readonly int[] _levelSums;
    private readonly Lock _packing = new();
    private float[]? _packed;

    public Int8Convolution(ConvolutionWeights weights, bool depthwise)
    {
        _weights = weights;
        _depthwise = depthwise;
        DecodedWeights decoded = weights.Levels;
        _levels = Array.ConvertAll(decoded.Values, v => (float)v);
        _scales = decoded.Scales;
        _levelSums = new int[_scales.Length];
        int perOutput = decoded.Values.Length / _scales.Length;
        for (int i = 0; i < decoded.Values.Length; i++)
        {
            _levelSums[i / perOutput] += decoded.Values[i];
        }
    }

    /// <summary>Convolves int8 input 0 to int8 output 0.</summary>
    public void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ConvolutionShape shape = _weights.Shape(ImageShape.Of(input), _levels.Length, _depthwise);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Int8);
        Requantization requantization = Requantize(input.Quant!, output.Quant!);

        Tensor steps = context.Temporary(ElementType.Float32, input.Shape, input.Format);
        Subtract(input.Int8s, input.Quant!.ZeroPoint, steps.Floats);
        Tensor sums = context.Temporary(ElementType.Float32, output.Shape, output.Format);
        if (_depthwise)
        {
            DepthwiseConvolution2D.Run(shape, steps.Floats, Packed(shape), default, sums.Floats);
        }
        else
        {
            Span<float> scratch = context.Scratch<float>(Convolution2D.ScratchSize(shape));
            Convolution2D.Run(shape, steps.Floats, Packed(shape), default, sums.Floats, scratch);
        }

        requantization.Apply(sums.Floats, output.Int8s);
        OpContext.Release(steps);
        OpContext.Release(sums);
    }

    private static void Subtract(ReadOnlySpan<sbyte> source, int zeroPoint, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = source[i] - zeroPoint;
        }
    }

    private Requantization Requantize(QuantParameters input, QuantParameters output)
    {
        int channels = _scales.Length;
        var scale = new float[channels];
        var before = new float[channels];
        var after = new float[channels];
        float ratio = input.Scale / output.Scale;
        for (int i = 0; i < channels; i++)
        {
            float bias = i < _weights.Bias.Length ? _weights.Bias[i] : 0;
            if (_depthwise)
            {
                float weightScale = MathF.Abs(_scales[i]) < 1e-6f ? 1e-6f : _scales[i];
                scale[i] = weightScale * ratio;
                before[i] = MathF.Truncate(bias / (input.Scale * weightScale))
                    + MathF.Truncate(output.ZeroPoint / scale[i]);
            }
            else
            {
                scale[i] = _scales[i] * ratio;
                before[i] = (float)_levelSums[i] * (input.ZeroPoint + StorageOffset);
                after[i] = ((bias - (_levelSums[i] * _scales[i] * (input.ZeroPoint + StorageOffset) * input.Scale))
                    / output.Scale) + output.ZeroPoint;
            }
        }

        bool clipsBelow = _weights.Common.Relu || _weights.Common.Relu6;
        return new Requantization(
            scale, before, after, clipsBelow ? output.ZeroPoint : output.Min, output.Max);
    }

    private float[] Packed(in ConvolutionShape shape)
    {
        lock (_packing)
        {
            if (_packed is null && _depthwise)
            {
                _packed = new float[DepthwiseConvolution2D.PackedSize(shape)];
                DepthwiseConvolution2D.PackWeights(shape, _levels, _packed);
            }
            else if (_packed is null)
            {
                _packed = new float[Convolution2D.PackedSize(shape)];
                Convolution2D.PackWeights(shape, _levels, _packed);
            }

            return _packed;
        }
    }

    /// <summary>q = clamp(round((sum + before) * scale + after)), each with a value a channel.</summary>
    private sealed record Requantization(float[] Scale, float[] Before, float[] After, int Min, int Max)
    {
        public void Apply(ReadOnlySpan<float> sums, Span<sbyte> result)
        {
            int channels = Scale.Length;
            for (int start = 0; start < sums.Length; start += channels)
            {
                ReadOnlySpan<float> row = sums.Slice(start, channels);
                Span<sbyte> quantized = result.Slice(start, channels);
                for (int c = 0; c < row.Length; c++)
                {
                    float steps = ((row[c] + Before[c]) * Scale[c]) + After[c];
                    float bounded = MathF.Max(-512, MathF.Min(512, steps));
                    float rounded = MathF.Truncate(bounded + MathF.CopySign(0.5f, bounded));
                    quantized[c] = (sbyte)MathF.Max(Min, MathF.Min(Max, rounded));
                }
            }
        }
    }
}
