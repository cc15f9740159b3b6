using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Verification;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Core.Tests.Verification;

/// <summary>Accuracy by labels.</summary>
[TestClass]
public sealed class LabelledTests
{
    [TestMethod]
    [DataRow(9, 10, 0.59585, 0.98212)]
    [DataRow(0, 20, 0, 0.16113)]
    [DataRow(9134, 10000, 0.90773, 0.91875)]
    public void Intervals_are_those_of_Wilson(int hits, int samples, double low, double high)
    {
        (double Low, double High) = LabelledTotals.Wilson(hits, samples);

        Assert.AreEqual(low, Low, 1e-5);
        Assert.AreEqual(high, High, 1e-5);
    }

    [TestMethod]
    [DataRow(10, 2, 0.038574)]
    [DataRow(5, 5, 1)]
    [DataRow(0, 0, 1)]
    [DataRow(0, 8, 0.0078125)]
    [DataRow(2000, 2000, 1)]
    public void The_test_of_both_models_is_McNemars_exact_one(int one, int other, double expected)
    {
        Assert.AreEqual(expected, LabelledTotals.McNemar(one, other), 1e-6);
        Assert.AreEqual(expected, LabelledTotals.McNemar(other, one), 1e-6);
    }

    [TestMethod]
    public void Accuracy_is_the_share_of_pictures_whose_greatest_score_is_the_label()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 24);
        QuantizePipeline.Run(options);
        string[] names = Names(folder);
        string labels = Path.Combine(folder.Path, "labels.txt");

        // A third of the classes is the float model's own, a third is wrong, a third is missing.
        int[] classes = Classes(options, names);
        File.WriteAllLines(labels, names.Select((n, i) => (n, i)).Where(p => p.i % 3 != 2)
            .Select(p => $"{p.n} {(p.i % 3 == 0 ? classes[p.i] : (classes[p.i] + 1) % 10)}"));

        ComparisonReport report = ModelComparison.Run(new ComparisonOptions
        {
            Float = options.Source,
            Int8 = options.Destination,
            Config = options.Config,
            Labels = labels,
        });

        LabelledAccuracy labelled = report.Labelled!;
        Assert.AreEqual(16, labelled.Samples);
        Assert.AreEqual(0.5, labelled.Rows[0].Float);
        Assert.AreEqual(labelled.Rows[0].Float - labelled.Rows[0].Int8, (labelled.OnlyFloatRight - labelled.OnlyInt8Right) / 16.0, 1e-12);
        Assert.HasCount(2, labelled.Rows);
    }

    [TestMethod]
    [DataRow("", 3668)]
    [DataRow("0000.png", 3665)]
    [DataRow("other.png 1", 3642)]
    [DataRow("0000.png 10", 3667)]
    public void What_is_wrong_with_labels_is_one_error(string text, int code)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 4);
        QuantizePipeline.Run(options);
        string labels = Path.Combine(folder.Path, "labels.txt");
        File.WriteAllText(labels, text);

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => ModelComparison.Run(new ComparisonOptions
        {
            Float = options.Source,
            Int8 = options.Destination,
            Config = options.Config,
            Labels = labels,
        }));

        Assert.AreEqual(code, error.Diagnostic.Code, error.Message);
    }

    [TestMethod]
    public void Folders_are_classes_in_the_order_of_their_names()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 6);
        string pictures = Path.Combine(folder.Path, "pictures");
        foreach ((string name, int i) in Names(folder).Select((n, i) => (n, i)))
        {
            Directory.CreateDirectory(Path.Combine(pictures, i % 2 == 0 ? "bag" : "coat"));
            File.Move(Path.Combine(pictures, name), Path.Combine(pictures, i % 2 == 0 ? "bag" : "coat", name));
        }

        File.WriteAllText(options.Config, File.ReadAllText(options.Config).Replace("\"pictures\"", "\"pictures/**/*.png\", \"labels\": \"folders\"", StringComparison.Ordinal));
        QuantizePipeline.Run(options);

        LabelledAccuracy labelled = ModelComparison.Report(options).Labelled!;

        Assert.AreEqual(6, labelled.Samples);
    }

    [TestMethod]
    public void Auto_keeps_accuracy_and_needs_labels_for_it()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(
            folder, "lenet5", 28, 40, ", \"mode\": \"auto\", \"max_accuracy_drop\": 0, \"target_cosine\": 0.5");
        Assert.AreEqual(1157, Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options)).Diagnostic.Code);

        string[] names = Names(folder);
        int[] classes = Classes(options, names);
        folder.Write("labels.txt", System.Text.Encoding.UTF8.GetBytes(string.Concat(names.Select((n, i) => $"{n} {classes[i]}\n"))));
        File.WriteAllText(options.Config, File.ReadAllText(options.Config).Replace("\"mode\"", "\"labels\": \"labels.txt\", \"mode\"", StringComparison.Ordinal));

        TriedModel chosen = QuantizePipeline.Run(options).Tried.Single(t => t.IsChosen);

        Assert.AreEqual(1, chosen.FloatAccuracy);
        Assert.AreEqual(1, chosen.Accuracy);
    }

    private static string[] Names(TemporaryFolder folder) =>
        [.. Directory.GetFiles(Path.Combine(folder.Path, "pictures")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    // The float model's own.
    private static int[] Classes(QuantizeOptions options, string[] names)
    {
        var session = InferenceSession.Load(options.Source);
        return [.. names.Select(n => TopElement.IndexOfGreatest(session.Run(Mnn.Quantize.Calibration.PictureInput.Read(
            session, session.Inputs[0].Name, null, options.Config, Path.Combine(Path.GetDirectoryName(options.Config)!, "pictures", n), []))[0].Floats))];
    }
}
