using System.Globalization;
using System.Runtime.InteropServices;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

// Makes a model for tests of load: OPS operators in a chain, convolutions of 1x1 over CHANNELS channels with a ReLU after
// each, on a picture of 8x8 with CHANNELS channels. With "external" the weights lie in FILE.weight.
// Usage: OPS CHANNELS FILE [external]
if (args.Length < 3)
{
    Console.Error.WriteLine("Usage: OPS CHANNELS FILE [external]");
    return 2;
}

int count = int.Parse(args[0], CultureInfo.InvariantCulture);
int channels = int.Parse(args[1], CultureInfo.InvariantCulture);
bool isExternal = args.Length > 3;
using FileStream? outside = isExternal ? File.Create(args[2] + ".weight") : null;
var ops = new List<Op>
{
    new()
    {
        Name = "input",
        Type = OpType.Input,
        Main = new Input { Dims = [1, channels, 8, 8], Dtype = DataType.DT_FLOAT, Dformat = MNN_DATA_FORMAT.NC4HW4 },
        OutputIndexes = [0],
    },
};
uint random = 1;
for (int i = 1; i <= count; i++)
{
    ops.Add(i % 2 == 1 ? Convolution(i) : new Op
    {
        Name = $"relu{i}",
        Type = OpType.ReLU,
        Main = new Relu(),
        InputIndexes = [i - 1],
        OutputIndexes = [i],
        DefaultDimentionFormat = MNN_DATA_FORMAT.NC4HW4,
    });
}

var net = new Net
{
    Oplists = ops,
    TensorName = [.. ops.Select(op => op.Name!)],
    TensorNumber = ops.Count,
    OutputName = [ops[^1].Name!],
    SourceType = NetSource.ONNX,
};
File.WriteAllBytes(args[2], MnnModel.FromNet(net).ToBytes());
return 0;

Op Convolution(int i)
{
    // Rows whose squares sum to 2, so that values neither grow nor vanish behind thousands of ReLUs.
    var weights = new float[channels * channels];
    float size = MathF.Sqrt(6f / channels);
    for (int k = 0; k < weights.Length; k++)
    {
        random = (random * 1664525) + 1013904223;
        weights[k] = (((random >> 8) / (float)(1 << 23)) - 1) * size;
    }

    var convolution = new Convolution2D
    {
        Common = new Convolution2DCommon
        {
            KernelX = 1,
            KernelY = 1,
            StrideX = 1,
            StrideY = 1,
            DilateX = 1,
            DilateY = 1,
            Group = 1,
            InputCount = channels,
            OutputCount = channels,
        },
    };
    var bias = new float[channels];
    if (outside is null)
    {
        convolution.Weight = weights;
        convolution.Bias = bias;
    }
    else
    {
        convolution.External = [outside.Position, 4L * weights.Length, 4L * bias.Length];
        outside.Write(MemoryMarshal.AsBytes(weights.AsSpan()));
        outside.Write(MemoryMarshal.AsBytes(bias.AsSpan()));
    }

    return new Op
    {
        Name = $"conv{i}",
        Type = OpType.Convolution,
        Main = convolution,
        InputIndexes = [i - 1],
        OutputIndexes = [i],
        DefaultDimentionFormat = MNN_DATA_FORMAT.NC4HW4,
    };
}
