using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Tests.Calibration;

/// <summary>What calibration keeps of each picture.</summary>
[TestClass]
public sealed class CalibrationCacheTests
{
    private const int Before = 30;
    private const int Added = 10;

    [TestMethod]
    [DataRow("KL")]
    [DataRow("ADMM")]
    [DataRow("MSE")]
    public void Of_ten_added_pictures_ten_are_run_and_all_is_as_without_a_cache(string method)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, method);
        QuantizeResult plain = QuantizePipeline.Run(options);
        byte[] expected = File.ReadAllBytes(options.Destination);
        QuantizeOptions cached = options with { CalibrationCache = Path.Combine(folder.Path, "cache") };
        string[] late = [.. Pictures(folder).Where((_, i) => i % 4 == 1).Take(Added)];
        MoveAway(folder, late);

        QuantizeResult first = QuantizePipeline.Run(cached);
        MoveBack(folder, late);
        QuantizeResult second = QuantizePipeline.Run(cached);
        byte[] added = File.ReadAllBytes(cached.Destination);
        QuantizeResult third = QuantizePipeline.Run(cached);

        Assert.AreEqual((Before, Before), (first.PicturesRun, first.Pictures));
        Assert.AreEqual((Added, Before + Added), (second.PicturesRun, second.Pictures));
        Assert.AreEqual(0, third.PicturesRun);
        CollectionAssert.AreEqual(expected, added);
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(cached.Destination));
        foreach (QuantizeResult result in new[] { second, third })
        {
            Assert.AreEqual((plain.Cosine, plain.Top1Agreement), (result.Cosine, result.Top1Agreement));
            CollectionAssert.AreEqual(Texts(plain.Warnings), Texts(result.Warnings), "Warnings of pictures that were not fed are lost.");
        }
    }

    [TestMethod]
    public void Only_what_a_run_depends_on_is_part_of_the_key()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "KL") with { CalibrationCache = Path.Combine(folder.Path, "cache") };
        QuantizePipeline.Run(options);
        QuantizeOptions With(string key, string value) => options with
        {
            SettingsFile = options.Config,
            Settings = new Dictionary<string, string> { [key] = value },
        };

        Assert.AreEqual(0, QuantizePipeline.Run(With("feature_quantize_method", "ADMM")).PicturesRun);
        Assert.AreEqual(0, QuantizePipeline.Run(With("skip_quant_op_names", SomeOperator(options))).PicturesRun);
        Assert.AreEqual(0, QuantizePipeline.Run(With("quant_bits", "6")).PicturesRun);
        Assert.AreEqual(0, QuantizePipeline.Run(With("used_image_num", "20")).PicturesRun);
        Assert.AreEqual(Before + Added, QuantizePipeline.Run(With("mean", "70")).PicturesRun);
        Assert.AreEqual(Before + Added, QuantizePipeline.Run(With("feature_quantize_method", "MSE")).PicturesRun, "It tells signs apart.");
        Assert.AreEqual(0, QuantizePipeline.Run(With("feature_quantize_method", "PERCENTILE")).PicturesRun);
        Assert.AreEqual(0, QuantizePipeline.Run(options).PicturesRun, "What has signs will do without.");
    }

    [TestMethod]
    public void Damaged_entries_are_made_anew()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "KL") with { CalibrationCache = Path.Combine(folder.Path, "cache") };
        QuantizePipeline.Run(options);
        byte[] expected = File.ReadAllBytes(options.Destination);
        string[] entries = Directory.GetFiles(options.CalibrationCache, "*", SearchOption.AllDirectories);
        byte[] flipped = File.ReadAllBytes(entries[0]);
        flipped[flipped.Length / 2] ^= 1;
        File.WriteAllBytes(entries[0], flipped);
        File.WriteAllBytes(entries[1], File.ReadAllBytes(entries[1])[..100]);
        File.WriteAllBytes(entries[2], []);

        QuantizeResult repaired = QuantizePipeline.Run(options);

        Assert.HasCount(Before + Added, entries);
        Assert.AreEqual(3, repaired.PicturesRun);
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(options.Destination));
        Assert.AreEqual(0, QuantizePipeline.Run(options).PicturesRun);
    }

    [TestMethod]
    public void Several_runs_at_once_share_a_folder_and_a_folder_that_can_not_be_is_done_without()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "KL");
        QuantizePipeline.Run(options with { CalibrationCache = options.Config });
        byte[] expected = File.ReadAllBytes(options.Destination);
        string[] results = [.. Enumerable.Range(0, 4).Select(i => Path.Combine(folder.Path, $"r{i}.mnn"))];

        Parallel.ForEach(results, result => QuantizePipeline.Run(options with
        {
            Destination = result,
            CalibrationCache = Path.Combine(folder.Path, "cache"),
            MaxParallelism = 2,
        }));

        foreach (string result in results)
        {
            CollectionAssert.AreEqual(expected, File.ReadAllBytes(result));
        }

        Assert.IsEmpty(Directory.GetFiles(Path.Combine(folder.Path, "cache"), "*.tmp", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Beyond_its_size_the_entries_not_used_for_longest_go_and_so_does_what_was_left_over()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "KL");
        var model = MnnModel.Load(options.Source);
        QuantConfig config = options.ReadConfig([]);
        var lint = new PreprocessingLint(Graph.Build(model), config);
        var cache = new CalibrationCache(Path.Combine(folder.Path, "cache"), model, options.ToConfigSource(), lint);
        string[] paths = [.. Pictures(folder).Take(3).Select(cache.PathFor)];
        for (int i = 0; i < paths.Length; i++)
        {
            CalibrationCache.TryWrite(paths[i], new byte[100]);
            File.SetLastWriteTimeUtc(paths[i], DateTime.UtcNow.AddDays(i - 10));
        }

        string leftOver = folder.Write("cache/ab/x.tmp", new byte[1]);
        File.SetLastWriteTimeUtc(leftOver, DateTime.UtcNow.AddHours(-2));
        cache.Trim(250);

        Assert.IsFalse(File.Exists(paths[0]));
        Assert.IsTrue(File.Exists(paths[1]) && File.Exists(paths[2]));
        Assert.IsFalse(File.Exists(leftOver));
    }

    private static QuantizeOptions Prepare(TemporaryFolder folder, string method) => FashionRun.Prepare(
        folder, "lenet5", 28, Before + Added, $", \"feature_quantize_method\": \"{method}\"");

    private static string SomeOperator(QuantizeOptions options) =>
        MnnModel.Load(options.Source).Net.Oplists!.First(op => op.Type == Mnn.Quantize.Model.Schema.OpType.Convolution).Name!;

    private static string[] Pictures(TemporaryFolder folder) =>
        [.. Directory.GetFiles(Path.Combine(folder.Path, "pictures")).Order(StringComparer.Ordinal)];

    private static void MoveAway(TemporaryFolder folder, string[] pictures)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "away"));
        Array.ForEach(pictures, p => File.Move(p, Path.Combine(folder.Path, "away", Path.GetFileName(p))));
    }

    private static void MoveBack(TemporaryFolder folder, string[] pictures) =>
        Array.ForEach(pictures, p => File.Move(Path.Combine(folder.Path, "away", Path.GetFileName(p)), p));

    private static string[] Texts(IEnumerable<Diagnostic> warnings) => [.. warnings.Select(warning => warning.ToString())];
}
