using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Build.Framework;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>
/// The native executable of the command in the package. It is there where the tests are built with a C compiler on Linux for
/// x64; elsewhere these tests say nothing.
/// </summary>
[TestClass]
public sealed class NativeCommandTests
{
    [TestMethod]
    public async Task A_build_runs_the_native_executable_and_makes_the_bytes_of_the_portable_command()
    {
        RequireNative();
        var project = new ConsumerProject("NativeBuild", """<MnnModel Include="model.mnn" Config="quant.json" />""");

        BuildRun native = await project.Build();
        byte[] nativeModel = await File.ReadAllBytesAsync(project["bin/Debug/net10.0/model.mnn"]);
        Directory.Delete(project["bin"], recursive: true);
        Directory.Delete(project["obj"], recursive: true);
        BuildRun portable = await project.Build("-p:MnnQuantizeNative=false");

        StringAssert.Contains(CommandLine(native), "tools/native/linux-x64/mnn-quantize");
        StringAssert.Contains(CommandLine(portable), "mnn-quantize.dll");
        CollectionAssert.AreEqual(await File.ReadAllBytesAsync(project["bin/Debug/net10.0/model.mnn"]), nativeModel);
    }

    [TestMethod]
    public async Task What_one_of_the_two_commands_made_is_found_in_the_cache_by_the_other()
    {
        RequireNative();
        var project = new ConsumerProject("NativeCache", """<MnnModel Include="model.mnn" Config="quant.json" />""");

        await project.Build("-p:MnnQuantizeCacheDir=cache/");
        Directory.Delete(project["bin"], recursive: true);
        Directory.Delete(project["obj"], recursive: true);
        BuildRun portable = await project.Build("-p:MnnQuantizeNative=false", "-p:MnnQuantizeCacheDir=cache/");

        StringAssert.Contains(CommandLine(portable), "mnn-quantize.dll");
        StringAssert.Contains(portable.Output, "from the cache");
    }

    private static string CommandLine(BuildRun run) => run.Events.OfType<TaskCommandLineEventArgs>()
        .Select(line => line.CommandLine.Replace('\\', '/')).Single(line => line.Contains("mnn-quantize", StringComparison.Ordinal));

    private static void RequireNative()
    {
        using ZipArchive package = ZipFile.OpenRead(TestEnvironment.Package("Mnn.Quantize"));
        if (package.GetEntry("tools/native/linux-x64/mnn-quantize") is null)
        {
            Assert.IsFalse(CanLink(), "A program can be linked here, so that the package should have a native executable.");
            Assert.Inconclusive("The package was packed without a native executable.");
        }
    }

    private static bool CanLink()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64
            || RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            return false;
        }

        using var shell = Process.Start("sh", ["-c", "echo 'int main(void) { return 0; }' | \"$(command -v clang || command -v gcc)\" -x c - -o /dev/null 2> /dev/null"]);
        shell.WaitForExit();
        return shell.ExitCode == 0;
    }
}
