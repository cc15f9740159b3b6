using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The weights of a convolution in the two forms that execution needs. Each is made on first use, so that a convolution
/// that runs in int8 never pays for float weights, and is shared by all sessions of the model.
/// </summary>
internal sealed class ConvolutionWeights
{
    private readonly Lazy<float[]> _floats;
    private readonly Lazy<DecodedWeights> _levels;
    private readonly Convolution2D _parameters;
    private readonly string _file;
    private readonly string _name;

    public ConvolutionWeights(OpBuildContext context)
    {
        _parameters = context.Param<Convolution2D>();
        _file = context.File;
        _name = context.Name;
        Common = _parameters.Common ?? throw context.Invalid("it has no kernel size, strides and padding");
        if (Common is { KernelX: <= 0 } or { KernelY: <= 0 } or { StrideX: <= 0 } or { StrideY: <= 0 }
            or { DilateX: <= 0 } or { DilateY: <= 0 } or { Group: <= 0 } or { OutputCount: <= 0 })
        {
            throw context.Invalid("kernel, strides, dilations, groups and outputs must be positive");
        }

        _floats = new Lazy<float[]>(() => WeightCodec.Dequantize(_parameters, _file, _name));
        _levels = new Lazy<DecodedWeights>(() => WeightCodec.Decode(_parameters.QuanParameter!, _file, _name));
    }

    /// <summary>Kernel size, strides and so on.</summary>
    public Convolution2DCommon Common { get; }

    /// <summary>[outputs, inputs / groups, kernel height, kernel width]</summary>
    public float[] Floats => _floats.Value;

    /// <summary>The same as int8 levels with scales.</summary>
    public DecodedWeights Levels => _levels.Value;

    /// <summary>[outputs]; empty if there is none.</summary>
    public float[] Bias => _parameters.Bias ?? [];

    /// <summary>True if the weights are stored as int8 levels with one scale an output channel.</summary>
    public bool HasLevels => _parameters.QuanParameter is { Buffer.Length: > 0, Type: 1 or 2 or 4 };

    /// <summary>
    /// True if the runtime multiplies the levels as they are: one scale an output channel, no offsets, not the 4 bits
    /// that it computes in float steps.
    /// </summary>
    public bool HasPlainLevels(bool depthwise) =>
        HasLevels && Levels.Offsets is null && Levels.Scales.Length == Common.OutputCount
        && (depthwise || _parameters.SymmetricQuan?.Nbits != 4);

    /// <summary>
    /// The convolution by Winograd's method that the model asks for; null if it doesn't.
    /// </summary>
    /// <exception cref="TensorShapeException">What the model says about it can't be followed.</exception>
    public Int8Winograd? Winograd()
    {
        if (_parameters.SymmetricQuan is not { WinogradAttr: { Length: > 0 } attribute } quant || Common.OutputCount == 0)
        {
            return null;
        }

        int inputs = Levels.Values.Length / Common.OutputCount / (Common.KernelY * Common.KernelX);
        WinogradUnit[]? units = Common is { StrideX: 1, StrideY: 1, DilateX: 1, DilateY: 1, Group: 1 }
            ? WinogradUnit.Read(attribute, Levels, Common.OutputCount, inputs, Common.KernelY, Common.KernelX)
            : null;
        float[] bias = new float[Common.OutputCount];
        Bias.AsSpan(0, Math.Min(Bias.Length, bias.Length)).CopyTo(bias);
        return units is null
            ? throw new TensorShapeException($"a Winograd description of {attribute.Length} numbers that doesn't fit its kernel")
            : new Int8Winograd(
                units, bias, _parameters.QuanParameter!.ScaleOut, quant.OutputZeroPoint, Common.Relu || Common.Relu6);
    }

    /// <summary>
    /// Scales and zero points that count: the tensors' own if both have scales, otherwise what the operator was stored
    /// with (CPUConvolution.cpp).
    /// </summary>
    /// <param name="input">The input's.</param>
    /// <param name="output">The output's.</param>
    public (float ScaleIn, float ScaleOut, int ZeroIn, int ZeroOut) Effective(QuantParameters input, QuantParameters output) =>
        input.Scale != 0 && output.Scale != 0
            ? (input.Scale, output.Scale, input.ZeroPoint, output.ZeroPoint)
            : (_parameters.QuanParameter?.ScaleIn ?? 0, _parameters.QuanParameter?.ScaleOut ?? 0,
                _parameters.SymmetricQuan?.ZeroPoint ?? 0, _parameters.SymmetricQuan?.OutputZeroPoint ?? 0);

    /// <summary>The shape of one run, checked against the weights.</summary>
    /// <param name="image">The input.</param>
    /// <param name="weightCount">Number of weights.</param>
    /// <param name="depthwise">Whether each channel has a kernel of its own.</param>
    public Kernels.ConvolutionShape Shape(ImageShape image, long weightCount, bool depthwise)
    {
        var geometry = new ConvolutionGeometry(Common);
        (int Height, int Width, int PadTop, int PadLeft) output = geometry.Forward(image.Height, image.Width);
        int outputs = depthwise ? image.Channels : Common.OutputCount;
        int group = depthwise ? image.Channels : Group(image.Channels, weightCount);
        if (output is { Height: <= 0 } or { Width: <= 0 })
        {
            throw new TensorShapeException($"pictures of {image.Width} x {image.Height}, less than its kernel covers");
        }

        if (outputs != Common.OutputCount || weightCount != (long)outputs * (image.Channels / group) * Common.KernelX * Common.KernelY)
        {
            throw new TensorShapeException(
                $"{image.Channels} channels, which {weightCount} weights for {outputs} outputs don't fit");
        }

        return geometry.Shape(image, output, outputs, group);
    }

    // Some converters leave the group at 1 and let the number of weights tell it.
    private int Group(int channels, long weightCount)
    {
        long perInput = (long)Common.OutputCount * Common.KernelX * Common.KernelY;
        if (perInput <= 0 || weightCount % perInput != 0)
        {
            throw new TensorShapeException($"{weightCount} weights for {Common.OutputCount} outputs");
        }

        int inputsPerGroup = (int)(weightCount / perInput);
        return inputsPerGroup > 0 && channels % inputsPerGroup == 0 ? channels / inputsPerGroup : 1;
    }
}
