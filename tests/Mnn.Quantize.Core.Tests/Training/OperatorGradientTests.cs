using Mnn.Quantize.Core.Tests.Inference;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>
/// The operator cases again, with their inputs as what is trained: the gradients of all inputs are the slopes of a weighted
/// sum of the outputs, or an error names the operator that has none.
/// </summary>
[TestClass]
public sealed class OperatorGradientTests
{
    private const double Tolerance = 0.02;
    private const int MostSlopes = 12;

    /// <summary>Operators whose results change with small steps of an input, and that have no derivative all the same.</summary>
    private static readonly HashSet<OpType> WithoutDerivative =
    [
        OpType.ArgMax, OpType.Col2Im, OpType.Convolution3D, OpType.ConvTranspose3D, OpType.CosineSimilarity, OpType.CropAndResize, OpType.CumProd,
        OpType.Det, OpType.DetectionOutput, OpType.DetectionPostProcess, OpType.Dilation2D, OpType.FloatToInt8, OpType.GridSample,
        OpType.If, OpType.Int8ToFloat, OpType.LSTM, OpType.Proposal, OpType.RNN, OpType.RNNSequenceGRU, OpType.ROIAlign,
        OpType.ROIPooling, OpType.Segment, OpType.TensorArray, OpType.TensorArrayConcat, OpType.TensorArrayErase,
        OpType.TensorArrayGather, OpType.TensorArrayInsert, OpType.TensorArrayRead, OpType.TensorArrayScatter,
        OpType.TensorArraySize, OpType.TensorArraySplit, OpType.TensorArrayWrite, OpType.While,
    ];

    public static IEnumerable<string> Names =>
        [.. OnnxCases.Names.Select(n => "onnx " + n), .. RuntimeCases.All.Select(m => "runtime " + m.Name)];

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_gradient_of_every_input_is_the_slope_of_the_outputs(string name)
    {
        (MnnModel model, TensorValue[] inputs) = Case(name);
        ITrainableNet net;
        try
        {
            net = TrainingGraph.Create(Trained(model, inputs), new TrainingOptions { Quantize = false });
        }
        catch (QuantizeException e) when (e.Diagnostic.Code == 6003)
        {
            string type = e.Diagnostic.Message.Split('(', ')')[1];
            Assert.IsTrue(
                WithoutDerivative.Contains(Enum.Parse<OpType>(type)) || HasWeightsAsInputs(model, type) || Joins(model, type), e.Message);
            return;
        }
        catch (QuantizeException e) when (e.Diagnostic.Code == 6004)
        {
            Assert.IsFalse(inputs.Any(i => i.Type == ElementType.Float32), "there are floats to train");
            return;
        }

        if (model.Net.Oplists!.Exists(o => o.Type == OpType.Interp) && inputs[0].Shape.Count == 5)
        {
            Assert.AreEqual(6002, Assert.ThrowsExactly<QuantizeException>(() => Check(net, name)).Diagnostic.Code);
            return;
        }

        Check(net, name);
    }

    private static bool HasWeightsAsInputs(MnnModel model, string type) => model.Net.Oplists!.Exists(
        o => o.Type.ToString() == type && o is { Main: Convolution2D, InputIndexes.Length: > 1 });

    // Scattering that replaces has a derivative, that which adds or multiplies has none.
    private static bool Joins(MnnModel model, string type) => model.Net.Oplists!.Exists(
        o => o.Type.ToString() == type && o is { Type: OpType.ScatterNd or OpType.ScatterElements, Main: BinaryOp });

    private static void Check(ITrainableNet net, string name)
    {
        TensorValue[] given = [new TensorValue("nothing", [1], [0f])];
        IReadOnlyList<TensorValue> outputs = net.Forward(given, training: true);
        var random = new Random(5);
        float[]?[] weights = [.. outputs.Select(o => o.Type == ElementType.Float32
            ? (float[])[.. o.Floats.Select(_ => random.NextSingle() + 0.5f)]
            : null)];
        net.Forward(given, training: true);
        net.Backward(weights);
        float[][] gradients = [.. net.Parameters.Select(p => (float[])p.Gradient.Clone())];
        (double difference, double size, int compared, int all) = (0, 0, 0, 0);
        for (int p = 0; p < gradients.Length; p++)
        {
            float[] values = net.Parameters[p].Value;
            for (int i = 0; i < values.Length; i += Math.Max(1, values.Length / MostSlopes))
            {
                all++;
                if (Slope(net, given, weights, values, i) is not { } slope)
                {
                    continue;
                }

                compared++;
                difference += Math.Pow(slope - gradients[p][i], 2);
                size += slope * slope;
            }
        }

        Assert.IsGreaterThanOrEqualTo(all / 2, compared, "too few places have a slope");
        Assert.IsLessThan(1e-3 + (Tolerance * Math.Sqrt(size)), Math.Sqrt(difference), $"distance of the gradients of {name}");
    }

