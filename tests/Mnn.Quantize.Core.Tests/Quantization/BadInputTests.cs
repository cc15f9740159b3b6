using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>The whole way on bad input: one error with code and place, and nothing left behind.</summary>
[TestClass]
public sealed class BadInputTests
{
    private const string Model = "model.mnn";
    private const string Config = "quant.json";

    [TestMethod]
    public void AMissingModel() => AssertFails(2001, 2099, Model, f => File.Delete(f(Model)));

    [TestMethod]
    public void AnEmptyModel() => AssertFails(2001, 2099, Model, f => File.WriteAllBytes(f(Model), []));

    [TestMethod]
    [DataRow(4)]
    [DataRow(5000)]
    [DataRow(400_000)]
    public void ATruncatedModel(int length) =>
        AssertFails(2001, 2099, Model, f => File.WriteAllBytes(f(Model), File.ReadAllBytes(f(Model))[..length]));

    [TestMethod]
    public void ATextFileAsModel() =>
        AssertFails(2001, 2099, Model, f => File.WriteAllText(f(Model), string.Concat(Enumerable.Repeat("not a model\n", 200))));

    [TestMethod]
    public void APictureAsModel() =>
        AssertFails(2001, 2099, Model, f => File.Copy(f("pictures/0000.png"), f(Model), overwrite: true));

    [TestMethod]
    public void AModelThatIsInt8Already() =>
        AssertFails(5001, 5001, Model, f => File.Copy(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn"), f(Model), overwrite: true));

    [TestMethod]
    public void AMissingConfig() => AssertFails(1001, 1001, Config, f => File.Delete(f(Config)));

    [TestMethod]
    public void AConfigThatIsNoJson() =>
        AssertFails(1002, 1002, Config, f => File.WriteAllText(f(Config), "{\n  \"path\": pictures\n}"), line: 2, column: 11);

    [TestMethod]
    public void AKeyOfTheWrongType() =>
        AssertFails(
            1003, 1003, Config, f => File.WriteAllText(f(Config), "{\n  \"path\": \"pictures\",\n  \"width\": \"28\"\n}"),
            line: 3, column: 12);

    [TestMethod]
    public void AnUnknownMethod() =>
        AssertFails(
            1003, 1003, Config,
            f => File.WriteAllText(f(Config), "{ \"path\": \"pictures\", \"feature_quantize_method\": \"KLM\" }"),
            line: 1, column: 50);

    [TestMethod]
    public void AMissingFolder() => AssertFails(3501, 3599, Config, f => Directory.Delete(f("pictures"), recursive: true));

    [TestMethod]
    public void AnEmptyFolder() =>
        AssertFails(3501, 3599, Config, f => Array.ForEach(Directory.GetFiles(f("pictures")), File.Delete));

    [TestMethod]
    public void AFolderWithoutPictures() =>
        AssertFails(3501, 3599, Config, f =>
        {
            Array.ForEach(Directory.GetFiles(f("pictures")), File.Delete);
            File.WriteAllText(f("pictures/notes.txt"), "no picture");
        });

    [TestMethod]
    public void ADamagedPicture() =>
        AssertFails(
            3001, 3099, "0001.png",
            f => File.WriteAllBytes(f("pictures/0001.png"), File.ReadAllBytes(f("pictures/0001.png"))[..100]));

    [TestMethod]
    public void OfSeveralDamagedPicturesTheFirstIsNamed() =>
        AssertFails(
            3001, 3099, "0002.png",
            f =>
            {
                foreach (string name in (string[])["0002.png", "0003.png", "0005.png", "0007.png"])
                {
                    File.WriteAllBytes(f("pictures/" + name), File.ReadAllBytes(f("pictures/" + name))[..100]);
                }
            });

    [TestMethod]
    public void ASizeThatNoMemoryHolds() =>
        AssertFails(
            4004, 4011, Model,
            f => File.WriteAllText(
                f(Config), "{ \"path\": \"pictures\", \"format\": \"GRAY\", \"width\": 65536, \"height\": 65536 }"));

    [TestMethod]
    public void ASizeThatTheModelCannotTake() =>
        AssertFails(
            4004, 4004, Model,
            f => File.WriteAllText(f(Config), "{ \"path\": \"pictures\", \"format\": \"GRAY\", \"width\": 2, \"height\": 2 }"));

    [TestMethod]
    public void AFormatWithTheWrongNumberOfChannels() =>
        AssertFails(5004, 5004, Config, f => File.WriteAllText(f(Config), "{ \"path\": \"pictures\", \"format\": \"RGB\" }"));

    [TestMethod]
    public void TheModelAsDestination()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder);
        byte[] before = File.ReadAllBytes(options.Source);
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(
            () => QuantizePipeline.Run(options with { Destination = options.Source }));
        Assert.AreEqual(1007, e.Diagnostic.Code);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(options.Source));
    }

    [TestMethod]
    public void ADestinationThatIsAFolder()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder);
        Directory.CreateDirectory(options.Destination);
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options));
        Assert.AreEqual(2015, e.Diagnostic.Code, e.Message);
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "int8*"), "files left behind");
    }

    private static void AssertFails(
        int least, int most, string file, Action<Func<string, string>> damage, int line = 0, int column = 0)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder);
        damage(name => Path.Combine(folder.Path, name));
        string[] before = Files(folder);

        Diagnostic found = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options)).Diagnostic;

        Assert.IsTrue(found.Code >= least && found.Code <= most, $"{found}");
        Assert.AreEqual(file, Path.GetFileName(found.File), $"{found}");
        Assert.AreEqual((line, column), (found.Line, found.Column), $"{found}");
        Assert.IsFalse(found.ToString().Contains('\n', StringComparison.Ordinal), $"{found}");
        CollectionAssert.AreEqual(before, Files(folder), "files left behind");
    }

    private static QuantizeOptions Prepare(TemporaryFolder folder)
    {
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, pictures: 8);
        string model = Path.Combine(folder.Path, Model);
        File.Copy(options.Source, model);
        return options with
        {
            Source = model,
            DependencyFile = Path.Combine(folder.Path, "int8.d"),
            MaxParallelism = 3,
        };
    }

    private static string[] Files(TemporaryFolder folder) =>
        [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
