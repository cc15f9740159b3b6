using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Imaging.Png;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Reporting.Html;
using Mnn.Quantize.Verification;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Tests.Verification;

/// <summary>What reports of real models say.</summary>
[TestClass]
public sealed class ModelReportTests
{
    private const int Pictures = 6;

    [TestMethod]
    public void The_report_is_the_same_for_any_number_of_threads_and_agrees_with_the_comparison()
    {
        string folder = Folder();
        (ComparisonReport comparison, ModelReport one) = Compare(folder, 1);
        (_, ModelReport three) = Compare(folder, 3);

        CollectionAssert.AreEqual(HtmlReport.Write(one), HtmlReport.Write(three));
        CollectionAssert.AreEqual(ReportJson.Write(one), ReportJson.Write(three));
        Assert.AreEqual(comparison.Cosine, one.Cosine);
        CollectionAssert.AreEqual(comparison.Operators.Select(o => o.Errors).ToArray(), one.Layers.Select(l => l.Errors).ToArray());
    }

    [TestMethod]
    public void Layers_have_their_weights_range_and_values()
    {
        (_, ModelReport report) = Compare(Folder(), 2);

        LayerReport first = report.Layers.First(l => l.Type == "Convolution");
        Assert.AreEqual(8, first.WeightBits);
        Assert.IsTrue(first.FloatBytes > first.Int8Bytes && first.Int8Bytes > 0, $"{first.FloatBytes} -> {first.Int8Bytes}");
        Assert.IsTrue(first.RunsInt8 && first.MultiplyAccumulates > 0 && first.Range is { Low: < 0, High: > 0 });
        long elements = first.Shape.Aggregate(1L, (product, extent) => product * extent) * Pictures;
        Assert.AreEqual(elements, first.Histogram!.Float.Sum(), 1e-3);
        Assert.AreEqual(elements, first.Histogram.Int8.Sum(), 1e-3);
        Assert.IsTrue(first.Histogram.Low <= first.Histogram.Min && first.Histogram.Max <= first.Histogram.High);
        Assert.AreEqual(report.Convolutions.All, report.Kinds.Single(k => k.Type == "Convolution").Int8Count);
    }

    [TestMethod]
    public void The_worst_samples_come_first_with_a_thumbnail_that_can_be_decoded()
    {
        string folder = Folder();
        (_, ModelReport report) = Compare(folder, 2);

        Assert.HasCount(Pictures, report.SampleCosines);
        Assert.AreEqual(report.SampleCosines.Min(), report.WorstSamples[0].Cosine);
        Assert.AreEqual(report.SampleCosines.ToList().IndexOf(report.WorstSamples[0].Cosine), int.Parse(report.WorstSamples[0].Name[..4], null));
        using Picture thumbnail = PictureDecoder.Decode(report.WorstSamples[0].Thumbnail!, "thumbnail.png");
        string source = Path.Combine(folder, "pictures", report.WorstSamples[0].Name);
        using Picture original = PictureDecoder.Decode(File.ReadAllBytes(source), source);
        CollectionAssert.AreEqual(original.Pixels.ToArray(), thumbnail.Pixels.ToArray());
    }

    [TestMethod]
    public void It_names_neither_folders_nor_times_and_hashes_as_sha256sum_does()
    {
        string folder = Folder();
        (_, ModelReport report) = Compare(folder, 1);

        string json = System.Text.Encoding.UTF8.GetString(ReportJson.Write(report));
        Assert.DoesNotContain(Path.GetFileName(folder), json);
        Assert.DoesNotContain("illiseconds", json);
        string expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Asset("lenet5/model.mnn"))));
        Assert.AreEqual(expected, report.Provenance.Hashes.First(h => h.Key == "float model").Value);
        CollectionAssert.Contains(report.Provenance.Settings.ToArray(), "\"format\": \"GRAY\"");
    }

    [TestMethod]
    public void A_large_picture_is_shrunk_to_means()
    {
        byte[] rgba = new byte[400 * 200 * 4];
        for (int i = 0; i < rgba.Length; i++)
        {
            rgba[i] = (byte)(i % 4 == 3 ? 255 : i / 4 % 2 == 0 ? 100 : 50 * (1 + (i % 4)));
        }

        Picture small = Shrinking.Fit(new Picture(400, 200, rgba), 80);
        using Picture decoded = PictureDecoder.Decode(StoredPng.Encode(small), "small.png");

        Assert.AreEqual((80, 40), (decoded.Width, decoded.Height));
        // Five pixels in a row, of which two or three have the one colour.
        Assert.IsTrue(decoded.Pixels[0] is 80 or 70 && decoded.Pixels[1] == 100 && decoded.Pixels[2] is 120 or 130, $"{decoded.Pixels[0]} {decoded.Pixels[1]} {decoded.Pixels[2]}");
    }

    [TestMethod]
    public void Histograms_do_not_depend_on_the_order_of_values()
    {
        float[] values = [0, -0.001f, 1e-30f, -1e-30f, 3.7f, -250, 1000, 1000, 1e20f, float.NaN, float.PositiveInfinity, -4.5f, 0.3f];
        var at_once = new ValueHistogram();
        at_once.Add(values);
        var turned = new ValueHistogram();
        foreach (float value in values.Reverse())
        {
            turned.Add([value]);
        }

        var first = new ValueHistogram();
        first.Add(values.AsSpan(0, 6));
        var merged = new ValueHistogram();
        merged.Add(values.AsSpan(6));
        merged.Merge(first);

        double[] expected = at_once.Resample(-1e20, 1e20, 8);
        CollectionAssert.AreEqual(expected, turned.Resample(-1e20, 1e20, 8));
        CollectionAssert.AreEqual(expected, merged.Resample(-1e20, 1e20, 8));
        Assert.AreEqual(11, expected.Sum(), 1e-9);
        Assert.AreEqual((-250f, 1e20f), (merged.Min, merged.Max));
    }

    private static (ComparisonReport Comparison, ModelReport Report) Compare(string folder, int workers)
    {
        ComparisonReport comparison = ModelComparison.Run(new ComparisonOptions
        {
            Float = Asset("lenet5/model.mnn"),
            Int8 = Asset("lenet5/KL-MAX_ABS.mnn"),
            Config = Path.Combine(folder, "quant.json"),
            MaxParallelism = workers,
            WantsReport = true,
        });
        return (comparison, comparison.Report!);
    }

    private static string Folder()
    {
        string folder = Directory.CreateTempSubdirectory("mnnq-report-").FullName;
        Archive.Fashion.Extract("fashion28", Pictures, Path.Combine(folder, "pictures"));
        File.WriteAllText(Path.Combine(folder, "quant.json"), """{ "format": "GRAY", "mean": [72.93], "normal": [0.011109], "path": "pictures" }""");
        return folder;
    }

    private static string Asset(string name) => Path.Combine(Repository.Root, "tests/assets/models", name);
}
