using Mnn.Quantize.Building;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class BuildCommandTests
{
    [TestMethod]
    public void The_first_build_quantizes_and_the_second_finds_all_as_it_was()
    {
        using var folder = new TestFolder();

        CommandRun first = Build(folder);
        DateTime written = File.GetLastWriteTimeUtc(folder["out/a.mnn"]);
        CommandRun second = Build(folder);

        Assert.AreEqual(0, first.ExitCode, first.ToString());
        StringAssert.StartsWith(first.Out, "a.mnn: 487,656 -> ");
        Assert.AreEqual(0, second.ExitCode, second.ToString());
        Assert.AreEqual("", second.Out);
        StringAssert.Contains(second.Error, "up to date");
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(folder["out/a.mnn"]));
    }

    [TestMethod]
    public void The_plan_goes_where_the_detailed_log_takes_it_from()
    {
        using var folder = new TestFolder();

        CommandRun run = CommandRun.Of("build", "--manifest", WriteManifest(folder, "manifest", ("a.mnn", "quant.json")), "--plan");

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "int8 weights, and scales of its input and output");
        Assert.DoesNotContain("scales of its input", run.Out);
    }

    [TestMethod]
    public void A_touched_model_and_a_reformatted_config_cost_no_run()
    {
        using var folder = new TestFolder();
        Build(folder);
        File.SetLastWriteTimeUtc(folder["float.mnn"], DateTime.UtcNow);
        File.WriteAllText(folder["quant.json"], File.ReadAllText(folder["quant.json"]).Replace(", ", " ,\n /* x */ ", StringComparison.Ordinal));

        CommandRun run = Build(folder);

        StringAssert.Contains(run.Error, "up to date");
    }

    [TestMethod]
    public void A_state_that_names_no_path_is_a_change()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["state"], "mnn-quantize state 2\nmoved 1 a\0b\n");
        Assert.IsNotNull(InputState.FindChange(folder["state"]));
        File.WriteAllText(folder["state"], "mnn-quantize state 2\nfile 1 1 a\0b\n");
        Assert.IsNotNull(InputState.FindChange(folder["state"]));
    }

    [TestMethod]
    public void What_changes_while_it_is_quantized_is_an_error_and_stays_out_of_the_cache()
    {
        using var folder = new TestFolder();

        // The run itself adds a picture: its lock file.
        ManifestBuilder manifest = new ManifestBuilder(folder).With("lock", "write").Model().With("lockFile", folder["pictures/zz.png"]);
        CommandRun run = manifest.Build();

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.HasCount(1, run.ErrorLines, run.ToString());
        StringAssert.Contains(run.Error, "error MNNQ8110: ");
        StringAssert.Contains(run.Error, "pictures");
        Assert.IsEmpty(Directory.GetFiles(folder["store"], "*.mnn", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void What_killed_builds_left_goes_with_the_next_one_even_if_all_is_up_to_date()
    {
        using var folder = new TestFolder();
        Build(folder);
        string left = Mnn.Quantize.Model.TemporaryFile.NameBeside(folder["out2/a.mnn"]);

        // As if an earlier process with the id of this one had written it.
        string[] parts = Path.GetFileName(left).Split('-');
        parts[^2] = "ffffffff";
        left = Path.Combine(folder["out2"], string.Join('-', parts));
        Directory.Move(folder["out"], folder["out2"]);
        File.WriteAllText(left, "x");
        string manifest = File.ReadAllText(folder["manifest"]).Replace(folder["out"], folder["out2"], StringComparison.Ordinal);
        File.WriteAllText(folder["manifest"], manifest);
        CommandRun run = CommandRun.Of("build", "--manifest", folder["manifest"]);

        StringAssert.Contains(run.Error, "up to date");
        Assert.IsFalse(File.Exists(left));
    }

    [TestMethod]
    public void What_changed_is_named()
    {
        using var folder = new TestFolder();
        Build(folder);
        File.Delete(folder["pictures/0020.png"]);
        folder.WriteConfig(", \"feature_clamp_value\": 120");

        CommandRun run = Build(folder);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "out of date: settings, pictures changed");
        StringAssert.StartsWith(run.Out, "a.mnn: ");
    }

    [TestMethod]
    public void Only_pictures_that_were_added_are_run()
    {
        using var folder = new TestFolder();
        CommandRun first = Build(folder);
        foreach (string picture in TestFolder.CalibrationPictures.Skip(8).Take(2))
        {
            File.Copy(picture, folder["pictures/" + Path.GetFileName(picture)]);
        }

        CommandRun second = Build(folder);

        StringAssert.Contains(first.Error, "calibrated on 8 samples: 8 run, 0 from the cache");
        StringAssert.Contains(second.Error, "calibrated on 10 samples: 2 run, 8 from the cache");
    }

    [TestMethod]
    public void A_picture_that_appears_in_a_new_folder_below_a_glob_is_noticed()
    {
        using var folder = new TestFolder();
        folder.WriteConfig("", path: "pictures/**/*.png");
        Build(folder);
        string picture = Directory.GetFiles(folder["pictures"])[0];
        Assert.IsNull(InputState.FindChange(folder["state"]));

        Directory.CreateDirectory(folder["pictures/new"]);
        File.Copy(picture, folder["pictures/new/a.png"]);

        Assert.AreEqual(folder["pictures"], InputState.FindChange(folder["state"]));
        StringAssert.Contains(Build(folder).Error, "out of date: pictures changed");
    }

    [TestMethod]
    public void A_glob_that_finds_the_same_pictures_as_a_folder_costs_no_run()
    {
        using var folder = new TestFolder();
        Build(folder);
        folder.WriteConfig("", path: "pictures/*.png");

        StringAssert.Contains(Build(folder).Error, "up to date");
    }

    [TestMethod]
    public void Files_of_equal_length_and_time_that_swap_places_are_noticed()
    {
        using var folder = new TestFolder();
        folder.WriteConfig(", \"input_type\": \"sequence\"", path: "samples");
        string input = InferenceSession.Load(folder["float.mnn"]).Inputs[0].Name;
        foreach (int i in Enumerable.Range(0, 8))
        {
            Directory.CreateDirectory(folder[$"samples/s{i}"]);
            string numbers = string.Join(' ', Enumerable.Range(0, 28 * 28).Select(at => at * (i + 3) % 10));
            File.WriteAllText(folder[$"samples/s{i}/{input}.txt"], numbers);

            // A checkout writes many files within one tick of the file system's clock.
            File.SetLastWriteTimeUtc(folder[$"samples/s{i}/{input}.txt"], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        CommandRun first = Build(folder);
        Assert.AreEqual(0, first.ExitCode, first.ToString());
        StringAssert.Contains(Build(folder).Error, "up to date");
        File.Move(folder[$"samples/s0/{input}.txt"], folder["samples/old"]);
        File.Move(folder[$"samples/s1/{input}.txt"], folder[$"samples/s0/{input}.txt"]);
        File.Move(folder["samples/old"], folder[$"samples/s1/{input}.txt"]);

        Assert.AreEqual(
            new FileInfo(folder[$"samples/s0/{input}.txt"]).Length, new FileInfo(folder[$"samples/s1/{input}.txt"]).Length);
        Assert.IsNotNull(InputState.FindChange(folder["state"]));
        StringAssert.Contains(Build(folder).Error, "out of date: pictures changed");
    }

    [TestMethod]
    public void A_damaged_output_is_made_again_from_the_cache()
    {
        using var folder = new TestFolder();
        Build(folder);
        byte[] good = File.ReadAllBytes(folder["out/a.mnn"]);
        File.WriteAllBytes(folder["out/a.mnn"], good[..100]);

        CommandRun run = Build(folder);

        StringAssert.Contains(run.Out, "from the cache");
        CollectionAssert.AreEqual(good, File.ReadAllBytes(folder["out/a.mnn"]));
    }

    [TestMethod]
    public void A_damaged_cache_entry_is_thrown_away()
    {
        using var folder = new TestFolder();
        Build(folder);
        byte[] good = File.ReadAllBytes(folder["out/a.mnn"]);
        string entry = Directory.GetFiles(folder["store"], "*.mnn", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(entry, good[1..]);
        Directory.Delete(folder["out"], recursive: true);

        CommandRun run = Build(folder);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        Assert.IsFalse(run.Out.Contains("from the cache", StringComparison.Ordinal));
        CollectionAssert.AreEqual(good, File.ReadAllBytes(folder["out/a.mnn"]));
        CollectionAssert.AreEqual(good, File.ReadAllBytes(entry));
    }

    [TestMethod]
    public void A_cache_that_cannot_be_used_is_a_warning()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["store"], "a file where a folder should be");

        CommandRun run = Build(folder);

        Assert.AreEqual(0, run.ExitCode, run.ToString());
        StringAssert.Contains(run.Error, "store: warning MNNQ8105: ");
        Assert.IsTrue(File.Exists(folder["out/a.mnn"]));
    }

    [TestMethod]
    public void A_model_that_fails_does_not_keep_the_others_from_being_built()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["bad.json"], "{");

        CommandRun run = Build(folder, ("a.mnn", "bad.json"), ("b.mnn", "quant.json"));

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        Assert.HasCount(1, run.ErrorLines);
        Assert.IsFalse(File.Exists(folder["out/a.mnn"]));
        Assert.IsTrue(File.Exists(folder["out/b.mnn"]));
        Assert.IsFalse(File.Exists(folder["state"]), "A state would make the next build take the failed one for done.");
    }

    [TestMethod]
    public async Task Two_builds_at_once_make_a_model_once()
    {
        using var folder = new TestFolder();
        string one = WriteManifest(folder, "one", ("a.mnn", "quant.json"));
        string two = WriteManifest(folder, "two", ("b.mnn", "quant.json"));

        CommandRun[] runs = await Task.WhenAll(
            Task.Run(() => CommandRun.Of("build", "--manifest", one)),
            Task.Run(() => CommandRun.Of("build", "--manifest", two)));

        Assert.HasCount(1, runs.Where(run => run.Out.Contains("from the cache", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["out/a.mnn"]), File.ReadAllBytes(folder["out/b.mnn"]));
    }

    [TestMethod]
    [DataRow("", "8102")]
    [DataRow("mnn-quantize manifest 1\nnonsense", "8102")]
    [DataRow("mnn-quantize manifest 1\nstate=x", "8102")]
    [DataRow(null, "8101")]
    public void A_bad_manifest_is_one_canonical_line(string? text, string code)
    {
        using var folder = new TestFolder();
        if (text is not null)
        {
            File.WriteAllText(folder["manifest"], text);
        }

        CommandRun run = CommandRun.Of("build", "--manifest", folder["manifest"]);

        Assert.AreEqual(1, run.ExitCode, run.ToString());
        StringAssert.StartsWith(run.Error, folder["manifest"]);
        StringAssert.Contains(run.Error, "error MNNQ" + code);
    }

    private static CommandRun Build(TestFolder folder, params (string Output, string Config)[] models) =>
        CommandRun.Of("build", "--manifest", WriteManifest(folder, "manifest", models.Length > 0 ? models : [("a.mnn", "quant.json")]));

    private static string WriteManifest(TestFolder folder, string name, params (string Output, string Config)[] models)
    {
        File.WriteAllText(
            folder[name],
            $"mnn-quantize manifest 1\nstate={folder["state"]}\nstore={folder["store"]}\ntool=x\n" + string.Concat(models.Select(model =>
                $"[model]\nsource={folder["float.mnn"]}\ndestination={folder["out/" + model.Output]}\nconfig={folder[model.Config]}\n")));
        return folder[name];
    }
}
