using System.Text.Json;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class QuantizeCommandTests
{
    [TestMethod]
    public void One_closing_line_tells_sizes_ratio_cosine_and_seconds()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        long size = new FileInfo(folder["int8.mnn"]).Length;
        Assert.IsLessThan(0.3 * new FileInfo(folder["float.mnn"]).Length, size);
        StringAssert.Matches(run.Out, new System.Text.RegularExpressions.Regex(
            @"^int8\.mnn: 487,656 -> [\d,]+ bytes \(2\d\.\d ?%\), \d+ of \d+ convolutions in int8, cosine [\d.]+, [\d.]+ s\r?\n$"));
        StringAssert.Contains(run.Error, "float.mnn: ");
    }

    [TestMethod]
    public void Json_is_one_object_with_all_figures()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--json", "--quiet");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        using var json = JsonDocument.Parse(run.Out);
        Assert.AreEqual(folder["int8.mnn"], json.RootElement.GetProperty("destination").GetString());
        Assert.AreEqual(487656, json.RootElement.GetProperty("sourceBytes").GetInt64());
        Assert.AreEqual(8, json.RootElement.GetProperty("pictures").GetInt32());
        Assert.IsGreaterThan(0.9, json.RootElement.GetProperty("cosine").GetDouble());
    }

    [TestMethod]
    public void Quiet_says_nothing_when_all_is_well()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "-q");

        Assert.AreEqual(new CommandRun(0, "", ""), run);
    }

    [TestMethod]
    public void The_dependency_file_lists_model_config_and_pictures()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--dependency-file", folder["deps"]);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        string[] lines = File.ReadAllLines(folder["deps"]);
        CollectionAssert.Contains(lines, folder["float.mnn"]);
        CollectionAssert.Contains(lines, folder["quant.json"]);
        CollectionAssert.Contains(lines, folder["pictures/0020.png"]);
    }

    [TestMethod]
    [DataRow("{ \"path\": \"pictures/\",, }", DisplayName = "not JSON")]
    [DataRow("{ \"path\": 3 }", DisplayName = "wrong type")]
    [DataRow("{ \"path\": \"nowhere/\", \"width\": 28, \"height\": 28 }", DisplayName = "no such folder")]
    public void A_bad_config_is_one_canonical_line_exit_code_1_and_no_output(string config)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["quant.json"], config);

        CommandRun run = CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        AssertFails(run, folder);
        StringAssert.StartsWith(run.ErrorLines[0], folder["quant.json"]);
    }

    [TestMethod]
    public void A_missing_model_is_one_canonical_line_exit_code_1_and_no_output()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of("quantize", folder["gone.mnn"], folder["int8.mnn"], folder["quant.json"]);

        AssertFails(run, folder);
        StringAssert.StartsWith(run.ErrorLines[0], folder["gone.mnn"]);
    }

    [TestMethod]
    public void A_cancelled_run_returns_130_and_writes_nothing()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            new CancellationToken(canceled: true),
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        Assert.AreEqual(130, run.ExitCode, run.ToString());
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*int8*"));
    }

    private static void AssertFails(CommandRun run, TestFolder folder)
    {
        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.AreEqual("", run.Out);
        Assert.HasCount(1, run.ErrorLines, run.ToString());
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*int8*"));
    }
}
