using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Builds models of a few operators, one behind the other unless told otherwise.</summary>
internal sealed class SmallNet
{
    private readonly List<Op> _ops = [];
    private readonly List<string> _names = [];
    private readonly Random _random = new(7);

    /// <summary>Id of the tensor that was made last.</summary>
    public int Last => _names.Count - 1;

    /// <summary>The operators so far.</summary>
    public IReadOnlyList<Op> Ops => _ops;

    public static Relu6 Clip(float low, float high) => new() { MinValue = low, MaxValue = high };

    public SmallNet Input(int channels, int size)
    {
        var input = new Input { Dims = [1, channels, size, size], Dformat = MNN_DATA_FORMAT.NC4HW4, Dtype = DataType.DT_FLOAT };
        return Add(OpType.Input, "data", input, []);
    }

    public SmallNet Convolution(
        string name, int inputs, int outputs, OpType type = OpType.Convolution, int group = 1, int kernel = 3, int? from = null)
    {
        int weights = outputs * (type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise ? 1 : inputs / group);
        var common = new Convolution2DCommon
        {
            KernelX = kernel,
            KernelY = kernel,
            PadX = kernel / 2,
            PadY = kernel / 2,
            Group = group,
            InputCount = inputs,
            OutputCount = outputs,
        };
        var convolution = new Convolution2D
        {
            Common = common,
            Weight = Values(weights * kernel * kernel, -0.5f, 0.5f),
            Bias = Values(outputs, -1, 1),
        };
        return Add(type, name, convolution, [from ?? Last]);
    }

    public SmallNet BatchNorm(string name, int channels, int? from = null) => Add(
        OpType.BatchNorm,
        name,
        new BatchNorm
        {
            Channels = channels,
            SlopeData = Values(channels, -1.5f, 2),
            MeanData = Values(channels, -1, 1),
            VarData = Values(channels, 0.1f, 3),
            BiasData = Values(channels, -1, 1),
            Epsilon = 1e-5f,
        },
        [from ?? Last]);

    public SmallNet Scale(string name, int channels, int? from = null) => Add(
        OpType.Scale,
        name,
        new Scale { Channels = channels, ScaleData = Values(channels, 0.5f, 2), BiasData = Values(channels, -1, 1) },
        [from ?? Last]);

    public SmallNet Sum(string name, int a, int b) =>
        Add(OpType.BinaryOp, name, new BinaryOp { OpType = (int)BinaryOpOperation.ADD }, [a, b]);

    public SmallNet Add(OpType type, string name, object? parameters, int[] inputs)
    {
        _ops.Add(new Op { Type = type, Name = name, Main = parameters, InputIndexes = inputs, OutputIndexes = [_names.Count] });
        _names.Add(name);
        return this;
    }

    /// <summary>An operator with two outputs.</summary>
    public SmallNet AddTwo(OpType type, string name, object? parameters, int[] inputs)
    {
        Add(type, name, parameters, inputs);
        _ops[^1].OutputIndexes = [_names.Count - 1, _names.Count];
        _names.Add(name + "'");
        return this;
    }

    /// <summary>A constant of floats.</summary>
    public SmallNet Constant(string name, params int[] shape) => Add(
        OpType.Const,
        name,
        new Blob
        {
            Dims = shape,
            DataFormat = MNN_DATA_FORMAT.NCHW,
            DataType = DataType.DT_FLOAT,
            Float32s = Values(shape.Aggregate(1, (a, b) => a * b), -1, 1),
        },
        []);

    /// <summary>The model; the last tensor is its output, with others if named.</summary>
    public MnnModel Build(params string[] moreOutputs)
    {
        var net = new Net
        {
            Oplists = _ops,
            TensorName = [.. _names],
            TensorNumber = _names.Count,
            OutputName = [.. moreOutputs, _names[^1]],
        };
        return MnnModel.FromBytes(MnnModel.FromNet(net, "small.mnn").ToBytes(), "small.mnn");
    }

    public float[] Values(int count, float low, float high) =>
        [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * _random.NextSingle()))];
}
