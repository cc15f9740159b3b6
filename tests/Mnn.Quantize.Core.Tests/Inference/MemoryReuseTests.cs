using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// Operators write over inputs that nobody reads any more, and freed memory goes to the next. A graph of which every
/// tensor is an output, so that nothing may be written over or freed, tells whether that ever goes wrong.
/// </summary>
[TestClass]
public sealed class MemoryReuseTests
{
    private static readonly int[] Shape = [1, 3, 4, 5];

    [TestMethod]
    public void RandomGraphsGiveTheSameBitsWithAndWithoutReuse()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            (TinyModel graph, int[] tensors) = Graph(seed);
            (TinyModel twin, _) = Graph(seed);
            TinyModel reusing = graph.Gives(tensors[^1], tensors[^2]);
            TinyModel keeping = twin.Gives(tensors);

            TensorValue[] expected = [.. new InferenceSession(keeping.Build()).Run(keeping.Inputs)];
            var session = new InferenceSession(reusing.Build());
            for (int run = 0; run < 2; run++)
            {
                IReadOnlyList<TensorValue> outputs = session.Run(reusing.Inputs);
                AssertSameBits(expected[^1], outputs[0], seed);
                AssertSameBits(expected[^2], outputs[1], seed);
            }
        }
    }

    private static void AssertSameBits(TensorValue expected, TensorValue actual, int seed)
    {
        CollectionAssert.AreEqual(expected.Shape.ToArray(), actual.Shape.ToArray(), $"seed {seed}");
        CollectionAssert.AreEqual(
            Array.ConvertAll(expected.Floats, BitConverter.SingleToInt32Bits),
            Array.ConvertAll(actual.Floats, BitConverter.SingleToInt32Bits),
            $"seed {seed}");
    }

    // Tensors of one shape in both layouts and views of them, joined at random.
    private static (TinyModel Model, int[] Tensors) Graph(int seed)
    {
        var random = new Random(seed);
        var m = new TinyModel("random");
        var rowMajor = new List<int> { m.Floats(Shape) };
        var packed = new List<int> { m.Floats(Shape, MNN_DATA_FORMAT.NC4HW4) };
        var all = new List<int> { rowMajor[0], packed[0] };
        for (int i = 0; i < 12; i++)
        {
            List<int> kind = random.Next(2) == 0 ? rowMajor : packed;
            List<int> other = kind == rowMajor ? packed : rowMajor;
            int a = kind[random.Next(kind.Count)];
            int b = kind[random.Next(kind.Count)];
            switch (random.Next(8))
            {
                case 0:
                    kind.Add(m.Add(OpType.ReLU, new Relu { Slope = 0.25f }, a));
                    break;
                case 1:
                    kind.Add(m.Add(OpType.UnaryOp, new UnaryOp { OpType = UnaryOpOperation.SQUARE }, a));
                    break;
                case 2:
                    kind.Add(m.Add(OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.SUB }, a, b));
                    break;
                case 3:
                    kind.Add(m.Add(OpType.Eltwise, new Eltwise { Type = EltwiseType.SUM }, a, b, kind[^1]));
                    break;
                case 4:
                    kind.Add(m.Add(OpType.Eltwise, new Eltwise { Type = EltwiseType.SUM, Coeff = [0.5f, -2] }, a, b));
                    break;
                case 5:
                    kind.Add(m.Add(OpType.Scale, new Scale { Channels = 3, ScaleData = [1, 2, -1], BiasData = [0, 1, 0.5f] }, a));
                    break;
                case 6:
                    kind.Add(m.Add(OpType.Identity, null, a));
                    break;
                default:
                    MNN_DATA_FORMAT target = kind == rowMajor ? MNN_DATA_FORMAT.NC4HW4 : MNN_DATA_FORMAT.NCHW;
                    other.Add(m.Add(OpType.ConvertTensor, new TensorConvertInfo { Dest = target }, a));
                    kind = other;
                    break;
            }

            all.Add(kind[^1]);
        }

        return (m, [.. all]);
    }
}
