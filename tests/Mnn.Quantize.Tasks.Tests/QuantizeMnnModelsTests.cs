using System.Diagnostics;
using System.Runtime.InteropServices;

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

    [TestMethod]
    public void A_native_executable_that_starts_goes_before_dotnet()
    {
        QuantizeMnnModels task = Create("exit 1");
        task.NativeFolder = "native";
        WriteNative("echo \"$@\" >> arguments");

        Assert.IsTrue(task.Execute());

        string[] runs = File.ReadAllLines(Path.Combine(_folder, "arguments"));
        Assert.HasCount(2, runs.Distinct().ToArray());
        StringAssert.StartsWith(runs[^1], "build --manifest ");
    }

    [TestMethod]
    [DataRow("echo 'GLIBC_9.99 not found' >&2; exit 1", UnixFileMode.UserExecute)]
    [DataRow("kill -ILL $$", UnixFileMode.UserExecute)]
    [DataRow("exit 0", UnixFileMode.None)]
    public void Where_the_native_executable_does_not_start_dotnet_runs_the_portable_command(string script, UnixFileMode right)
    {
        QuantizeMnnModels task = Create("[ $1 = exec ] && echo managed > ran");
        task.NativeFolder = "native";
        WriteNative(script, right);

        Assert.IsTrue(task.Execute());

        Assert.IsTrue(File.Exists(Path.Combine(_folder, "ran")));
        Assert.IsEmpty(_engine.Errors);
    }

    private void WriteNative(string script, UnixFileMode right = UnixFileMode.UserExecute)
    {
        string system = OperatingSystem.IsMacOS() ? "osx" : "linux";
        string folder = Path.Combine(_folder, "native", $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        Directory.CreateDirectory(folder);
        WriteScript(Path.Combine(folder, "mnn-quantize"), $"cd '{_folder}'\n{script}", right);
    }

    private static void WriteScript(string path, string script, UnixFileMode right = UnixFileMode.UserExecute)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | right);
    }

    private QuantizeMnnModels Create(string script)
    {
        WriteScript(Path.Combine(_folder, "dotnet"), script);
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
