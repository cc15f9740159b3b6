using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>The command as a process of its own: what the tests within this process cannot see.</summary>
[TestClass]
public sealed class ProcessTests
{
    [TestMethod]
    public async Task The_version_is_that_of_the_engine()
    {
        using Process process = Start("--version");
        string version = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(0, process.ExitCode);
        StringAssert.StartsWith(version, typeof(QuantizePipeline).Assembly.GetName().Version!.ToString(3));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Ctrl_C_ends_the_run_within_seconds_with_nothing_written()
    {
        using var folder = new TestFolder();
        foreach (int copy in Enumerable.Range(0, 2000))
        {
            File.Copy(folder["pictures/0020.png"], folder[$"pictures/copy{copy}.png"]);
        }

        using Process process = Start("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);
        string? progress = await process.StandardError.ReadLineAsync(CancellationToken.None);
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var sinceKill = Stopwatch.StartNew();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

        Assert.AreEqual(130, process.ExitCode, progress);
        Assert.IsLessThan(5, sinceKill.Elapsed.TotalSeconds);
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*int8*"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("", true)]
    [DataRow("1", false)]
    public async Task A_terminal_sees_a_bar_coloured_unless_NO_COLOR_says_no(string noColor, bool isColoured)
    {
        using var folder = new TestFolder();
        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        string line = $"dotnet exec '{tool}' quantize '{folder["float.mnn"]}' '{folder["int8.mnn"]}' '{folder["quant.json"]}'";

        // "script" runs a command on a terminal of its own.
        var start = new ProcessStartInfo("script", ["-qec", line, "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        (start.Environment["NO_COLOR"], start.Environment["TERM"]) = (noColor, "xterm");
        using Process process = Process.Start(start)!;
        string shown = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(0, process.ExitCode, shown);
        StringAssert.Matches(shown, new Regex(@"\r(\e\[36m)?float\.mnn: calibrating \d/8 \[#*-*\]"));
        StringAssert.Contains(shown, "int8.mnn: 487,656 -> ");
        Assert.AreEqual(isColoured, shown.Contains("\e[36m", StringComparison.Ordinal), shown);
    }

    private static Process Start(params string[] args)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");

        // A shell starts what runs in its background with SIGINT ignored, and that is passed on from process to process.
        string[] command = OperatingSystem.IsLinux()
            ? ["env", "--default-signal=INT", "dotnet", "exec", tool, .. args]
            : ["dotnet", "exec", tool, .. args];
        return Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }
}
