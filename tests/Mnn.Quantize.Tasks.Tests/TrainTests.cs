using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Training in a build.</summary>
[TestClass]
public sealed class TrainTests
{
    [TestMethod]
    public async Task A_model_is_trained_once_within_the_budget_and_again_if_the_budget_differs()
    {
        var project = new ConsumerProject(
            "Train",
            """<MnnModel Include="model.mnn" Config="quant.json" Mode="Train" TrainBatchSize="2" TrainValidationShare="0.25" />""",
            "<TargetFramework>net10.0</TargetFramework><MnnQuantizeTrainBudget>1 epoch</MnnQuantizeTrainBudget><MnnQuantizeVerbosity>detailed</MnnQuantizeVerbosity>");
        BuildRun first = await project.Build();
        first.AssertQuantized();
        project.AssertIsInt8("bin/Debug/net10.0/model.mnn");
        Assert.IsTrue(first.Says("trained on 6 examples"), first.Output);
        byte[] trained = await File.ReadAllBytesAsync(project["bin/Debug/net10.0/model.mnn"]);

        // From the cache, after the folder of the build is gone.
        Directory.Delete(project["obj/Debug"], recursive: true);
        BuildRun cached = await project.Build();
        Assert.AreEqual(1, cached.FromCache, cached.Output);
        CollectionAssert.AreEqual(trained, await File.ReadAllBytesAsync(project["bin/Debug/net10.0/model.mnn"]));

        BuildRun other = await project.Build("-p:MnnQuantizeTrainBudget=2 images");
        Assert.IsTrue(other.Says("settings changed"), other.Output);
        Assert.IsTrue(other.Says("trained on 6 examples"), other.Output);
        CollectionAssert.AreNotEqual(trained, await File.ReadAllBytesAsync(project["bin/Debug/net10.0/model.mnn"]));
    }
}
