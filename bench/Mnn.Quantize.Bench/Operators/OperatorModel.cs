using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Bench.Operators;

/// <summary>
/// A model of copies of one operator, whose tensors have the runtime's own layout, so that nothing is converted. Each copy takes
/// what the one before gave, or all take the same where the sizes change.
/// </summary>
internal sealed class OperatorModel
{
    private const int Copies = 8;
    private const string Prefix = "measured";

    private readonly Random _random = new(1);
    private readonly List<Op> _ops = [];
    private readonly List<string> _tensors = [];

    private OperatorModel(string name, int size, int channels, long values)
    {
        (Name, Size, Channels, Bytes) = (name, size, channels, values * sizeof(float));
    }

    /// <summary>What the operator is, with its sizes.</summary>
    public string Name { get; }

    /// <summary>Height and width of the input.</summary>
    public int Size { get; }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; }

    /// <summary>Bytes that one copy must read and write at least.</summary>
    public long Bytes { get; }

    /// <summary>The model.</summary>
    public MnnModel Model { get; private set; } = null!;

    /// <summary>True for an operator that is to be measured.</summary>
    public static bool IsMeasured(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A depthwise convolution with the size kept at stride 1.</summary>
    public static OperatorModel Depthwise(int size, int channels, int kernel, int stride)
    {
        int output = (size + stride - 1) / stride;
        var model = new OperatorModel(
            $"depthwise {kernel}x{kernel}, stride {stride}, {size}x{size}x{channels}", size, channels,
            (long)((size * size) + (output * output)) * channels);
        return model.Build(stride == 1, () => (OpType.ConvolutionDepthwise, model.DepthwiseParameters(kernel, stride)));
    }

    /// <summary>A pooling with stride 2.</summary>
    public static OperatorModel Pooling(int size, int channels, int kernel, PoolType type)
    {
        int output = (size + 1) / 2, pad = (kernel - 1) / 2;
        var model = new OperatorModel(
            $"{(type == PoolType.MAXPOOL ? "max" : "average")} pooling {kernel}x{kernel}, stride 2, {size}x{size}x{channels}", size,
            channels, (long)((size * size) + (output * output)) * channels);
        var pool = new Pool
        {
            KernelX = kernel,
            KernelY = kernel,
            StrideX = 2,
            StrideY = 2,
            PadX = pad,
            PadY = pad,
            Type = type,
            CeilModel = false,
        };
        return model.Build(chained: false, () => (OpType.Pooling, pool));
    }

    /// <summary>A function of each element, or of two of them.</summary>
    public static OperatorModel Elementwise(string name, int size, int channels, OpType type, object parameters, int inputs = 1)
    {
        var model = new OperatorModel($"{name} {size}x{size}x{channels}", size, channels, (long)size * size * channels * (inputs + 1));
        return model.Build(chained: true, () => (type, parameters), inputs);
    }

    private OperatorModel Build(bool chained, Func<(OpType Type, object Parameters)> make, int inputs = 1)
    {
        int[] dims = [1, Channels, Size, Size];
        int input = Add("input", OpType.Input, new Input
        {
            Dims = dims,
            Dtype = DataType.DT_FLOAT,
            Dformat = MNN_DATA_FORMAT.NC4HW4,
        });

        // It turns the input into the engine's layout, once for all.
        int stem = Add("stem", OpType.ConvolutionDepthwise, DepthwiseParameters(1, 1), input), last = stem;
        List<string> outputs = [];
        for (int copy = 0; copy < Copies; copy++)
        {
            (OpType type, object parameters) = make();
            int[] sources = inputs == 2 ? [chained ? last : stem, stem] : [chained ? last : stem];
            last = Add($"{Prefix}{copy}", type, parameters, sources);
            outputs.Add(_tensors[last]);
        }

        Model = MnnModel.FromNet(
            new Net
            {
                Oplists = _ops,
                TensorName = [.. _tensors],
                TensorNumber = _tensors.Count,
                OutputName = chained ? [_tensors[last]] : [.. outputs],
                SourceType = NetSource.ONNX,
            },
            $"{Name}.mnn");
        return this;
    }

    private int Add(string name, OpType type, object parameters, params int[] inputs)
    {
        _tensors.Add(name);
        _ops.Add(new Op
        {
            Name = name,
            Type = type,
            Main = parameters,
            InputIndexes = inputs,
            OutputIndexes = [_tensors.Count - 1],
            DefaultDimentionFormat = MNN_DATA_FORMAT.NC4HW4,
        });
        return _tensors.Count - 1;
    }

    private Convolution2D DepthwiseParameters(int kernel, int stride) => new()
    {
        Common = new Convolution2DCommon
        {
            KernelX = kernel,
            KernelY = kernel,
            StrideX = stride,
            StrideY = stride,
            PadX = (kernel - 1) / 2,
            PadY = (kernel - 1) / 2,
            Group = Channels,
            InputCount = Channels,
            OutputCount = Channels,
        },
        Weight = Arbitrary(Channels * kernel * kernel),
        Bias = Arbitrary(Channels),
    };

    private float[] Arbitrary(int count) => [.. Enumerable.Range(0, count).Select(_ => (_random.NextSingle() * 2) - 1)];
}
