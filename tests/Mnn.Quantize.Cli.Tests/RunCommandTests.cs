using System.Text.Json;
using Mnn.Quantize.Data;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class RunCommandTests
{
    private const string Shape = ":1x1x28x28";

    [TestMethod]
    [DataRow("input=in.raw" + Shape)]
    [DataRow("in.raw" + Shape)]
    [DataRow("in.raw")]
    [DataRow("input=in.npy")]
    [DataRow("in.npy" + Shape)]
    [DataRow("a=b.raw")]
    [DataRow("a:1.raw")]
    public void Every_way_to_name_an_input_gives_the_outputs_of_the_engine(string input)
    {
        using var folder = new TestFolder();
        float[] values = [.. Enumerable.Range(0, 784).Select(i => (i % 28) / 28f)];
        byte[] raw = [.. values.SelectMany(BitConverter.GetBytes)];
        foreach (string name in new[] { "in.raw", "a=b.raw", "a:1.raw" })
        {
            File.WriteAllBytes(folder[name], raw);
        }

        File.WriteAllBytes(folder["in.npy"], NpyFile.Write(new TensorValue("", [1, 1, 28, 28], values)));
        bool isNamed = input.StartsWith("input=", StringComparison.Ordinal);
        string path = isNamed ? "input=" + folder[input["input=".Length..]] : folder[input];

        CommandRun run = CommandRun.Of("run", folder["float.mnn"], "--input", path, "--output-dir", folder["out"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        InferenceSession session = InferenceSession.Load(folder["float.mnn"]);
        TensorValue expected = session.Run(new TensorValue("input", [1, 1, 28, 28], values))[0];
        string file = folder[$"out/{expected.Name.Replace('/', '_').Replace(':', '_')}.npy"];
        TensorValue actual = NpyFile.Read(File.ReadAllBytes(file), file);
        CollectionAssert.AreEqual(expected.Floats, actual.Floats);
        CollectionAssert.AreEqual(expected.Shape.ToArray(), actual.Shape.ToArray());
        StringAssert.Contains(run.Out, "float32 1x10");
    }

    [TestMethod]
    public void A_picture_is_prepared_as_the_config_says_and_classes_and_times_are_printed()
    {
        using var folder = new TestFolder();
        string picture = Directory.GetFiles(folder["pictures"])[0];

        CommandRun run = CommandRun.Of(
            "run", folder["float.mnn"], "--input", picture, "--config", folder["quant.json"], "--top", "3", "--repeat", "5");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Matches(run.Out, new System.Text.RegularExpressions.Regex(@"top 3: \d \(.+\), \d \(.+\), \d \(.+\)"));
        StringAssert.Matches(run.Out, new System.Text.RegularExpressions.Regex(@"5 runs: median [\d.]+ ms, least [\d.]+ ms"));
    }

    [TestMethod]
    public void Json_is_one_object()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["in.raw"], new byte[784 * 4]);

        CommandRun run = CommandRun.Of("run", folder["float.mnn"], "-i", folder["in.raw"], "--json", "--top", "2", "-o", folder["out"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        using var json = JsonDocument.Parse(run.Out);
        JsonElement output = json.RootElement.GetProperty("outputs")[0];
        Assert.AreEqual("float32", output.GetProperty("type").GetString());
        Assert.AreEqual(10, output.GetProperty("shape")[1].GetInt32());
        Assert.AreEqual(2, output.GetProperty("top")[0].GetArrayLength());
        Assert.IsTrue(File.Exists(output.GetProperty("file").GetString()));
    }

    [TestMethod]
    [DataRow("MNNQ1201", "other=in.raw", DisplayName = "no such input")]
    [DataRow("MNNQ1202", null, DisplayName = "no input at all")]
    [DataRow("MNNQ1204", "input=in.npy:1x1x28x29", DisplayName = "another shape than the array's")]
    [DataRow("MNNQ3605", "input=in.raw:1x1x28x29", DisplayName = "another length than the shape's")]
    [DataRow("MNNQ1206", "input=in.png", DisplayName = "picture without config")]
    [DataRow("MNNQ1207", "input=in.raw input=in.npy", DisplayName = "given twice")]
    [DataRow("MNNQ1208", "input=gone.raw", DisplayName = "no such file")]
    [DataRow("MNNQ3601", "input=bad.npy", DisplayName = "damaged array")]
    [DataRow("MNNQ4004", "input=flat.npy", DisplayName = "array of another rank")]
    public void A_bad_input_is_one_canonical_line(string code, string? inputs)
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["in.raw"], new byte[784 * 4]);
        byte[] array = NpyFile.Write(new TensorValue("", [1, 1, 28, 28], new float[784]));
        File.WriteAllBytes(folder["in.npy"], array);
        File.WriteAllBytes(folder["bad.npy"], array[..50]);
        File.WriteAllBytes(folder["flat.npy"], NpyFile.Write(new TensorValue("", [3], new float[3])));
        IEnumerable<string> arguments = (inputs ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(i => new[] { "--input", i.Replace("=", "=" + folder.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) });

        CommandRun run = CommandRun.Of(["run", folder["float.mnn"], .. arguments, "--output-dir", folder["out"]]);

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.AreEqual("", run.Out);
        Assert.HasCount(1, run.ErrorLines, run.ToString());
        StringAssert.Contains(run.ErrorLines[0], code);
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }
}
