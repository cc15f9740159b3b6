using System.Diagnostics;
using System.Globalization;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Core.Tests.Model;

/// <summary>What killed processes leave is removed by the next run, and nothing else.</summary>
[TestClass]
public sealed class TemporaryFileTests
{
    // MACHINE-PROCESS-RUN-NUMBER.
    private static string Name(TemporaryFolder folder, int? process = null, string? run = null, string? machine = null)
    {
        string name = TemporaryFile.NameBeside(System.IO.Path.Combine(folder.Path, "a.mnn"));
        string[] parts = name[(name.LastIndexOf("a.mnn.", StringComparison.Ordinal) + 6)..].Split('-');
        parts[0] = machine ?? parts[0];
        parts[1] = process?.ToString("x", CultureInfo.InvariantCulture) ?? parts[1];
        parts[2] = run ?? parts[2];
        return "a.mnn." + string.Join('-', parts);
    }

    private static int GoneProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    [TestMethod]
    public void Files_of_processes_that_are_gone_go_when_the_next_file_is_written()
    {
        using var folder = new TemporaryFolder();
        string gone = folder.Write(Name(folder, GoneProcess()), [1, 2]);
        string sameId = folder.Write(Name(folder, run: "ffffffff"), [1, 2]);

        AtomicFile.WriteText(System.IO.Path.Combine(folder.Path, "b.mnn"), "new");

        Assert.IsFalse(File.Exists(gone), "Of a process that is gone.");
        Assert.IsFalse(File.Exists(sameId), "Of an earlier process that had the id of this one.");
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Files_of_others_stay()
    {
        using var folder = new TemporaryFolder();
        int gone = GoneProcess();
        string[] others =
        [
            folder.Write(Name(folder), [1]),
            folder.Write(Name(folder, gone, machine: "01234567"), [1]),
            folder.Write("a.mnn.tmp", [1]),
            folder.Write("a.mnn.0abc.mnnq.tmp", [1]),
        ];

        AtomicFile.WriteText(System.IO.Path.Combine(folder.Path, "b.mnn"), "new");

        Assert.IsTrue(others.All(File.Exists), string.Join(", ", Directory.GetFiles(folder.Path)));
    }

    [TestMethod]
    public void A_file_that_somebody_has_open_stays()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(Name(folder, GoneProcess()), [1]);
        using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.IsFalse(TemporaryFile.RemoveIfLeftOver(file));
        }

        Assert.IsTrue(TemporaryFile.RemoveIfLeftOver(file));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_process_that_lives_keeps_its_files_but_not_those_from_before_its_time()
    {
        using var folder = new TemporaryFolder();
        using Process process = Process.Start("sleep", ["60"]);
        try
        {
            string file = folder.Write(Name(folder, process.Id, "ffffffff"), [1]);
            Assert.IsFalse(TemporaryFile.RemoveIfLeftOver(file));

            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-10));
            Assert.IsTrue(TemporaryFile.RemoveIfLeftOver(file));
        }
        finally
        {
            process.Kill();
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_link_with_such_a_name_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        string target = folder.Write("target", [1]);
        string link = System.IO.Path.Combine(folder.Path, Name(folder, GoneProcess()));
        File.CreateSymbolicLink(link, target);

        Assert.IsFalse(TemporaryFile.RemoveIfLeftOver(link));
        Assert.IsTrue(File.Exists(target));
    }
}
