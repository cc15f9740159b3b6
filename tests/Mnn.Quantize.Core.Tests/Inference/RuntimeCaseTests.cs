using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>The engine against recorded answers of the MNN runtime.</summary>
[TestClass]
public sealed class RuntimeCaseTests
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<object[]> Names => RuntimeCases.All.Select(model => new object[] { model.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void OutputsAreThoseOfTheRuntime(string name)
    {
        TinyModel model = RuntimeCases.All.First(m => m.Name == name);
        foreach (TensorValue output in new InferenceSession(model.Build()).Run(model.Inputs))
        {
            (int[] shape, double[] values) = RuntimeAnswers.ByOutput[$"{name}/{output.Name}"];
            CollectionAssert.AreEqual(shape, output.Shape.ToArray(), output.Name);
            for (int i = 0; i < values.Length; i++)
            {
                double found = output.Type == ElementType.Float32 ? output.Floats[i] : output.Ints[i];
                Assert.AreEqual(values[i], found, Tolerance * (1 + Math.Abs(values[i])), $"{output.Name}[{i}]");
            }
        }
    }

    [TestMethod]
    public void EveryAnswerBelongsToACase()
    {
        var names = RuntimeCases.All.Select(m => m.Name).ToHashSet();
        foreach (string key in RuntimeAnswers.ByOutput.Keys)
        {
            Assert.Contains(key[..key.IndexOf('/', StringComparison.Ordinal)], names);
        }
    }
}
