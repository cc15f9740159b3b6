using System.Text;
using Mnn.Quantize.Core.Tests.Model;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class SequencePipelineTests
{
    [TestMethod]
    public void A_model_with_two_inputs_is_quantized_from_folders_of_different_shapes()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        for (int i = 0; i < 8; i++)
        {
            int side = 10 + i;
            folder.Write($"d/s{i}/x.txt", ArrayFeederTests.Bytes("txt", "", [], [.. Enumerable.Range(0, 3 * side * side).Select(_ => (random.NextSingle() * 2) - 1)]));
            folder.Write($"d/s{i}/y.npy", ArrayFeederTests.Bytes("npy", "", [1, 3, 1, 1], [random.NextSingle(), 0.5f, 0]));
            folder.Write($"d/s{i}/input.json", Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1,3,{{side}},{{side}}]}]}"""));
        }

        string source = folder.Write("m.mnn", TestData.Model(("x", [1, 3, -1, -1]), ("y", [1, 3, 1, 1])).ToBytes());
        var options = new QuantizeOptions
        {
            Source = source,
            Destination = Path.Combine(folder.Path, "int8.mnn"),
            Config = folder.Write("quant.json", """{"path":"d","input_type":"sequence"}"""u8),
            DependencyFile = Path.Combine(folder.Path, "deps"),
        };

        QuantizeResult result = QuantizePipeline.Run(options);

        Assert.AreEqual((1, 1), result.Convolutions);
        Assert.IsGreaterThan(0.999, result.Cosine);
        Assert.IsEmpty(result.Warnings, string.Join('\n', result.Warnings));
        string[] dependencies = File.ReadAllLines(options.DependencyFile);
        CollectionAssert.IsSubsetOf(
            new[] { "d", "d/s7", "d/s7/x.txt", "d/s7/y.npy", "d/s7/input.json", "quant.json", "m.mnn" }.Select(f => Path.GetFullPath(Path.Combine(folder.Path, f))).ToArray(),
            dependencies);
        CollectionAssert.AreEquivalent(
            QuantizeInputs.Find(options) is var inputs ? (string[])[.. inputs.Model, inputs.Config, .. inputs.Pictures, .. inputs.Folders] : [],
            dependencies);
    }
}
