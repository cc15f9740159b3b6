using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>The engine against ONNX's own operator tests, each converted to MNN's format.</summary>
[TestClass]
public sealed class OnnxCaseTests
{
    private const double Relative = 2e-3;
    private const double Absolute = 1e-4;

    public static IEnumerable<object[]> Names => OnnxCases.Names.Select(name => new object[] { name });

    [TestMethod]
    public void TheArchiveHoldsAllCases() => Assert.AreEqual(438, OnnxCases.Names.Count());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OutputsAreThoseOfOnnx(string name)
    {
        (TensorValue[] inputs, TensorValue[] expected) = OnnxCases.Values(name);
        var session = new InferenceSession(OnnxCases.Model(name));

        // Twice: the second run works on memory that the first one left.
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyList<TensorValue> outputs = session.Run(inputs);
            foreach (TensorValue wanted in expected)
            {
                TensorValue output = outputs.First(o => o.Name == wanted.Name);
                AssertClose(wanted, output, run);
            }
        }
    }

    [TestMethod]
    public void EveryCaseHasTheSameBitsInTwoSessions()
    {
        foreach (string name in OnnxCases.Names)
        {
            TensorValue[] inputs = OnnxCases.Values(name).Inputs;
            var first = new InferenceSession(OnnxCases.Model(name));
            InferenceSession second = first.Fork();
            foreach ((TensorValue a, TensorValue b) in first.Run(inputs).Zip(second.Run(inputs)))
            {
                CollectionAssert.AreEqual(Bits(a), Bits(b), $"{name}: {a.Name}");
            }
        }
    }

    private static int[] Bits(TensorValue value) => value.Type == ElementType.Float32
        ? Array.ConvertAll(value.Floats, BitConverter.SingleToInt32Bits)
        : value.Ints;

    private static void AssertClose(TensorValue expected, TensorValue actual, int run)
    {
        double[] wanted = Doubles(expected);
        double[] found = Doubles(actual);
        Assert.HasCount(wanted.Length, found, $"{expected.Name} [{string.Join(", ", actual.Shape)}]");
        bool isExact = expected.Type != ElementType.Float32;
        for (int i = 0; i < wanted.Length; i++)
        {
            double tolerance = isExact ? 0 : Absolute + (Relative * Math.Abs(wanted[i]));
            bool isClose = wanted[i].Equals(found[i]) || Math.Abs(wanted[i] - found[i]) <= tolerance;
            Assert.IsTrue(isClose, $"run {run}, {expected.Name}[{i}]: {found[i]} where {wanted[i]} is expected");
        }
    }

    private static double[] Doubles(TensorValue value) => value.Type == ElementType.Float32
        ? Array.ConvertAll(value.Floats, v => (double)v)
        : Array.ConvertAll(value.Ints, v => (double)v);
}
