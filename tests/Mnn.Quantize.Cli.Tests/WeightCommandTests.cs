using System.Text.Json;

namespace Mnn.Quantize.Cli.Tests;

/// <summary><c>quantize --mode</c>: weights alone.</summary>
[TestClass]
public sealed class WeightCommandTests
{
    [TestMethod]
    [DataRow("fp16", "half-float", 0.51)]
    [DataRow("weight_only", "compressed", 0.27)]
    public void No_config_is_needed_and_the_closing_line_says_what_was_compared(string mode, string form, double ratio)
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["small.mnn"], "--mode", mode);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Matches(run.Out, new System.Text.RegularExpressions.Regex(
            $@"^small\.mnn: 487,656 -> [\d,]+ bytes \([\d.]+%\), 5 of 5 convolutions with {form} weights, cosine [\d.]+ on made-up inputs, since no data are given, [\d.]+ s\r?\n$"));
        Assert.IsLessThan(ratio * 487656, new FileInfo(folder["small.mnn"]).Length);
    }

    [TestMethod]
    public void Options_go_before_the_config_whose_pictures_are_compared_on()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(""", "quant_bits": 8, "mode": "fp16" """);

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["small.mnn"], folder["quant.json"], "--mode", "weight_only", "--bits", "4",
            "--block", "32", "--json", "--quiet");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        using var json = JsonDocument.Parse(run.Out);
        Assert.AreEqual("samples", json.RootElement.GetProperty("comparedOn").GetString());
        Assert.AreEqual(8, json.RootElement.GetProperty("pictures").GetInt32());
        JsonElement[] weights = [.. json.RootElement.GetProperty("weights").EnumerateArray()];
        Assert.HasCount(5, weights);
        Assert.IsTrue(weights.Any(w => w.GetProperty("bits").GetInt32() == 4 && w.GetProperty("asymmetric").GetBoolean()));
        Assert.IsTrue(weights.All(w => w.GetProperty("bytes").GetInt64() < w.GetProperty("floatBytes").GetInt64()));
    }

    [TestMethod]
    [DataRow("CONFIG is missing")]
    [DataRow("--bits is '9'", "--mode", "weight_only", "--bits", "9")]
    [DataRow("--block is '24'", "--mode", "weight_only", "--block", "24")]
    [DataRow("weight_only", "--mode", "int4")]
    public void What_is_missing_or_out_of_range_is_told(string expected, params string[] args)
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(["quantize", folder["float.mnn"], folder["small.mnn"], .. args]);

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error);
        Assert.IsFalse(File.Exists(folder["small.mnn"]));
    }

    [TestMethod]
    public void Report_plan_sensitivity_and_info_know_such_models()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(""", "mode": "weight_only", "quant_bits": 4 """);

        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["small.mnn"], folder["quant.json"], "--report", folder["report.md"], "-q");
        Assert.AreEqual(0, run.ExitCode, run.ToString());
        Assert.Contains("Convolutions with compressed weights", File.ReadAllText(folder["report.md"]));

        CommandRun plan = CommandRun.Of("plan", folder["float.mnn"], folder["quant.json"]);
        Assert.Contains("5 of 5 convolutions with compressed weights, all computes in float", plan.Out);
        Assert.Contains("4-bit weights, asymmetric", plan.Out);

        CommandRun ranked = CommandRun.Of("sensitivity", folder["float.mnn"], folder["quant.json"], "--json", "-q");
        Assert.AreEqual(0, ranked.ExitCode, ranked.ToString());
        using var json = JsonDocument.Parse(ranked.Out);
        JsonElement[] operators = [.. json.RootElement.GetProperty("operators").EnumerateArray()];
        Assert.HasCount(5, operators);
        Assert.IsTrue(operators[0].GetProperty("loss").GetDouble() > 0);

        Assert.AreEqual(0, CommandRun.Of("info", folder["small.mnn"]).ExitCode);
    }
}
