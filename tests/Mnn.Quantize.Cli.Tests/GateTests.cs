namespace Mnn.Quantize.Cli.Tests;

/// <summary>Thresholds of accuracy in <c>mnn-quantize build</c>.</summary>
[TestClass]
public sealed class GateTests
{
    [TestMethod]
    public void Below_the_threshold_is_an_error_each_time_and_the_run_is_not_lost()
    {
        using var folder = new TestFolder();

        CommandRun first = Build(folder, "Error", "0.99999");
        CommandRun second = Build(folder, "Error", "0.99999");

        Assert.AreEqual(1, first.ExitCode, first.ToString());
        StringAssert.StartsWith(first.ErrorLines.Single(), folder["app.csproj"] + ": error MNNQ7201: ");
        StringAssert.Contains(first.ErrorLines.Single(), "is below MinCosine 0.99999");
        Assert.IsFalse(File.Exists(folder["state"]));
        Assert.HasCount(1, second.ErrorLines);
        StringAssert.Contains(second.Error, "up to date");
    }

    [TestMethod]
    public void Above_the_threshold_nothing_is_said()
    {
        using var folder = new TestFolder();

        CommandRun run = Build(folder, "Error", "0.5");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        Assert.DoesNotContain("MNNQ7", run.Error);
    }

    [TestMethod]
    public void The_float_model_takes_the_place_while_it_has_to()
    {
        using var folder = new TestFolder();

        CommandRun low = Build(folder, "UseFloat", "0.99999");
        byte[] deployed = File.ReadAllBytes(folder["out/a.mnn"]);
        CommandRun again = Build(folder, "UseFloat", "0.99999");
        CommandRun high = Build(folder, "UseFloat", "0.5");

        Assert.AreEqual(0, low.ExitCode, low.ToString());
        StringAssert.Contains(low.Error, "app.csproj: warning MNNQ7203: ");
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["float.mnn"]), deployed);
        StringAssert.Contains(again.Error, "up to date");
        StringAssert.Contains(again.Error, "MNNQ7203");
        Assert.IsLessThan(deployed.Length / 2, new FileInfo(folder["out/a.mnn"]).Length);
        StringAssert.Contains(high.Out, "from the cache");
        Assert.DoesNotContain("MNNQ7", high.Error);
    }

    [TestMethod]
    public void A_warning_deploys_the_int8_model()
    {
        using var folder = new TestFolder();

        CommandRun run = new ManifestBuilder(folder).With("gate", "warning").With("report", "true")
            .Model().With("minTop1Agreement", "1.1").Build();

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "warning MNNQ7202: ");
        StringAssert.Contains(run.Error, "is below MinTop1Agreement 1.1");
        StringAssert.Contains(run.Out, "report in " + folder["out/a.mnn.report.html"]);
        StringAssert.Contains(File.ReadAllText(folder["out/a.mnn.summary.json"]), "\"goodEnough\": false");
    }

    private static CommandRun Build(TestFolder folder, string gate, string minCosine) =>
        new ManifestBuilder(folder).With("gate", gate).Model().With("minCosine", minCosine).Build();
}
