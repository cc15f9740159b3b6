using System.Diagnostics;
using System.Text.Json;

namespace Mnn.Quantize.Cli.Tests;

/// <summary><c>mnn-quantize train</c>.</summary>
[TestClass]
public sealed class TrainCommandTests
{
    private const string Train = """, "train": { "epochs": 2, "batch_size": 2, "validation_share": 0.25 }""";

    [TestMethod]
    public void It_tells_each_epoch_and_writes_an_int8_model()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(Train);
        var run = CommandRun.Of("train", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        Assert.AreEqual(ExitCode.Success, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Out, "epoch 1: loss ");
        StringAssert.Contains(run.Out, "8-bit weights");
        StringAssert.Contains(run.Error, "float.mnn: epoch 1/2, training 2/6, loss ");
        Assert.IsLessThan(new FileInfo(folder["float.mnn"]).Length / 3, new FileInfo(folder["int8.mnn"]).Length);
    }

    [TestMethod]
    public void With_json_standard_output_is_one_object()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(Train);
        var run = CommandRun.Of(
            "train", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--quiet", "--json", "--dependency-file", folder["d.txt"]);

        using var json = JsonDocument.Parse(run.Out);
        Assert.AreEqual(2, json.RootElement.GetProperty("epochs").GetArrayLength());
        Assert.AreEqual(6, json.RootElement.GetProperty("examples").GetInt32());
        Assert.AreEqual("", run.Error);
        CollectionAssert.Contains(File.ReadAllLines(folder["d.txt"]), folder["float.mnn"]);
    }

    [TestMethod]
    [DataRow(""", "train": { "epochs": 0 }""", "quant.json(2,", "MNNQ1003")]
    [DataRow(""", "train": { "data": "nowhere" }""", "quant.json: ", "MNNQ3501")]
    [DataRow(""", "train": { "data": "pictures", "labels": "list.txt" }""", "list.txt(1,1)", "MNNQ3665")]
    public void A_failure_is_one_line_and_nothing_is_written(string train, string place, string code)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["list.txt"], "0020.png cat\n");
        folder.WriteConfig(train);
        var run = CommandRun.Of("train", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        Assert.AreEqual(ExitCode.Failure, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), place);
        StringAssert.Contains(run.ErrorLines.Single(), code);
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "int8*"));
    }

    [TestMethod]
    public async Task A_training_that_was_killed_goes_on_to_the_same_model()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(""", "train": { "epochs": 40, "batch_size": 2, "validation_share": 0.25, "augment_crop": 1 }""");
        string[] arguments = ["train", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]];
        Assert.AreEqual(ExitCode.Success, CommandRun.Of([.. arguments, "--quiet"]).ExitCode);
        byte[] expected = await File.ReadAllBytesAsync(folder["int8.mnn"]);
        File.Delete(folder["int8.mnn"]);

        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        using (Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", tool, .. arguments, "--quiet"]))!)
        {
            while (!File.Exists(folder["int8.mnn.checkpoint"]) && !process.HasExited)
            {
                await Task.Delay(5);
            }

            process.Kill();
            await process.WaitForExitAsync();
            Assert.AreNotEqual(0, process.ExitCode, "It was too fast to be killed.");
        }

        Assert.IsFalse(File.Exists(folder["int8.mnn"]));
        var resumed = CommandRun.Of([.. arguments, "--resume"]);
        Assert.AreEqual(ExitCode.Success, resumed.ExitCode, resumed.ToString());
        Assert.DoesNotContain("epoch 1/40, training", resumed.Error);
        CollectionAssert.AreEqual(expected, await File.ReadAllBytesAsync(folder["int8.mnn"]));
        Assert.IsFalse(File.Exists(folder["int8.mnn.checkpoint"]));
    }
}
