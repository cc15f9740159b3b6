using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>When the quantizer runs and when not. One project, built once; each test changes one thing of it.</summary>
[TestClass]
public sealed class IncrementalBuildTests
{
    private const string Model = """<MnnModel Include="model.mnn" Config="quant.json" />""";
    private const string Bin = "bin/Debug/net10.0/";

    private static ConsumerProject s_project = null!;
    private static BuildRun s_first = null!;

    [ClassInitialize]
    public static async Task BuildOnce(TestContext context)
    {
        s_project = new ConsumerProject("Incremental", Model);
        s_first = await s_project.Build();
    }

    [TestInitialize]
    public void StartsFromABuiltProject() => s_first.AssertQuantized();

    [TestMethod]
    public async Task First_build_puts_an_int8_model_into_bin_and_the_second_skips_the_target()
    {
        long size = new FileInfo(s_project[Bin + "model.mnn"]).Length;
        BuildRun second = await s_project.Build();

        Assert.IsLessThan(0.3 * new FileInfo(s_project["model.mnn"]).Length, size);
        Assert.IsTrue(s_first.Says("model.mnn: 487,656 -> "), "The summary line is missing.");
        second.AssertSkipped();
    }

    [TestMethod]
    public async Task Touching_the_model_costs_a_look_and_no_run()
    {
        DateTime written = File.GetLastWriteTimeUtc(s_project[Bin + "model.mnn"]);
        File.SetLastWriteTimeUtc(s_project["model.mnn"], DateTime.UtcNow);

        BuildRun build = await s_project.Build();

        build.AssertQuantized();
        Assert.IsTrue(build.Says("up to date, its contents are as they were"));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(s_project[Bin + "model.mnn"]));
    }

    [TestMethod]
    public async Task Changing_a_picture_reruns_even_if_it_looks_older()
    {
        File.Copy(Path.Combine(TestEnvironment.Sample, "calibration/0050.png"), s_project["pictures/0020.png"], overwrite: true);
        File.SetLastWriteTimeUtc(s_project["pictures/0020.png"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        BuildRun build = await s_project.Build();

        build.AssertQuantized();
        Assert.IsTrue(build.Says("out of date: pictures changed"));
    }

    [TestMethod]
    public async Task Adding_and_removing_an_old_picture_reruns()
    {
        s_project.AddPicture(40);
        File.SetLastWriteTimeUtc(s_project["pictures/0040.png"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        BuildRun added = await s_project.Build();
        File.Delete(s_project["pictures/0040.png"]);
        BuildRun removed = await s_project.Build();

        Assert.IsTrue(added.AssertQuantized().Says("out of date: pictures changed"));
        Assert.IsTrue(removed.AssertQuantized().Says("from the cache"), "These pictures were calibrated on before.");
    }

    [TestMethod]
    public async Task Changing_the_config_reruns()
    {
        s_project.WriteConfig(", \"feature_clamp_value\": 120");

        BuildRun build = await s_project.Build();

        Assert.IsTrue(build.AssertQuantized().Says("out of date: settings changed"));
    }

    [TestMethod]
    public async Task Changing_metadata_moves_the_model_and_prunes_the_old_one()
    {
        s_project.WriteProject("""<MnnModel Include="model.mnn" Config="quant.json" Link="deep/er.mnn" />""");
        BuildRun moved = await s_project.Build();
        bool oldIsGone = !File.Exists(s_project[Bin + "model.mnn"]);
        bool newIsThere = File.Exists(s_project[Bin + "deep/er.mnn"]);
        s_project.WriteProject(Model);
        BuildRun back = await s_project.Build();

        Assert.IsTrue(moved.AssertQuantized().Says("from the cache"));
        Assert.IsTrue(newIsThere);
        Assert.IsTrue(oldIsGone);
        back.AssertQuantized();
    }

    [TestMethod]
    public async Task The_off_switch_deploys_the_float_model_and_back()
    {
        BuildRun off = await s_project.Build("-p:MnnQuantize=false");
        long floatSize = new FileInfo(s_project[Bin + "model.mnn"]).Length;
        BuildRun on = await s_project.Build();

        Assert.AreEqual(0, off.AssertSucceeded().CommandRuns);
        Assert.AreEqual(new FileInfo(s_project["model.mnn"]).Length, floatSize);
        on.AssertQuantized();
        Assert.IsLessThan(floatSize, new FileInfo(s_project[Bin + "model.mnn"]).Length);
    }

    [TestMethod]
    public async Task Of_five_models_the_changed_one_runs()
    {
        var project = new ConsumerProject(
            "Five",
            """
            <MnnModel Include="models/*.mnn" Config="quant.json" />
            <MnnModel Update="models/e.mnn" FeatureClampValue="$(Clamp)" />
            """);
        Directory.CreateDirectory(project["models"]);
        foreach ((int index, char name) in "abcde".Index())
        {
            // Bytes after its end change what a file hashes to, not what the model is.
            File.WriteAllBytes(project[$"models/{name}.mnn"], [.. File.ReadAllBytes(project["model.mnn"]), .. new byte[4 * index]]);
        }

        BuildRun first = await project.Build();
        File.SetLastWriteTimeUtc(project["models/a.mnn"], DateTime.UtcNow);
        BuildRun changed = await project.Build("--no-restore", "-p:Clamp=120");
        BuildRun all = await project.Build("--no-restore", "--no-incremental", "-p:Clamp=120");

        Assert.AreEqual(5, first.AssertQuantized().Quantized);
        Assert.AreEqual(1, changed.AssertQuantized().Quantized);
        Assert.IsTrue(changed.Says("e.mnn: out of date: settings changed"));
        Assert.AreEqual(0, changed.FromCache);
        Assert.AreEqual(0, all.AssertQuantized().Quantized, "The cache has what --no-incremental has cleaned away.");
        Assert.AreEqual(5, all.FromCache);
    }

    [TestMethod]
    public async Task A_deleted_result_is_restored()
    {
        File.Delete(s_project["obj/Debug/net10.0/mnn/model.mnn"]);

        BuildRun build = await s_project.Build();

        Assert.IsTrue(build.AssertQuantized().Says("from the cache"));
    }
}
