using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Builds that get in each other's way. bench/concurrent-builds.sh does the same for as many rounds as it is told.</summary>
[TestClass]
public sealed class ConcurrentBuildTests
{
    private const int Rounds = 3;

    [TestMethod]
    public async Task Two_builds_at_once_share_a_model_and_a_cache()
    {
        string cache = Path.Combine(TestEnvironment.Root, "raced cache");
        string properties = $"<TargetFramework>net10.0</TargetFramework><MnnQuantizeCacheDir>{cache}/</MnnQuantizeCacheDir>";
        var first = new ConsumerProject("RaceOne", """<MnnModel Include="model.mnn" Config="quant.json" />""", properties);
        string model = Path.GetRelativePath(Path.Combine(TestEnvironment.Root, "RaceTwo ü"), first["model.mnn"]);
        var second = new ConsumerProject(
            "RaceTwo", $"""<MnnModel Include="{model}" Config="quant.json" OutputName="model.mnn" />""", properties);
        (await first.Run("restore")).AssertSucceeded();
        (await second.Run("restore")).AssertSucceeded();
        byte[]? expected = null;
        for (int round = 0; round < Rounds; round++)
        {
            BuildRun[] builds = await Task.WhenAll(first.Build("--no-restore"), second.Build("--no-restore"));

            foreach (BuildRun build in builds)
            {
                build.AssertQuantized();
                Assert.IsEmpty(build.Warnings, build.Output);
            }

            Assert.AreEqual((1, 1), (builds.Sum(build => build.Quantized), builds.Sum(build => build.FromCache)));
            byte[] bytes = File.ReadAllBytes(first["bin/Debug/net10.0/model.mnn"]);
            expected ??= bytes;
            CollectionAssert.AreEqual(expected, bytes);
            CollectionAssert.AreEqual(expected, File.ReadAllBytes(second["bin/Debug/net10.0/model.mnn"]));
            Assert.IsEmpty(Directory.GetFiles(cache, "*.tmp", SearchOption.AllDirectories));
            Directory.Delete(cache, recursive: true);
            Array.ForEach([first, second], project => Directory.Delete(project["obj/Debug/net10.0/mnn"], recursive: true));
        }
    }
}
