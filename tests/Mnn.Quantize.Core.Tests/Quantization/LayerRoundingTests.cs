using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Rounding;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>What a layer sees, how its weights are rounded for it, and what its biases make up for.</summary>
[TestClass]
public sealed class LayerRoundingTests
{
    public static IEnumerable<object[]> Kinds =>
    [
        [OpType.Convolution, 6, 1], [OpType.Convolution, 6, 2], [OpType.ConvolutionDepthwise, 4, 4],
        [OpType.Deconvolution, 6, 1], [OpType.Deconvolution, 6, 2], [OpType.DeconvolutionDepthwise, 4, 4],
    ];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void What_a_layer_sees_times_its_weights_is_what_it_makes(OpType type, int outputs, int group)
    {
        MnnModel model = Net(type, outputs, group, stride: 2);
        var graph = Graph.Build(model);
        Node node = graph.Nodes.Last(n => QuantizationPlan.IsConvolution(n.Op.Type));
        var convolution = (Convolution2D)node.Op.Main!;
        var session = new InferenceSession(graph);
        new Noise(4, 7).Feed(session, "1");
        LayerGeometry? geometry = null;
        float[] patches = [];
        session.Runner.Observer = new Watch((id, tensor) =>
        {
            if (id != node.Inputs[0] || LayerGeometry.Of(node.Op, tensor, convolution.Weight!.Length) is not { } found)
            {
                return;
            }

            geometry = found;
            (_, int height, int width) = geometry.Positions(tensor);
            int size = geometry.Taps * geometry.Channels;
            patches = new float[height * width * size];
            for (int p = 0; p < height * width; p++)
            {
                geometry.Read(tensor, p, 0, patches.AsSpan(p * size, size));
            }
        });
        session.Runner.Run();
        TensorValue made = session.ReadOutput(node.Outputs[0]);

        Assert.IsNotNull(geometry);
        int positions = made.Floats.Length / outputs;
        Assert.AreEqual(positions, patches.Length / (geometry.Taps * geometry.Channels));
        for (int o = 0; o < outputs; o++)
        {
            (int g, int inner) = (o / geometry.Outputs, o % geometry.Outputs);
            for (int p = 0; p < positions; p++)
            {
                double sum = convolution.Bias![o];
                for (int i = 0; i < geometry.Inputs * geometry.Taps; i++)
                {
                    (int channel, int tap) = (i / geometry.Taps, i % geometry.Taps);
                    float seen = patches[((((p * geometry.Taps) + tap) * geometry.Channels) + (g * geometry.Inputs)) + channel];
                    sum += convolution.Weight![geometry.Place(g, inner, channel, tap)] * seen;
                }

                Assert.AreEqual(sum, made.Floats[(o * positions) + p], 1e-4, $"output {o} at {p}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Rounded_for_what_it_sees_a_layer_makes_a_smaller_error(OpType type, int outputs, int group)
    {
        double nearest = Error(type, outputs, group, Repairs.None), rounded = Error(type, outputs, group, Repairs.Rounding);

        Assert.IsLessThan(0.9 * nearest, rounded);
    }

    [TestMethod]
    public void Bits_give_the_levels_again()
    {
        float[] weights = [0.2f, -0.4f, 1.6f, -2.5f, 3, 0, 0.49f, 2.51f, -1.2f];
        RoundedWeights Nearest() => new([0, 0, 2, -3, 3, 0, 0, 3, -1], [1]);
        RoundedWeights changed = Nearest();
        foreach (int i in new[] { 1, 2, 7, 8 })
        {
            changed.Levels[i] = (sbyte)LayerRounder.OtherLevel(weights[i], changed.Levels[i], 1, 3);
        }

        byte[]? bits = RoundingBits.Of(Nearest(), changed.Levels);
        RoundedWeights again = Nearest();
        RoundingBits.Apply(bits, weights, again, 3);

        CollectionAssert.AreEqual(new sbyte[] { 0, -1, 1, -3, 3, 0, 0, 2, -2 }, again.Levels);
        Assert.IsNull(RoundingBits.Of(Nearest(), Nearest().Levels));
        Assert.ThrowsExactly<ArgumentException>(() => RoundingBits.Apply([0], weights, Nearest(), 3));
    }

    [TestMethod]
    public void What_samples_disagree_about_is_corrected_less()
    {
        MnnModel model = Net(OpType.Convolution, 1, 1, stride: 1, kernel: 1, inputs: 1);
        Op op = model.Net.Oplists!.Last(o => o.Type == OpType.Convolution);
        var input = Tensor.Persistent(ElementType.Float32, [1, 1, 1, 1], MNN_DATA_FORMAT.NCHW);
        LayerGeometry geometry = LayerGeometry.Of(op, input, 1)!;

        float agreed = BiasShift.Find(geometry, [1], [1], [[2], [2], [2]], [[1], [1], [1]])[0];
        float disagreed = BiasShift.Find(geometry, [1], [1], [[2], [2], [2]], [[5], [-4], [2]])[0];
        float alone = BiasShift.Find(geometry, [1], [1], [[2]], [[1]])[0];

        Assert.AreEqual(1f, agreed);
        Assert.IsInRange(0, 0.2f, disagreed);
        Assert.AreEqual(0.5f, alone);
    }

    // Sum of squared differences of the last layer's outputs to those with float weights, on samples that rounding did not see.
    private static double Error(OpType type, int outputs, int group, Repairs repair)
    {
        MnnModel model = Net(type, outputs, group, stride: 1);
        var graph = Graph.Build(model);
        var config = new QuantConfig { QuantBits = 3, Repair = repair };
        var quant = new QuantParameters?[graph.TensorCount];
        MnnModel changed = Net(type, outputs, group, stride: 1);
        int last = graph.Nodes[^1].Outputs[0];
        IReadOnlyDictionary<int, RepairedLayer> repaired = LayerRepair.Run(
            graph, changed, op => op.OutputIndexes![0] == last, config, quant, new Noise(4, 7),
            [.. Enumerable.Range(0, 24).Select(i => $"{i}")], 2, null, CancellationToken.None);
        ((Convolution2D)changed.Net.Oplists!.Last().Main!).Weight = repaired[last].Weights.ToFloat();
        return Enumerable.Range(100, 8).Sum(i => Outputs(graph, i).Zip(Outputs(Graph.Build(changed), i), (a, b) => Math.Pow(a - b, 2)).Sum());
    }

    private static float[] Outputs(Graph graph, int sample)
    {
        var session = new InferenceSession(graph);
        new Noise(4, 7).Feed(session, $"{sample}");
        session.Runner.Run();
        return session.ReadOutput(graph.OutputIds[0]).Floats;
    }

    // Behind another convolution, whose results go together.
    private static MnnModel Net(OpType type, int outputs, int group, int stride, int kernel = 3, int inputs = 4)
    {
        SmallNet net = new SmallNet().Input(inputs, 7).Convolution("first", inputs, inputs).Convolution("second", inputs, outputs, type, group, kernel);
        if (net.Ops[^1].Main is Convolution2D { Common: { } common })
        {
            (common.StrideX, common.StrideY) = (stride, stride);
        }

        return net.Build();
    }

    private sealed class Watch(Action<int, Tensor> see) : IRunObserver
    {
        public void OnTensor(int id, Tensor tensor, Node? producer) => see(id, tensor);
    }

    // Pictures of nearly one level each.
    private sealed class Noise(int channels, int size) : ISampleFeeder
    {
        public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
        {
            var random = new Random(int.Parse(samples[0], System.Globalization.CultureInfo.InvariantCulture));
            float level = random.NextSingle() * 2;
            float[] values = [.. Enumerable.Range(0, channels * size * size).Select(_ => level + (random.NextSingle() / 2))];
            session.Fill(session.Graph.Inputs[0], new TensorValue("", [1, channels, size, size], values));
        }

        public void Check(string sample)
        {
        }
    }
}
