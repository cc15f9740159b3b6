using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class PreprocessingLintTests
{
    private const string MinusOneToOne = "'mean':[127.5,127.5,127.5],'normal':[0.00784314,0.00784314,0.00784314]";

    [TestMethod]
    [DataRow(MinusOneToOne, 0)]
    [DataRow("'normal':[0.00392157,0.00392157,0.00392157]", 0)]
    [DataRow("'format':'RGB','mean':[123.68,116.78,103.94],'normal':[0.017,0.017,0.017]", 0)]
    [DataRow("'format':'BGR','mean':[103.94,116.78,123.68]", 0)]
    [DataRow("'format':'RGB','mean':[123.675,116.28,103.53],'normal':[0.01712475,0.017507,0.01742919]", 0)]
    [DataRow("'format':'GRAY','mean':[72.93],'normal':[0.0111]", 0)]
    [DataRow("'format':'GRAY','mean':[72.93,0,0],'normal':[0.0111,1,1]", 0)]
    [DataRow("'format':'RGBA','mean':[127.5,127.5,127.5],'normal':[0.0078,0.0078,0.0078]", 0)]
    [DataRow("'mean':[0,0,0],'normal':[1,1,1]", 0)]
    [DataRow("'mean':[127.5,127.5,127.5],'normal':[127.5,127.5,127.5]", 1110)]
    [DataRow("'normal':[255,255,255]", 1110)]
    [DataRow("'mean':[0.485,0.456,0.406],'normal':[0.0171,0.0175,0.0174]", 1111)]
    [DataRow("'mean':[123.675,116.28,103.53],'normal':[0.229,0.224,0.225],'format':'RGB'", 1112)]
    [DataRow("'normal':[0.0078,0,0.0078]", 1113)]
    [DataRow("'mean':[127.5],'normal':[0.0078,0.0078,0.0078]", 1114)]
    [DataRow("'format':'GRAY','mean':[127.5,127.5,127.5],'normal':[0.0078]", 1114)]
    [DataRow("'format':'RGB','mean':[103.94,116.78,123.68],'normal':[0.017,0.017,0.017]", 1115)]
    [DataRow("'format':'BGR','mean':[123.675,116.28,103.53]", 1115)]
    public void Settings_that_contradict_themselves_are_a_warning(string keys, int code)
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<Diagnostic>();

        SettingsLint.Check(TestData.Config(folder, "'path':'.'," + keys), orderMatters: true, warnings);

        CollectionAssert.AreEqual(code == 0 ? [] : (int[])[code], warnings.Select(w => w.Code).ToArray(), string.Join('\n', warnings));
    }

    [TestMethod]
    [DataRow(MinusOneToOne, 0.5f, 0)]
    [DataRow("'mean':[127.5,127.5,127.5]", 20f, 3561, DisplayName = "normal forgotten")]
    [DataRow("'mean':[0,0,0]", 0.01f, 0, DisplayName = "grey levels for a model made for them")]
    [DataRow("'normal':[0.00001,0.00001,0.00001]", 0.5f, 3562)]
    [DataRow("'normal':[0,0,0]", 0.5f, 3563)]
    public void Ranges_that_the_first_layer_never_sees_are_a_warning(string keys, float weight, int code)
    {
        int[] codes = Codes(keys, weight, Enumerable.Range(0, 8).Select(i => TestData.Noise(i)));

        CollectionAssert.AreEqual(code == 0 ? [] : (int[])[code], codes.Where(c => c is 3561 or 3562 or 3563).ToArray());
    }

    [TestMethod]
    public void Gray_pictures_for_a_colour_model_are_a_warning()
    {
        // Steep steps, so that no two pictures look alike.
        IEnumerable<byte[]> Pictures(int gray) => Enumerable.Range(0, 8).Select(i => TestData.Picture(
            16, 16, (x, y) => ((byte)(i < gray ? x * y * (i + 1) : 255), (byte)(x * y * (i + 1)), (byte)(x * y * (i + 1)))));

        CollectionAssert.AreEqual((int[])[3564], Codes(MinusOneToOne, 0.5f, Pictures(4)));
        CollectionAssert.AreEqual((int[])[], Codes(MinusOneToOne, 0.5f, Pictures(3)));
    }

    [TestMethod]
    public void Copies_and_look_alikes_are_warnings()
    {
        byte[][] all = [.. Enumerable.Range(0, 8).Select(i => TestData.Noise(i, side: 16))];
        byte[] alike = [.. all[3]];
        alike[^1] ^= 3;

        CollectionAssert.AreEqual((int[])[], Codes(MinusOneToOne, 0.5f, all));
        CollectionAssert.AreEqual((int[])[3565], Codes(MinusOneToOne, 0.5f, [.. all, all[3]]));
        CollectionAssert.AreEqual((int[])[3566], Codes(MinusOneToOne, 0.5f, [.. all, alike]));
    }

    [TestMethod]
    [DataRow(0.5f, 0.5f, false)]
    [DataRow(0.5f, 0.4f, true)]
    public void A_mean_in_the_other_order_is_a_warning_if_the_model_tells_red_from_blue(float red, float blue, bool expected)
    {
        var model = TestData.Model(("x", [1, 3, 8, 8]));
        var conv = (Convolution2D)model.Net.Oplists!.Find(o => o.Name == "conv")!.Main!;
        conv.Weight = [.. Enumerable.Range(0, 4).SelectMany(i => (float[])[red * i, 0.1f, blue * i])];

        int[] codes = Codes("'format':'RGB','mean':[103.94,116.78,123.68],'normal':[0.017,0.017,0.017]", model, Enumerable.Range(0, 8).Select(i => TestData.Noise(i)));

        CollectionAssert.AreEqual(expected ? (int[])[1115] : [], codes);
    }

    [TestMethod]
    public void Few_samples_are_a_warning() =>
        CollectionAssert.AreEqual((int[])[3567], Codes(MinusOneToOne, 0.5f, Enumerable.Range(0, 7).Select(i => TestData.Noise(i))));

    private static int[] Codes(string keys, float weight, IEnumerable<byte[]> pictures) =>
        Codes(keys, TestData.Model(weight, ("x", [1, 3, 8, 8])), pictures);

    private static int[] Codes(string keys, MnnModel model, IEnumerable<byte[]> pictures)
    {
        using var folder = new TemporaryFolder();
        string[] samples = [.. pictures.Select((bytes, i) => folder.Write($"{i}.ppm", bytes))];
        var graph = Graph.Build(model);
        var config = TestData.Config(folder, "'path':'.'," + keys);
        var lint = new PreprocessingLint(graph, config);
        var warnings = new List<Diagnostic>();

        lint.Look(SampleFeeder.Create(graph, config, lint), samples, CancellationToken.None);
        lint.Report(samples, warnings);

        return [.. warnings.Select(w => w.Code).Where(c => c != 1113)];
    }
}
