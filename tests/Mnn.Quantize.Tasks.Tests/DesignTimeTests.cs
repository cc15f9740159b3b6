using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>What editors do all the time must be quick and quiet.</summary>
[TestClass]
public sealed class DesignTimeTests
{
    [TestMethod]
    public async Task A_design_time_build_foresees_the_model_and_does_not_make_it()
    {
        var project = new ConsumerProject("DesignTime", """<MnnModel Include="model.mnn" Config="quant.json" />""");

        BuildRun build = await project.Run(
            "build",
            "-t:ResolveReferences;PrepareResources;_GetCopyToOutputDirectoryItemsFromThisProject",
            "-p:DesignTimeBuild=true",
            "-p:BuildingProject=false",
            "-getTargetResult:_GetCopyToOutputDirectoryItemsFromThisProject");

        build.AssertSucceeded();
        StringAssert.Contains(build.Output, "\"TargetPath\": \"model.mnn\"");
        Assert.AreEqual(0, build.CommandRuns);
        Assert.IsFalse(Directory.Exists(project["obj/Debug/net10.0/mnn"]));
    }
}
