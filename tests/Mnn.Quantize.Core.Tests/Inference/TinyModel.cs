using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>A model of few operators with the values to run it on.</summary>
internal sealed class TinyModel(string name)
{
    private readonly List<Op> _ops = [];
    private readonly List<string> _names = [];
    private readonly List<TensorValue> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly List<SubGraphProto> _graphs = [];
    private readonly List<TensorDescribe> _describes = [];
    private uint _random = 1;

    /// <summary>What it is called.</summary>
    internal string Name => name;

    /// <summary>What goes in.</summary>
    internal TensorValue[] Inputs => [.. _inputs];

    /// <summary>The model.</summary>
    internal MnnModel Build() => MnnModel.FromNet(
        new Net
        {
            Oplists = _ops,
            TensorName = [.. _names],
            TensorNumber = _names.Count,
            OutputName = [.. _outputs],
            SourceType = NetSource.ONNX,
            Subgraphs = _graphs.Count > 0 ? _graphs : null,
            ExtraTensorDescribe = _describes.Count > 0 ? _describes : null,
        },
        $"{name}.mnn");

    /// <summary>An input of given floats, or of arbitrary ones from -1 to 1.</summary>
    internal int Floats(int[] shape, MNN_DATA_FORMAT format = MNN_DATA_FORMAT.NCHW, float[]? values = null)
    {
        int id = NewTensor($"in{_inputs.Count}");
        _inputs.Add(new TensorValue(_names[id], shape, values ?? Arbitrary(shape.Aggregate(1, (a, b) => a * b))));
        _ops.Add(new Op
        {
            Name = _names[id],
            Type = OpType.Input,
            Main = new Input { Dims = shape, Dtype = DataType.DT_FLOAT, Dformat = format },
            OutputIndexes = [id],
        });
        return id;
    }

    /// <summary>An input of integers.</summary>
    internal int Ints(int[] shape, params int[] values)
    {
        int id = NewTensor($"in{_inputs.Count}");
        _inputs.Add(new TensorValue(_names[id], shape, values));
        _ops.Add(new Op
        {
            Name = _names[id],
            Type = OpType.Input,
            Main = new Input { Dims = shape, Dtype = DataType.DT_INT32, Dformat = MNN_DATA_FORMAT.NCHW },
            OutputIndexes = [id],
        });
        return id;
    }

    /// <summary>A constant of integers.</summary>
    internal int ConstInts(int[] shape, params int[] values) =>
        Const(new Blob { Dims = shape, DataFormat = MNN_DATA_FORMAT.NCHW, DataType = DataType.DT_INT32, Int32s = values });

    /// <summary>A constant of floats.</summary>
    internal int ConstFloats(int[] shape, params float[] values) =>
        Const(new Blob { Dims = shape, DataFormat = MNN_DATA_FORMAT.NCHW, DataType = DataType.DT_FLOAT, Float32s = values });

    /// <summary>A constant of arbitrary floats.</summary>
    internal int ConstArbitrary(params int[] shape) =>
        ConstFloats(shape, Arbitrary(shape.Aggregate(1, (a, b) => a * b)));

    /// <summary>An operator with one output.</summary>
    internal int Add(OpType type, object? main, params int[] inputs) => AddMany(type, main, 1, inputs)[0];

    /// <summary>Gives a tensor a scale, so that it can be int8.</summary>
    internal int Int8(int id, float scale, int zeroPoint = 0, int min = -127)
    {
        _describes.Add(new TensorDescribe
        {
            Index = id,
            QuantInfo = new TensorQuantInfo
            {
                Scale = scale,
                Zero = zeroPoint,
                Min = min,
                Max = 127,
                Type = DataType.DT_INT8,
            },
        });
        return id;
    }

    /// <summary>An operator with several outputs.</summary>
    internal int[] AddMany(OpType type, object? main, int outputs, params int[] inputs)
    {
        int[] ids = [.. Enumerable.Range(0, outputs).Select(i => NewTensor($"t{_names.Count}"))];
        _ops.Add(new Op
        {
            Name = _names[ids[0]],
            Type = type,
            Main = main,
            InputIndexes = inputs,
            OutputIndexes = ids,
            DefaultDimentionFormat = MNN_DATA_FORMAT.NCHW,
        });
        return ids;
    }

    /// <summary>A graph for control flow: floats in, one operator, its result out.</summary>
    internal void Graph(string graph, string[] inputs, string output, OpType type, object? main)
    {
        List<Op> nodes =
        [
            .. inputs.Select((n, i) => new Op
            {
                Name = n,
                Type = OpType.Input,
                Main = new Input { Dims = [2], Dtype = DataType.DT_FLOAT, Dformat = MNN_DATA_FORMAT.NCHW },
                OutputIndexes = [i],
            }),
            new Op
            {
                Name = output,
                Type = type,
                Main = main,
                InputIndexes = [.. Enumerable.Range(0, inputs.Length)],
                OutputIndexes = [inputs.Length],
            },
        ];
        _graphs.Add(new SubGraphProto
        {
            Name = graph,
            Inputs = [.. Enumerable.Range(0, inputs.Length)],
            Outputs = [inputs.Length],
            Tensors = [.. inputs, output],
            Nodes = nodes,
        });
    }

    /// <summary>Names what comes out.</summary>
    internal TinyModel Gives(params int[] tensors)
    {
        _outputs.AddRange(tensors.Select(id => _names[id]));
        return this;
    }

    /// <summary>Floats from -1 to 1, other ones at each call.</summary>
    internal float[] Arbitrary(int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            _random = (_random * 1664525) + 1013904223;
            values[i] = ((_random >> 8) / 8388608f) - 1;
        }

        return values;
    }

    private int Const(Blob blob)
    {
        int id = NewTensor($"c{_names.Count}");
        _ops.Add(new Op { Name = _names[id], Type = OpType.Const, Main = blob, OutputIndexes = [id] });
        return id;
    }

    private int NewTensor(string tensor)
    {
        _names.Add(tensor);
        return _names.Count - 1;
    }
}
