namespace Mnn.Quantize.Cli.Tests;

/// <summary>The generated C# file. That it compiles and works, the tests of the package show.</summary>
[TestClass]
public sealed class AccessorTests
{
    [TestMethod]
    public void It_is_written_once_and_has_no_path_of_the_machine()
    {
        using var folder = new TestFolder();

        CommandRun run = Build(folder);
        string text = File.ReadAllText(folder["MnnModels.g.cs"]);
        DateTime written = File.GetLastWriteTimeUtc(folder["MnnModels.g.cs"]);
        Build(folder);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(text, "namespace My.App");
        StringAssert.Contains(text, "internal static class Net");
        StringAssert.Contains(text, "RelativePath = \"models/\\\"net\\\".mnn\"");
        StringAssert.Contains(text, "Mean { get; } = new float[] { 72.93f };");
        Assert.DoesNotContain(folder.Path, text);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(folder["MnnModels.g.cs"]), "A new time would make the compiler run.");
    }

    [TestMethod]
    public void Float_models_have_one_too_without_preprocessing_if_nothing_tells_it()
    {
        using var folder = new TestFolder();

        CommandRun run = Build(folder, "[float]", config: "");
        string plain = File.ReadAllText(folder["MnnModels.g.cs"]);
        Build(folder, "[float]");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(plain, "InputNames { get; } = new string[] { \"input\" };");
        Assert.DoesNotContain("Preprocessing", plain);
        Assert.Contains("Preprocessing", File.ReadAllText(folder["MnnModels.g.cs"]));
        StringAssert.Contains(File.ReadAllText(folder["dependencies"]), folder["float.mnn"]);
    }

    private static CommandRun Build(TestFolder folder, string kind = "[model]", string config = "quant.json") =>
        new ManifestBuilder(folder)
            .With("accessor", folder["MnnModels.g.cs"]).With("namespace", "My.App")
            .Model(config: config, kind: kind)
            .With("class", "Net").With("target", "models/\"net\".mnn").With("deploy", "Copy")
            .Build();
}
