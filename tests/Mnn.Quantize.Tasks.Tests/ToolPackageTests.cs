using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>The command as a dotnet tool.</summary>
[TestClass]
public sealed class ToolPackageTests
{
    [TestMethod]
    public async Task The_tool_is_installed_from_a_feed_and_runs()
    {
        var project = new ConsumerProject("Tool", "");

        (int installed, string log) = await DotNet.Run(
            project.Folder, "tool", "install", "Mnn.Quantize.Tool", "--version", TestEnvironment.Version, "--tool-path", project["tools"]);
        Assert.AreEqual(0, installed, log);
        (int version, string told) = await RunTool(project, "--version");
        (int quantized, string line) = await RunTool(project, "quantize", "model.mnn", "int8.mnn", "quant.json");

        Assert.AreEqual(0, version, told);
        StringAssert.StartsWith(told, TestEnvironment.Version);
        Assert.AreEqual(0, quantized, line);
        StringAssert.Contains(line, "int8.mnn: 487,656 -> ");
        project.AssertIsInt8("int8.mnn");
    }

    private static Task<(int ExitCode, string Output)> RunTool(ConsumerProject project, params string[] args) => DotNet.RunProgram(
        project["tools/mnn-quantize" + (OperatingSystem.IsWindows() ? ".exe" : "")], project.Folder, args);
}
