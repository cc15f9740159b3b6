using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Tests;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Whole float models against outputs recorded from the MNN runtime.</summary>
[TestClass]
public sealed class FloatParityTests
{
    private const double LargestDifference = 1e-4;
    private const double LeastCosine = 0.999999;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("lenet5", 4)]
    [DataRow("mbv2", 4)]
    [DataRow("face_detection_short_range", 2)]
    public void OutputsAreThoseOfTheRuntime(string model, int runs)
    {
        var session = InferenceSession.Load(ModelFiles.PathOf($"{model}/model.mnn"));
        string[] inputs = [.. Archive.FloatRuns.Names.Where(n => n.StartsWith(model + "/", StringComparison.Ordinal)
            && n.EndsWith(".input.f32", StringComparison.Ordinal))];
        Assert.HasCount(runs, inputs);
        foreach (string name in inputs)
        {
            var input = new TensorValue(session.Inputs[0].Name, session.Inputs[0].Shape, Archive.FloatRuns.Floats(name));
            IReadOnlyList<TensorValue> outputs = session.Run(input);
            for (int k = 0; k < outputs.Count; k++)
            {
                float[] expected = Archive.FloatRuns.Floats(name.Replace(".input.", $".output{k}.", StringComparison.Ordinal));
                Compare(expected, outputs[k].Floats, $"{name}, {outputs[k].Name}");
            }
        }
    }

    private void Compare(float[] expected, float[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        float greatest = expected.Max(MathF.Abs);
        double worst = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max() / greatest;
        double cosine = OutputCosine.Of(expected, actual);
        TestContext.WriteLine($"{what}: largest difference {worst:E2} of the largest value, cosine {cosine:F8}");
        Assert.IsLessThanOrEqualTo(LargestDifference, worst, what);
        Assert.IsGreaterThanOrEqualTo(LeastCosine, cosine, what);
    }
}
