using System.Runtime.InteropServices;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>What the build hands on of an item's metadata and pictures, and what follows from a change of the inputs.</summary>
[TestClass]
public sealed class ItemSettingsTests
{
    [TestMethod]
    public void Metadata_and_pictures_make_the_same_model_as_a_config_with_mode_auto()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(", \"mode\": \"auto\"");

        CommandRun run = new ManifestBuilder(folder)
            .Model("config.mnn")
            .Model("items.mnn", config: "")
            .With("metadata", "Format=GRAY").With("metadata", "mean=72.93").With("metadata", "Normal=[0.0111]")
            .With("metadata", "WIDTH=28").With("metadata", "height=28").With("metadata", "Path=pictures")
            .Build();

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Out, "items.mnn: ");
        StringAssert.Contains(run.Out, "from the cache", "Equal settings have equal keys.");
    }

    [TestMethod]
    [DataRow("Width=28", true)]
    [DataRow("Mode=int8", false)]
    [DataRow("FeatureQuantizeMethod=ADMM", false)]
    [DataRow("Repair=default", false)]
    public void Without_a_config_methods_are_chosen_by_trying_them_unless_the_item_names_one(string metadata, bool tries)
    {
        using var folder = new TestFolder();

        CommandRun run = new ManifestBuilder(folder).Model(config: "")
            .With("metadata", "Format=GRAY").With("metadata", "mean=72.93").With("metadata", "Normal=0.0111")
            .With("metadata", "Path=pictures").With("metadata", metadata).Build();

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        Assert.AreEqual(tries, run.Out.Contains("no Config says how to quantize it", StringComparison.Ordinal), run.ToString());
        Assert.AreEqual(tries, run.Error.Contains("best for its size", StringComparison.Ordinal), run.ToString());
    }

    [TestMethod]
    public void Metadata_go_before_the_config_and_listed_pictures_before_its_path()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(", \"used_image_num\": 1");

        CommandRun run = new ManifestBuilder(folder).With("report", "true").Model()
            .With("metadata", "UsedImageNum=2")
            .With("picture", folder["pictures/0022.png"])
            .With("picture", folder["pictures/0021.png"])
            .With("picture", folder["pictures/0020.png"])
            .Build();

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(File.ReadAllText(folder["out/a.mnn.summary.json"]), "\"pictures\": 2,");
        string used = File.ReadAllText(folder["dependencies"]);
        StringAssert.Contains(used, folder["pictures/0020.png"]);
        Assert.DoesNotContain(folder["pictures/0022.png"], used, "The first ones by name are used.");
    }

    [TestMethod]
    [DataRow("Width=wide", "app.csproj: error MNNQ1003: \"width\" must be an integer")]
    [DataRow("Inputs=[{", "app.csproj: error MNNQ1010: ")]
    public void A_wrong_value_is_an_error_of_the_project(string metadata, string expected)
    {
        using var folder = new TestFolder();

        CommandRun run = new ManifestBuilder(folder).Model().With("metadata", metadata).Build();

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        StringAssert.Contains(run.ErrorLines.Single(), expected);
    }

    [TestMethod]
    public void A_misspelled_key_is_a_warning_and_other_metadata_are_not()
    {
        using var folder = new TestFolder();

        CommandRun run = new ManifestBuilder(folder).Model()
            .With("metadata", "FeatureClampValu=120").With("metadata", "AssetPack=base").Build();

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "warning MNNQ8106: ");
        StringAssert.Contains(run.Error, "'featureclampvalue'");
        Assert.DoesNotContain("AssetPack", run.Error);
    }

    [TestMethod]
    public void External_weights_are_part_of_the_model()
    {
        using var folder = new TestFolder();
        byte[] weights = MoveWeightsOut(folder["float.mnn"]);
        CommandRun first = Build(folder);
        File.SetLastWriteTimeUtc(folder["float.mnn.weight"], DateTime.UtcNow);
        CommandRun touched = Build(folder);
        weights[3] ^= 0x80;
        File.WriteAllBytes(folder["float.mnn.weight"], weights);
        CommandRun changed = Build(folder);
        CommandRun asFloat = new ManifestBuilder(folder).With("gate", "UseFloat").Model().With("minCosine", "0.99999").Build();

        Assert.AreEqual(0, first.ExitCode, first.ToString());
        StringAssert.Contains(touched.Error, "up to date");
        StringAssert.Contains(changed.Error, "out of date: model changed");
        Assert.AreEqual(0, asFloat.ExitCode, asFloat.ToString());
        File.Delete(folder["float.mnn.weight"]);
        Assert.HasCount(1, MnnModel.Load(folder["out/a.mnn"]).Files, "The float model that is deployed has its weights inside.");
    }

    private static CommandRun Build(TestFolder folder) => new ManifestBuilder(folder).Model().Build();

    /// <summary>The first convolution's weights and bias go to the file beside the model.</summary>
    private static byte[] MoveWeightsOut(string file)
    {
        var model = MnnModel.Load(file);
        var convolution = (Convolution2D)model.Net.Oplists!.First(op => op.Main is Convolution2D).Main!;
        byte[] weight = MemoryMarshal.AsBytes<float>(convolution.Weight).ToArray();
        byte[] bias = MemoryMarshal.AsBytes<float>(convolution.Bias).ToArray();
        convolution.External = [0, weight.Length, bias.Length];
        convolution.Weight = null;
        convolution.Bias = null;
        File.WriteAllBytes(file, model.ToBytes());
        byte[] all = [.. weight, .. bias];
        File.WriteAllBytes(file + ".weight", all);
        return all;
    }
}
