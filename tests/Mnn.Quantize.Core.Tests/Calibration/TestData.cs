using System.Text;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Tests.Calibration;

/// <summary>Pictures, configs and models in small.</summary>
internal static class TestData
{
    /// <summary>A PPM picture whose pixel (x, y) is what <paramref name="colour"/> says.</summary>
    internal static byte[] Picture(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"));
        for (int i = 0; i < width * height; i++)
        {
            (byte r, byte g, byte b) = colour(i % width, i / width);
            bytes.AddRange([r, g, b]);
        }

        return [.. bytes];
    }

    /// <summary>A picture of noise.</summary>
    internal static byte[] Noise(int seed, int side = 32)
    {
        var random = new Random(seed);
        return Picture(side, side, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
    }

    internal static QuantConfig Config(TemporaryFolder folder, string keys) => Config(folder, keys, []);

    internal static QuantConfig Config(TemporaryFolder folder, string keys, List<Diagnostic> warnings) => QuantConfigReader.Parse(
        Encoding.UTF8.GetBytes("{" + keys.Replace('\'', '"') + "}"), Path.Combine(folder.Path, "quant.json"), warnings);

    /// <summary>A model of a 1x1 convolution, after adding a second input to the first one if it has two.</summary>
    /// <param name="inputs">Name and dimensions of each.</param>
    internal static MnnModel Model(params (string Name, int[] Dims)[] inputs) => Model(0.5f, inputs);

    internal static MnnModel Model(float weight, params (string Name, int[] Dims)[] inputs)
    {
        int channels = inputs[0].Dims[1];
        var ops = inputs.Select((input, i) => new Op
        {
            Name = input.Name,
            Type = OpType.Input,
            OutputIndexes = [i],
            Main = new Input { Dims = input.Dims, Dformat = MNN_DATA_FORMAT.NCHW },
        }).ToList();
        int next = inputs.Length;
        int sum = 0;
        if (inputs.Length == 2)
        {
            ops.Add(new Op
            {
                Name = "sum",
                Type = OpType.BinaryOp,
                InputIndexes = [0, 1],
                OutputIndexes = [sum = next++],
                Main = new BinaryOp { OpType = BinaryOpOperation.ADD },
            });
        }

        ops.Add(new Op
        {
            Name = "packed",
            Type = OpType.ConvertTensor,
            InputIndexes = [sum],
            OutputIndexes = [next++],
            Main = new TensorConvertInfo { Source = MNN_DATA_FORMAT.NCHW, Dest = MNN_DATA_FORMAT.NC4HW4 },
        });
        ops.Add(new Op
        {
            Name = "conv",
            Type = OpType.Convolution,
            InputIndexes = [next - 1],
            OutputIndexes = [next],
            Main = new Convolution2D
            {
                Common = new Convolution2DCommon { OutputCount = 4, InputCount = channels },
                Weight = [.. Enumerable.Range(0, 4 * channels).Select(i => i % 2 == 0 ? weight : -weight / 2)],
                Bias = new float[4],
            },
        });
        return MnnModel.FromNet(new Net
        {
            Oplists = ops,
            TensorName = [.. ops.Select(o => o.Name!)],
            OutputName = ["conv"],
        });
    }

    internal static Graph Graph(params (string Name, int[] Dims)[] inputs) => Inference.Graph.Build(Model(inputs));

    /// <summary>What is in an input of a session after feeding.</summary>
    internal static float[] Floats(this InferenceSession session, string input) =>
        session.Runner.TensorOf(Array.Find(session.Graph.Inputs, i => i.Name == input)!.Id).Floats.ToArray();

    internal static int[] Shape(this InferenceSession session, string input) =>
        session.Runner.TensorOf(Array.Find(session.Graph.Inputs, i => i.Name == input)!.Id).Shape;

    internal static void Fails(int code, Action action, string? part = null)
    {
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(action);
        Assert.AreEqual(code, e.Diagnostic.Code, e.Message);
        if (part is not null)
        {
            StringAssert.Contains(e.Message, part);
        }
    }
}
