using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks.Tests;

[TestClass]
public sealed class PrepareMnnModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnnq prepare ").FullName;

    public PrepareMnnModelsTests()
    {
        File.WriteAllText(Path.Combine(_folder, "a.mnn"), "model");
        File.WriteAllText(Path.Combine(_folder, "q.json"), "{}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("gone.mnn", "q.json", "true", "Copy", "a.mnn", "MNNQ8001")]
    [DataRow("a.mnn", "", "true", "Copy", "a.mnn", "MNNQ8002")]
    [DataRow("a.mnn", "gone.json", "true", "Copy", "a.mnn", "MNNQ8003")]
    [DataRow("a.mnn", "q.json", "true", "Cpoy", "a.mnn", "MNNQ8005")]
    [DataRow("a.mnn", "q.json", "yes please", "Copy", "a.mnn", "MNNQ8006")]
    [DataRow("a.mnn", "q.json", "true", "Copy", "../a.mnn", "MNNQ8010")]
    public void A_wrong_item_is_one_error_at_its_origin(
        string model, string config, string quantize, string deploy, string target, string code)
    {
        RecordingEngine engine = Execute(expectSuccess: false, Item(model, config, quantize, deploy, target));

        Assert.HasCount(1, engine.Errors);
        Assert.AreEqual(code, engine.Errors[0].Code);
        Assert.AreEqual("origin.props", engine.Errors[0].File);
    }

    [TestMethod]
    public void Two_models_with_one_destination_are_an_error()
    {
        RecordingEngine engine = Execute(expectSuccess: false, Item("a.mnn"), Item("a.mnn", target: "A.mnn"));

        Assert.AreEqual("MNNQ8004", engine.Errors.Single().Code);
    }

    [TestMethod]
    [DataRow("a.mnn", "false", DisplayName = "not to be quantized")]
    public void A_float_model_needs_no_config(string model, string quantize) =>
        Assert.IsEmpty(Execute(expectSuccess: true, Item(model, config: "", quantize: quantize)).Errors);

    [TestMethod]
    public void The_stamp_goes_only_when_something_changed()
    {
        ITaskItem item = Item("a.mnn", config: "", quantize: "false");
        string stamp = Path.Combine(_folder, "obj", "stamp");
        Execute(expectSuccess: true, item);
        File.WriteAllText(Path.Combine(_folder, "obj", "a.mnn"), "result");

        File.WriteAllText(stamp, "");
        Execute(expectSuccess: true, item);
        bool keptWhenNothingChanged = File.Exists(stamp);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.mnn"), DateTime.UtcNow.AddYears(-5));
        Execute(expectSuccess: true, item);

        Assert.IsTrue(keptWhenNothingChanged);
        Assert.IsFalse(File.Exists(stamp));
    }

    [TestMethod]
    [DataRow("MinCosine", "1.5", "MNNQ8012")]
    [DataRow("MinTop1Agreement", "-0.1", "MNNQ8012")]
    [DataRow("MinCosine", "0,9", "MNNQ8012")]
    [DataRow("GenerateAccessor", "maybe", "MNNQ8006")]
    [DataRow("AccessorName", "1st", "MNNQ8014")]
    [DataRow("AccessorName", "ToString", "MNNQ8014")]
    public void Wrong_metadata_is_one_error(string name, string value, string code)
    {
        TaskItem item = Item("a.mnn");
        item.SetMetadata("GenerateAccessor", "true");
        item.SetMetadata(name, value);

        RecordingEngine engine = Execute(expectSuccess: false, item);

        Assert.AreEqual(code, engine.Errors.Single().Code);
        Assert.AreEqual(code, engine.Errors[0].HelpKeyword);
    }

    [TestMethod]
    public void Two_models_with_one_class_are_an_error()
    {
        TaskItem[] items = [Item("a.mnn", target: "x/net.mnn"), Item("a.mnn", target: "y/net.mnn")];
        foreach (TaskItem item in items)
        {
            item.SetMetadata("GenerateAccessor", "true");
        }

        Assert.AreEqual("MNNQ8015", Execute(expectSuccess: false, items).Errors.Single().Code);
    }

    [TestMethod]
    public void Pictures_are_dealt_out_sorted_and_once()
    {
        TaskItem[] pictures =
        [
            new("p/2.png"), new("p/10.png"), new("p/2.png"),
            new("q/1.png", new Dictionary<string, string> { ["Model"] = "a.mnn; gone" }),
        ];
        ITaskItem[] models = [Item("a.mnn", config: ""), Item("q.json", config: "", target: "b.mnn")];

        RecordingEngine wrong = Execute(new() { CalibrationImages = pictures }, expectSuccess: false, models);
        pictures[3].SetMetadata("Model", "a.mnn");
        Execute(new() { CalibrationImages = pictures }, expectSuccess: true, models);

        Assert.AreEqual("MNNQ8011", wrong.Errors.Single().Code);
        CollectionAssert.AreEqual(
            new[] { "q/1.png", "p/10.png", "p/2.png" },
            File.ReadAllLines(Path.Combine(_folder, "obj/manifest"))
                .Where(line => line.StartsWith("picture=", StringComparison.Ordinal))
                .Select(line => Path.GetRelativePath(_folder, line["picture=".Length..]).Replace('\\', '/')).ToArray());
    }

    [TestMethod]
    public void Asked_by_question_what_is_out_of_date_is_an_error_and_changes_nothing()
    {
        RecordingEngine engine = Execute(new() { FailIfNotIncremental = true }, expectSuccess: false, Item("a.mnn"));

        Assert.AreEqual("MNNQ8016", engine.Errors.Single().Code);
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder, "obj")));
    }

    [TestMethod]
    public void A_gate_that_does_not_exist_is_an_error() => Assert.AreEqual(
        "MNNQ8013", Execute(new() { Gate = "Eror" }, expectSuccess: false, Item("a.mnn")).Errors.Single().Code);

    private static TaskItem Item(
        string model, string config = "q.json", string quantize = "true", string deploy = "Copy", string target = "a.mnn") =>
        new(model, new Dictionary<string, string>
        {
            ["Config"] = config,
            ["Quantize"] = quantize,
            ["Deploy"] = deploy,
            ["TargetPath"] = target,
            ["Destination"] = "obj/" + target.ToLowerInvariant(),
            ["Enabled"] = "true",
            ["Origin"] = "origin.props",
        });

    private RecordingEngine Execute(bool expectSuccess, params ITaskItem[] models) => Execute(new(), expectSuccess, models);

    private RecordingEngine Execute(PrepareMnnModels task, bool expectSuccess, params ITaskItem[] models)
    {
        var engine = new RecordingEngine();
        task.BuildEngine = engine;
        task.Models = models;
        task.ProjectFile = Path.Combine(_folder, "p.csproj");
        task.ManifestFile = "obj/manifest";
        task.StateFile = "obj/state";
        task.StampFile = "obj/stamp";
        task.ToolAssembly = "tool.dll";
        task.AccessorFile = "obj/MnnModels.g.cs";
        Assert.AreEqual(expectSuccess, task.Execute());
        return engine;
    }
}
