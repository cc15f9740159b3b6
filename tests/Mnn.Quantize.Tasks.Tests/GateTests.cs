using Microsoft.Build.Framework;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>What follows from a model that is not good enough, and how users rule over warnings.</summary>
[TestClass]
public sealed class GateTests
{
    private const string Bin = "bin/Debug/net10.0/model.mnn";

    [TestMethod]
    public async Task Error_warning_and_float_model_as_the_property_says()
    {
        var project = new ConsumerProject(
            "Gate",
            """<MnnModel Include="model.mnn" Config="quant.json" MinCosine="0.99999" />""",
            "<TargetFramework>net10.0</TargetFramework><NoWarn>MNNQ7203</NoWarn>");

        BuildRun error = await project.Build();
        Assert.AreNotEqual(0, error.ExitCode);
        Assert.AreEqual("MNNQ7201", error.Errors.Single().Code);
        Assert.AreEqual(project.File, error.Errors[0].File);
        Assert.AreEqual("MNNQ7201", error.Events.OfType<BuildErrorEventArgs>().First().HelpKeyword);

        BuildRun useFloat = await project.Build("-p:MnnQuantizeGate=UseFloat", "-p:MnnQuantizeVerbosity=quiet");
        useFloat.AssertQuantized();
        Assert.AreEqual(0, useFloat.Quantized, "The model of the failed build is good.");
        Assert.IsEmpty(useFloat.Warnings, "NoWarn silences it.");
        Assert.IsTrue(useFloat.Says("The float model is deployed as 'model.mnn'"));
        project.AssertIsFloat(Bin);

        // Twice: a build that failed for a warning must fail again, and not find itself up to date.
        BuildRun[] promoted =
        [
            await project.Build("-p:MnnQuantizeGate=Warning", "-p:MSBuildWarningsAsErrors=MNNQ7202"),
            await project.Build("-p:MnnQuantizeGate=Warning", "-p:MSBuildWarningsAsErrors=MNNQ7202"),
        ];
        foreach (BuildRun build in promoted)
        {
            Assert.AreNotEqual(0, build.ExitCode);
            Assert.AreEqual("MNNQ7202", build.Errors.Single().Code);
        }

        BuildRun warning = await project.Build("-p:MnnQuantizeGate=Warning");
        warning.AssertQuantized();
        Assert.AreEqual("MNNQ7202", warning.Warnings.Single().Code);
        project.AssertIsInt8(Bin);
    }
}