    // Null at a corner, such as that of ReLU, and where a function is not defined, such as the root of a negative number.
    private static double? Slope(ITrainableNet net, TensorValue[] given, float[]?[] weights, float[] values, int index)
    {
        float before = values[index], step = 3e-3f * MathF.Max(1, MathF.Abs(before) / 1000), above = before + step, below = before - step;
        double high = LossAt(above), low = LossAt(below), middle = LossAt(before);
        double right = (high - middle) / ((double)above - before), left = (middle - low) / ((double)before - below);
        double slope = (high - low) / ((double)above - below);
        return Math.Abs(right - left) <= 1e-2 + (0.1 * Math.Abs(slope)) ? slope : null;

        double LossAt(float value)
        {
            values[index] = value;
            net.AfterUpdate();
            double loss = 0;
            IReadOnlyList<TensorValue> outputs = net.Forward(given, training: true);
            for (int o = 0; o < weights.Length; o++)
            {
                loss += weights[o] is { } w ? outputs[o].Floats.Zip(w, (y, a) => (double)y * a).Sum() : 0;
            }

            return loss;
        }
    }

    private static (MnnModel Model, TensorValue[] Inputs) Case(string name)
    {
        string own = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (name.StartsWith("onnx", StringComparison.Ordinal))
        {
            (TensorValue[] inputs, TensorValue[] outputs) = OnnxCases.Values(own);
            bool undefined = outputs.Any(o => o.Type == ElementType.Float32 && o.Floats.Any(float.IsNaN));
            return (OnnxCases.Model(own), undefined ? [.. inputs.Select(Magnitudes)] : inputs);
        }

        TinyModel model = RuntimeCases.All.First(m => m.Name == own);
        return (model.Build(), model.Inputs);
    }

    private static TensorValue Magnitudes(TensorValue value) =>
        new(value.Name, [.. value.Shape], [.. value.Floats.Select(MathF.Abs)]);

    // Off equal numbers, whole ones and 0, where slopes jump.
    private static float Moved(float value, Random random) =>
        (value == 0 ? 0.05f : value) * (1 - (0.04f * random.NextSingle()));

    // Inputs become constants: floats are trained, integers and the factors by which pictures are resized are not.
    private static MnnModel Trained(MnnModel model, TensorValue[] inputs)
    {
        var random = new Random(3);
        HashSet<int> sizes = [.. model.Net.Oplists!.Where(o => o.Type == OpType.Interp).SelectMany(o => o.InputIndexes!.Skip(1))];
        foreach (Op op in model.Net.Oplists!.Where(o => o.Type == OpType.Input))
        {
            TensorValue value = inputs.Single(i => i.Name == model.Net.TensorName![op.OutputIndexes![0]]);
            bool floats = value.Type == ElementType.Float32;
            var input = (Input)op.Main!;
            op.Type = floats && !sizes.Contains(op.OutputIndexes![0]) ? OpType.TrainableParam : OpType.Const;
            op.Main = new Blob
            {
                Dims = [.. value.Shape],
                DataFormat = input.Dformat,
                DataType = floats ? DataType.DT_FLOAT : input.Dtype == DataType.DT_UINT8 ? DataType.DT_UINT8 : DataType.DT_INT32,
                Float32s = floats ? sizes.Contains(op.OutputIndexes![0]) ? value.Floats : [.. value.Floats.Select(v => Moved(v, random))] : null,
                Int32s = floats || input.Dtype == DataType.DT_UINT8 ? null : value.Ints,
                Uint8s = input.Dtype == DataType.DT_UINT8 ? [.. value.Ints.Select(v => (byte)v)] : null,
            };
        }

        model.Net.Oplists!.Add(new Op
        {
            Type = OpType.Input,
            Name = "nothing",
            Main = new Input { Dims = [1], Dtype = DataType.DT_FLOAT },
            OutputIndexes = [model.Net.TensorName!.Length],
        });
        model.Net.TensorName = [.. model.Net.TensorName, "nothing"];
        return MnnModel.FromBytes(model.ToBytes(), model.Path);
    }
}
