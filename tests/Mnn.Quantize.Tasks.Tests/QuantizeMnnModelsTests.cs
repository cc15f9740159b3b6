using System.Diagnostics;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>The task against a stand-in for <c>dotnet</c>: a shell script.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class QuantizeMnnModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnnq task ").FullName;
    private readonly RecordingEngine _engine = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Cancelling_the_build_ends_the_process_at_once()
    {
        QuantizeMnnModels task = Create("echo started; echo $$ > pid; exec sleep 60");
        Task<bool> run = Task.Run(task.Execute);
        string pidFile = Path.Combine(_folder, "pid");
        while (!File.Exists(pidFile) || new FileInfo(pidFile).Length == 0)
        {
            await Task.Delay(20);
        }

        var sinceCancel = Stopwatch.StartNew();
        task.Cancel();

        Assert.IsFalse(await run);
        Assert.IsLessThan(10, sinceCancel.Elapsed.TotalSeconds);
        int pid = int.Parse(File.ReadAllText(pidFile), System.Globalization.CultureInfo.InvariantCulture);
        Assert.ThrowsExactly<ArgumentException>(() => Process.GetProcessById(pid));
    }

    [TestMethod]
    public void Canonical_lines_become_errors_with_code_file_and_place()
    {
        Assert.IsFalse(Create("echo '/a b/ü.json(3,7): error MNNQ1203: No such method.' >&2; exit 1").Execute());

        Assert.HasCount(1, _engine.Errors);
        Assert.AreEqual("MNNQ1203", _engine.Errors[0].Code);
        Assert.AreEqual("/a b/ü.json", _engine.Errors[0].File);
        Assert.AreEqual(3, _engine.Errors[0].LineNumber);
        Assert.AreEqual(7, _engine.Errors[0].ColumnNumber);
    }

    [TestMethod]
    public void A_command_that_dies_without_a_word_is_an_error()
    {
        Assert.IsFalse(Create("echo last words >&2; exit 134").Execute());

        Assert.AreEqual("MNNQ8008", _engine.Errors.Single().Code);
        StringAssert.Contains(_engine.Errors[0].Message, "134");
        StringAssert.Contains(_engine.Errors[0].Message, "last words");
    }

    [TestMethod]
    public void A_missing_host_is_an_error_that_says_what_was_tried()
    {
        QuantizeMnnModels task = Create("exit 0");
        task.DotNetHosts = ["", "/nowhere/dotnet"];

        Assert.IsFalse(task.Execute());
        Assert.AreEqual("MNNQ8007", _engine.Errors.Single().Code);
        StringAssert.Contains(_engine.Errors[0].Message, "/nowhere/dotnet");
    }

    private QuantizeMnnModels Create(string script)
    {
        string host = Path.Combine(_folder, "dotnet");
        File.WriteAllText(host, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new QuantizeMnnModels
        {
            BuildEngine = _engine,
            ProjectFile = Path.Combine(_folder, "p.csproj"),
            ManifestFile = "manifest",
            ToolAssembly = "tool.dll",
            DotNetHosts = [_folder],
        };
    }
}
