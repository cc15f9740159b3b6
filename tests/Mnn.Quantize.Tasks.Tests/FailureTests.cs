using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>What users read when something is wrong, and what is left behind: nothing.</summary>
[TestClass]
public sealed class FailureTests
{
    [TestMethod]
    public async Task A_bad_config_is_one_build_error_at_its_line_and_no_output()
    {
        var project = new ConsumerProject("BadConfig", """<MnnModel Include="model.mnn" Config="quant.json" />""");
        project.Write("quant.json", "{\n  \"path\": \"pictures/\",,\n}");

        BuildRun build = await project.Build();

        Assert.AreNotEqual(0, build.ExitCode);
        Assert.HasCount(1, build.Errors, build.Output);
        StringAssert.StartsWith(build.Errors[0].Code, "MNNQ1");
        Assert.AreEqual(project["quant.json"], build.Errors[0].File);
        Assert.AreEqual(2, build.Errors[0].LineNumber);
        Assert.IsEmpty(Directory.GetFiles(project["obj"], "*.mnn", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task A_missing_config_is_an_error_of_the_project()
    {
        var project = new ConsumerProject("NoConfig", """<MnnModel Include="model.mnn" Config="gone.json" />""");

        BuildRun build = await project.Build();

        Assert.AreNotEqual(0, build.ExitCode);
        Assert.HasCount(1, build.Errors, build.Output);
        Assert.AreEqual("MNNQ8003", build.Errors[0].Code);
        Assert.AreEqual(project["NoConfig.csproj"], build.Errors[0].File);
        Assert.AreEqual(0, build.CommandRuns);
    }
}
