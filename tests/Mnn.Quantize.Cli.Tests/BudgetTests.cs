using System.Diagnostics;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>Limits of time and memory that a user sets.</summary>
[TestClass]
public sealed class BudgetTests
{
    [TestMethod]
    public void A_run_that_takes_longer_than_it_may_ends_with_an_error_and_writes_nothing()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--quiet", "--timeout", "0.001");

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.HasCount(1, run.ErrorLines);
        StringAssert.Contains(run.Error, "error MNNQ8043: ");
        Assert.IsFalse(File.Exists(folder["int8.mnn"]));
    }

    [TestMethod]
    [DataRow("info")]
    [DataRow("init")]
    public void Commands_that_only_look_at_a_model_keep_to_the_time_too(string command)
    {
        using var folder = new TestFolder();
        File.Delete(folder["quant.json"]);
        string[] more = command == "init" ? ["--output", folder["quant.json"]] : [];

        CommandRun run = CommandRun.Of([command, folder["float.mnn"], "--timeout", "0.00001", .. more]);

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "error MNNQ8043: ");
        Assert.AreEqual("", run.Out);
        Assert.IsFalse(File.Exists(folder["quant.json"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("info")]
    [DataRow("quantize")]
    public async Task A_file_that_never_comes_is_not_waited_for(string command)
    {
        using var folder = new TestFolder();
        using (Process pipe = Process.Start("mkfifo", [folder["slow.mnn"]]))
        {
            await pipe.WaitForExitAsync();
        }

        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        string[] more = command == "quantize" ? [folder["int8.mnn"], folder["quant.json"]] : [];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", tool, command, folder["slow.mnn"], .. more, "--timeout", "0.5"])
        {
            RedirectStandardError = true,
        })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        Assert.AreEqual(1, process.ExitCode, error);
        StringAssert.Contains(error, "error MNNQ8043: ");
    }

    [TestMethod]
    public async Task Memory_of_a_command_that_only_looks_is_limited_too()
    {
        using var folder = new TestFolder();
        using (FileStream large = File.Create(folder["large.mnn"]))
        {
            large.SetLength(300L << 20);
        }

        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", tool, "info", folder["large.mnn"], "--max-memory", "64"])
        {
            RedirectStandardError = true,
        })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(1, process.ExitCode, error);
        StringAssert.Contains(error, "error MNNQ8107: ");
    }

    [TestMethod]
    public void A_run_within_its_limits_is_as_one_without()
    {
        using var folder = new TestFolder();
        CommandRun plain = CommandRun.Of("quantize", folder["float.mnn"], folder["a.mnn"], folder["quant.json"], "--quiet");

        CommandRun run = CommandRun.Of(
            "quantize", folder["float.mnn"], folder["b.mnn"], folder["quant.json"], "--quiet", "--timeout", "600");

        Assert.AreEqual((0, 0), (plain.ExitCode, run.ExitCode), run.ToString());
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["a.mnn"]), File.ReadAllBytes(folder["b.mnn"]));
    }

    [TestMethod]
    public async Task Memory_beyond_the_limit_is_an_error_of_one_line()
    {
        using var folder = new TestFolder();

        // A picture as large as a picture may become: 64 MiB as bytes, 1 GiB as the convolution's input.
        string config = await File.ReadAllTextAsync(folder["quant.json"]);
        await File.WriteAllTextAsync(folder["quant.json"], config.Replace("28", "4096", StringComparison.Ordinal));
        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        var start = new ProcessStartInfo(
            "dotnet", ["exec", tool, "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"], "--quiet", "--max-memory", "64"])
        {
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(1, process.ExitCode, error);
        StringAssert.Contains(error, "error MNNQ8107: ");
        Assert.HasCount(1, error.TrimEnd().Split('\n'), error);
        Assert.IsFalse(File.Exists(folder["int8.mnn"]));
    }

    [TestMethod]
    [DataRow("--timeout", "-1")]
    [DataRow("--timeout", "soon")]
    [DataRow("--max-memory", "63")]
    public void A_limit_that_is_none_is_told_with_what_it_may_be(string name, string value)
    {
        CommandRun run = CommandRun.Of("info", "a.mnn", name, value);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, $"{name} is '{value}'; it must be 0 or a number from ");
    }
}
