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

    private RecordingEngine Execute(bool expectSuccess, params ITaskItem[] models)
    {
        var engine = new RecordingEngine();
        var task = new PrepareMnnModels
        {
            BuildEngine = engine,
            Models = models,
            ProjectFile = Path.Combine(_folder, "p.csproj"),
            ManifestFile = "obj/manifest",
            StateFile = "obj/state",
            StampFile = "obj/stamp",
            ToolAssembly = "tool.dll",
        };
        Assert.AreEqual(expectSuccess, task.Execute());
        return engine;
    }
}
