using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Int8 operators against recorded answers of the MNN runtime, bit by bit.</summary>
[TestClass]
public sealed class Int8CaseTests
{
    public static IEnumerable<object[]> Names => Int8Cases.All.Select(model => new object[] { model.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OutputsEqualThoseOfTheRuntime(string name)
    {
        TinyModel model = Int8Cases.All.First(m => m.Name == name);
        foreach (TensorValue output in new InferenceSession(model.Build()).Run(model.Inputs))
        {
            (int[] shape, double[] values) = RuntimeAnswers.Int8ByOutput[$"{name}/{output.Name}"];
            CollectionAssert.AreEqual(shape, output.Shape.ToArray(), output.Name);
            for (int i = 0; i < values.Length; i++)
            {
                Assert.AreEqual((float)values[i], output.Floats[i], $"{output.Name}[{i}]");
            }
        }
    }

    [TestMethod]
    public void EveryAnswerBelongsToACase()
    {
        string[] expected = [.. Int8Cases.All.Select(m => m.Name).Order()];
        string[] recorded = [.. RuntimeAnswers.Int8ByOutput.Keys.Select(k => k[..k.IndexOf('/', StringComparison.Ordinal)]).Order()];
        CollectionAssert.AreEqual(expected, recorded);
    }
}
