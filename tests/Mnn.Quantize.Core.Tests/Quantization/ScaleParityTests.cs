using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>
/// What the whole way makes of real models, against what the reference made of them. It means to calibrate with rounded
/// weights but rounds a copy that it doesn't run: with rounded ones only 89% of mbv2's scales would agree.
/// </summary>
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
        Assert.IsEmpty(expected.Keys.Except(actual.Keys));
    }

    [TestMethod]
    public void EveryFieldOfLenet5IsTheReferences()
    {
        using var folder = new TemporaryFolder();
        MnnModel ours = FashionRun.Quantize(folder, "lenet5", 28, pictures: 200);
        MnnModel reference = MnnModel.Load(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn"));
        Assert.IsTrue(ours.ToBytes().Length <= new FileInfo(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn")).Length);

        AssertSameWeights(reference, ours);

        // What only passes values on has a scale here; the reference leaves some of that to the runtime.
        HashSet<int> described = [.. reference.Net.ExtraTensorDescribe!.Select(d => d.Index)];
        ours.Net.ExtraTensorDescribe = [.. ours.Net.ExtraTensorDescribe!.Where(d => described.Contains(d.Index))];
        reference.Net.ExtraTensorDescribe = [.. reference.Net.ExtraTensorDescribe!.OrderBy(d => d.Index)];
        string[] differences = [.. FieldDifferences.Find(reference.Net, ours.Net).Where(d => !IsScale(d))];
        Assert.IsEmpty(differences, string.Join(Environment.NewLine, differences));
    }

    // Ours may be coded in fewer bytes, so they are compared decoded, and then taken out.
    private static void AssertSameWeights(MnnModel reference, MnnModel ours)
    {
        foreach ((Op expected, Op actual) in reference.Net.Oplists!.Zip(ours.Net.Oplists!))
        {
            if (expected.Main is Convolution2D { QuanParameter: { } theirs } && actual.Main is Convolution2D { QuanParameter: { } own })
            {
                DecodedWeights wanted = WeightCodec.Decode(theirs, "reference", expected.Name!);
                DecodedWeights found = WeightCodec.Decode(own, "ours", expected.Name!);
                CollectionAssert.AreEqual(wanted.Values, found.Values, expected.Name);
                CollectionAssert.AreEqual(wanted.Scales, found.Scales, expected.Name);
                Assert.IsLessThanOrEqualTo(theirs.Buffer!.Length, own.Buffer!.Length, expected.Name);
                theirs.Buffer = own.Buffer = null;
            }
        }
    }

    // Scales have a test of their own.
    private static bool IsScale(string difference) => difference.Contains("ScaleIn", StringComparison.Ordinal)
        || difference.Contains("ScaleOut", StringComparison.Ordinal)
        || difference.Contains("QuantInfo.Scale", StringComparison.Ordinal);

    private static Dictionary<int, float> Scales(MnnModel model) => model.Net.ExtraTensorDescribe!
        .Where(d => d.QuantInfo is { Type: DataType.DT_INT8, Scale: > 0 })
        .GroupBy(d => d.Index)
        .ToDictionary(d => d.Key, d => d.First().QuantInfo!.Scale);
}
