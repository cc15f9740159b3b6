using System.Text.Json;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>The commands that tell about models: compare, plan, info, and quantize with debug.</summary>
[TestClass]
public sealed class ReportCommandTests
{
    [TestMethod]
    public void Compare_prints_tables_and_writes_the_report()
    {
        using TestFolder folder = Quantized();

        CommandRun run = CommandRun.Of(
            "compare", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--images", "3", "--report", folder["r.json"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Out, "on 3 pictures");
        StringAssert.Contains(run.Out, "SNR dB");
        using var json = JsonDocument.Parse(File.ReadAllBytes(folder["r.json"]));
        Assert.AreEqual(3, json.RootElement.GetProperty("pictures").GetInt32());
    }

    [TestMethod]
    [DataRow("--min-cosine", "0.9", 0)]
    [DataRow("--min-cosine", "0.999999", 1)]
    [DataRow("--min-top1-agreement", "0", 0)]
    public void Compare_fails_below_a_threshold_after_it_has_printed_the_figures(string option, string value, int exitCode)
    {
        using TestFolder folder = Quantized();

        CommandRun run = CommandRun.Of(
            "compare", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--json", option, value);

        Assert.AreEqual(exitCode, run.ExitCode, run.ToString());
        Assert.HasCount(exitCode, run.ErrorLines, run.ToString());
        using var json = JsonDocument.Parse(run.Out);
        Assert.AreEqual(8, json.RootElement.GetProperty("pictures").GetInt32());
    }

    [TestMethod]
    public void Compare_refuses_models_that_do_not_belong_together()
    {
        using var folder = new TestFolder();
        File.Copy(Path.Combine(TestFolder.Sample, "../../tests/assets/models/face_detection_short_range/model.mnn"), folder["face.mnn"]);

        CommandRun run = CommandRun.Of("compare", folder["float.mnn"], folder["face.mnn"], folder["quant.json"]);

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.HasCount(1, run.ErrorLines, run.ToString());
        StringAssert.Contains(run.ErrorLines[0], "MNNQ7001");
    }

    [TestMethod]
    public void Plan_tells_the_size_that_quantizing_gives_and_keys_without_effect()
    {
        using TestFolder folder = Quantized(", \"batch_size\": 4, \"weight_clamp_value\": 100, \"quant_bits\": 4");

        CommandRun run = CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"], "--json");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        using var json = JsonDocument.Parse(run.Out);
        double expected = json.RootElement.GetProperty("expectedBytes").GetDouble();
        long actual = new FileInfo(folder["int8.mnn"]).Length;
        Assert.IsTrue(Math.Abs(expected - actual) < 0.02 * actual, $"{expected} where {actual} came out");
        Assert.IsTrue(json.RootElement.GetProperty("steps").EnumerateArray()
            .All(s => s.GetProperty("why").GetString()!.Length > 0));
        string[] warnings = [.. json.RootElement.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];
        Assert.HasCount(2, warnings);
        Assert.IsTrue(warnings.All(w => w.Contains("MNNQ1104", StringComparison.Ordinal)), run.ToString());
    }

    [TestMethod]
    public void Plan_shows_what_is_skipped_and_the_casts_around_it()
    {
        using var folder = new TestFolder();
        string[] plain = Steps(CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"], "--json"));
        string convolution = plain.First(s => s.StartsWith("int8 Convolution ", StringComparison.Ordinal)).Split(' ', 3)[2];
        folder.WriteConfig($", \"skip_quant_op_names\": [\"{convolution}\"]");

        string[] skipped = Steps(CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"], "--json"));

        CollectionAssert.Contains(skipped, "float Convolution " + convolution);
        StringAssert.Contains(
            CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"]).Out, "named in skip_quant_op_names");
        Assert.IsFalse(File.Exists(folder["int8.mnn"]));
    }

    [TestMethod]
    public void Sensitivity_shows_the_operators_that_lose_the_most_and_writes_all_of_them()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            "sensitivity", folder["float.mnn"], folder["quant.json"], "--top", "2", "--images", "3", "--report", folder["s.json"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Out, "2 of ");
        StringAssert.Contains(run.Out, "on 3 pictures");
        using var json = JsonDocument.Parse(File.ReadAllBytes(folder["s.json"]));
        Assert.IsGreaterThan(3, json.RootElement.GetProperty("operators").GetArrayLength());
        Assert.IsFalse(File.Exists(folder["int8.mnn"]));
    }

    [TestMethod]
    public void A_report_of_a_run_tells_what_was_tried_and_how_sensitive_operators_are()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(", \"mode\": \"auto\"");

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--report", folder["r.json"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        using var json = JsonDocument.Parse(File.ReadAllBytes(folder["r.json"]));
        Assert.IsGreaterThan(5, json.RootElement.GetProperty("candidates").GetArrayLength());
        JsonElement[] convolutions = [.. json.RootElement.GetProperty("operators").EnumerateArray()
            .Where(l => l.GetProperty("type").GetString() == "Convolution")];
        Assert.IsTrue(convolutions.All(c => c.GetProperty("sensitivity").GetDouble() is >= 0 and < 1), run.ToString());
    }

    [TestMethod]
    public void Info_describes_a_model()
    {
        using TestFolder folder = Quantized();

        CommandRun text = CommandRun.Of("info", folder["float.mnn"]);
        CommandRun json = CommandRun.Of("info", folder["int8.mnn"], "--json", "--shape", "1x1x28x28");

        Assert.AreEqual(0, text.ExitCode, text.ToString());
        StringAssert.Contains(text.Out, "will be quantized");
        Assert.AreEqual(0, json.ExitCode, json.ToString());
        using var parsed = JsonDocument.Parse(json.Out);
        Assert.IsTrue(parsed.RootElement.GetProperty("isInt8").GetBoolean());
        Assert.IsGreaterThan(1000, parsed.RootElement.GetProperty("macs").GetInt64());
        Assert.AreEqual(28, parsed.RootElement.GetProperty("inputs")[0].GetProperty("shape")[3].GetInt32());
        Assert.AreEqual("float32", parsed.RootElement.GetProperty("outputs")[0].GetProperty("type").GetString());
    }

    [TestMethod]
    public void With_debug_the_tensors_are_compared_and_report_and_scales_lie_beside_the_model()
    {
        using TestFolder folder = Quantized(", \"debug\": true");

        using var report = JsonDocument.Parse(File.ReadAllBytes(folder["int8.mnn.compare.json"]));
        using var scales = JsonDocument.Parse(File.ReadAllBytes(folder["int8.mnn.json"]));

        Assert.AreEqual(8, report.RootElement.GetProperty("pictures").GetInt32());
        JsonElement convolution = report.RootElement.GetProperty("operators").EnumerateArray()
            .First(o => o.GetProperty("type").GetString() == "Convolution");
        Assert.IsTrue(convolution.GetProperty("overflow").GetDouble() is >= 0 and <= 1);
        Assert.IsGreaterThan(0.5, convolution.GetProperty("cosine").GetDouble());
        Assert.IsGreaterThan(0, scales.RootElement[0].GetProperty("outputs")[0].GetProperty("scales")[0].GetDouble());
    }

    [TestMethod]
    public void Scales_alone_are_an_option()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--scales");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        Assert.IsTrue(File.Exists(folder["int8.mnn.json"]));
        Assert.IsFalse(File.Exists(folder["int8.mnn.compare.json"]));
    }

    [TestMethod]
    public void Quiet_reports_say_nothing_when_all_is_well()
    {
        using TestFolder folder = Quantized();

        Assert.AreEqual(
            new CommandRun(0, "", ""),
            CommandRun.Of("compare", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "-q", "--min-cosine", "0.5"));
        Assert.AreEqual(new CommandRun(0, "", ""), CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"], "-q"));
    }

    private static string[] Steps(CommandRun run)
    {
        using var json = JsonDocument.Parse(run.Out);
        return
        [
            .. json.RootElement.GetProperty("steps").EnumerateArray().Select(s =>
                $"{s.GetProperty("runsIn").GetString()} {s.GetProperty("type").GetString()} {s.GetProperty("name").GetString()}"),
        ];
    }

    private static TestFolder Quantized(string more = "")
    {
        var folder = new TestFolder();
        folder.WriteConfig(more);
        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);
        Assert.AreEqual(0, run.ExitCode, run.ToString());
        return folder;
    }
}
