using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Models whose weights alone are compressed, in a build: no config, no pictures.</summary>
[TestClass]
public sealed class WeightTests
{
    private const string Half = "bin/Debug/net10.0/model.mnn";
    private const string Few = "bin/Debug/net10.0/few.mnn";

    [TestMethod]
    public async Task Weights_are_compressed_without_config_and_pictures_and_again_if_the_bits_differ()
    {
        static string Items(int bits) =>
            $"""
            <MnnModel Include="model.mnn" Mode="Fp16" MinCosine="0.9999" />
            <MnnModel Include="model.mnn" OutputName="few.mnn" Mode="WeightOnly" QuantBits="{bits}" />
            """;
        const string Detailed = "<TargetFramework>net10.0</TargetFramework><MnnQuantizeVerbosity>detailed</MnnQuantizeVerbosity>";
        var project = new ConsumerProject("Weights", Items(4), Detailed);
        File.Delete(project["quant.json"]);
        Directory.Delete(project["pictures"], recursive: true);

        BuildRun first = await project.Build();
        first.AssertQuantized();
        Assert.IsEmpty(first.Warnings);
        Assert.IsTrue(first.Says("convolutions with half-float weights, cosine 1.000000 on made-up inputs"), first.Output);
        Assert.IsTrue(first.Says("compared on 4 made-up inputs, since there are no data"), first.Output);
        Assert.IsLessThan(0.52 * project.Size("model.mnn"), project.Size(Half));
        Assert.IsLessThan(0.18 * project.Size("model.mnn"), project.Size(Few));
        (await project.Build()).AssertSkipped();

        project.WriteProject(Items(6), Detailed);
        BuildRun other = await project.Build();
        other.AssertQuantized();
        Assert.IsTrue(other.Says("model.mnn: up to date"), other.Output);
        Assert.IsTrue(other.Says("settings changed"), other.Output);
        Assert.IsGreaterThan(0.18 * project.Size("model.mnn"), project.Size(Few));
    }

    [TestMethod]
    public async Task A_report_and_a_lock_need_no_pictures_and_the_gate_holds()
    {
        var project = new ConsumerProject("WeightGate", """<MnnModel Include="model.mnn" Mode="weight_only" QuantBits="2" MinCosine="0.99999" />""");
        Directory.Delete(project["pictures"], recursive: true);

        BuildRun error = await project.Build();
        Assert.AreNotEqual(0, error.ExitCode);
        Assert.AreEqual("MNNQ7201", error.Errors.Single().Code);

        project.WriteProject("""<MnnModel Include="model.mnn" Mode="weight_only" MinCosine="0.999" />""");
        (await project.Build("-p:MnnQuantizeReport=true", "-p:MnnQuantizeLock=true")).AssertQuantized();
        byte[] bytes = await File.ReadAllBytesAsync(project[Half]);
        Assert.Contains("synthesized 1", await File.ReadAllTextAsync(project["obj/Debug/net10.0/mnn/model.mnn.report.json"]));
        Assert.Contains("compressed weights", await File.ReadAllTextAsync(project["obj/Debug/net10.0/mnn/model.mnn.report.md"]));
        (await project.Build("-p:MnnQuantizeReport=true", "-p:MnnQuantizeLock=true")).AssertSkipped();

        Directory.Delete(project["obj"], recursive: true);
        (await project.Build("-p:MnnQuantizeLocked=true")).AssertQuantized();
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(project[Half]));
    }
}
