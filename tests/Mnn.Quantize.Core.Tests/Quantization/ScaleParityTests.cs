using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>What the whole way makes of real models, against what the reference made of them.</summary>
[TestClass]
public sealed class ScaleParityTests
{
    private const double Tolerance = 0.02;
    private const double LeastShare = 0.98;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("lenet5", 28)]
    [DataRow("mbv2", 32)]
    public void ScalesAreThoseOfTheReference(string name, int size)
    {
        using var folder = new TemporaryFolder();
        MnnModel ours = FashionRun.Quantize(folder, name, size, pictures: 200);
        MnnModel reference = MnnModel.Load(ModelFiles.PathOf($"{name}/KL-MAX_ABS.mnn"));

        Dictionary<int, float> expected = Scales(reference);
        Dictionary<int, float> actual = Scales(ours);
        int[] far = [.. expected.Keys.Where(id => Math.Abs((actual.GetValueOrDefault(id) / expected[id]) - 1) > Tolerance)];
        double share = 1 - ((double)far.Length / expected.Count);
        TestContext.WriteLine($"{name}: {share:P1} of {expected.Count} scales within {Tolerance:P0}");
        foreach (int id in far)
        {
            TestContext.WriteLine($"{ours.Net.TensorName![id]}: {actual.GetValueOrDefault(id)} where {expected[id]} is expected");
        }

        Assert.IsGreaterThanOrEqualTo(LeastShare, share);
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
    }

    [TestMethod]
    public void EveryFieldOfLenet5IsTheReferences()
    {
        using var folder = new TemporaryFolder();
        MnnModel ours = FashionRun.Quantize(folder, "lenet5", 28, pictures: 200);
        MnnModel reference = MnnModel.Load(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn"));
        Assert.IsTrue(ours.ToBytes().Length <= new FileInfo(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn")).Length);

        // Scales have a test of their own; the reference leaves the order of descriptions to a hash of pointers.
        foreach (MnnModel model in (MnnModel[])[ours, reference])
        {
            model.Net.ExtraTensorDescribe = [.. model.Net.ExtraTensorDescribe!.OrderBy(d => d.Index)];
        }

        List<string> differences = FieldDifferences.Find(reference.Net, ours.Net);
        Assert.IsEmpty(
            differences.Where(d => !IsKnown(d)), string.Join(Environment.NewLine, differences.Where(d => !IsKnown(d))));
    }

    private static bool IsKnown(string difference) => difference.Contains("ScaleIn", StringComparison.Ordinal)
        || difference.Contains("ScaleOut", StringComparison.Ordinal)
        || difference.Contains("QuantInfo.Scale", StringComparison.Ordinal);

    private static Dictionary<int, float> Scales(MnnModel model) => model.Net.ExtraTensorDescribe!
        .Where(d => d.QuantInfo is { Type: DataType.DT_INT8, Scale: > 0 })
        .GroupBy(d => d.Index)
        .ToDictionary(d => d.Key, d => d.First().QuantInfo!.Scale);
}
