using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class CalibrationDataTests
{
    private static readonly byte[] s_picture = TestData.Noise(1, side: 2);

    [TestMethod]
    [DataRow("photos", "b.PPM c.ppm x.jpg", DisplayName = "a folder")]
    [DataRow("photos/", "b.PPM c.ppm x.jpg", DisplayName = "a folder with a slash")]
    [DataRow("photos\\\\c.ppm", "c.ppm", DisplayName = "a file, with Windows' separator")]
    [DataRow("photos/*.ppm", "b.PPM c.ppm", DisplayName = "names")]
    [DataRow("photos/?.ppm", "b.PPM c.ppm", DisplayName = "one character")]
    [DataRow("photos/**/*.ppm", "b.PPM c.ppm sub/a.ppm sub/deep/d.ppm", DisplayName = "any folders")]
    [DataRow("photos/**", "b.PPM c.ppm sub/a.ppm sub/deep/d.ppm x.jpg", DisplayName = "everything below")]
    [DataRow("photos/*/*.ppm", "sub/a.ppm", DisplayName = "one folder")]
    [DataRow("phot?s/**/deep/*", "photos/sub/deep/d.ppm", DisplayName = "wildcards at the root")]
    public void A_path_finds_pictures_in_the_order_of_their_names(string path, string expected)
    {
        using TemporaryFolder folder = Photos();
        QuantConfig config = TestData.Config(folder, $"'path':'{path}'");

        var data = CalibrationData.Find(config, []);

        Assert.AreEqual(expected, string.Join(' ', data.Samples.Select(s => CalibrationData.Relative(data.Root, s))));
        CollectionAssert.AreEqual(data.Samples.ToArray(), data.Files.ToArray());
    }

    [TestMethod]
    public void Folders_in_which_a_picture_could_appear_are_told()
    {
        using TemporaryFolder folder = Photos();

        Assert.AreEqual("photos", Folders(folder, "photos"));
        Assert.AreEqual("", Folders(folder, "photos/c.ppm"));
        Assert.AreEqual("photos photos/sub photos/sub/deep", Folders(folder, "photos/**/*.ppm"));
        Assert.AreEqual("photos photos/sub", Folders(folder, "photos/*/*.ppm"));
    }

    [TestMethod]
    public void The_first_ones_are_taken_and_too_few_are_a_warning()
    {
        using TemporaryFolder folder = Photos();
        var warnings = new List<Diagnostic>();

        Assert.HasCount(2, CalibrationData.Find(TestData.Config(folder, "'path':'photos/**/*.ppm','used_sample_num':2"), warnings).Samples);
        Assert.IsEmpty(warnings);
        Assert.HasCount(4, CalibrationData.Find(TestData.Config(folder, "'path':'photos/**/*.ppm','used_image_num':9"), warnings).Samples);
        Assert.AreEqual(3552, warnings.Single().Code);
    }

    [TestMethod]
    public void Files_that_are_no_pictures_are_skipped_and_listed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("d/a.ppm", s_picture);
        folder.Write("d/b", s_picture);
        folder.Write("d/notes.txt", "hello"u8);
        folder.Write("d/c.webp", "RIFF\0\0\0\0WEBPVP8 "u8);
        folder.Write("d/.DS_Store", "x"u8);
        var warnings = new List<Diagnostic>();

        var data = CalibrationData.Find(TestData.Config(folder, "'path':'d'"), warnings);

        Assert.HasCount(2, data.Samples, "A picture is known by its content.");
        Assert.AreEqual(3551, warnings.Single().Code);
        StringAssert.Contains(warnings[0].Message, "2 files are no pictures and not used: c.webp (WebP), notes.txt.");
    }

    [TestMethod]
    public void A_folder_with_data_of_the_other_kind_says_so()
    {
        using var folder = new TemporaryFolder();
        folder.Write("d/a.npy", "x"u8);
        folder.Write("e/a.ppm", s_picture);
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));

        TestData.Fails(3502, () => CalibrationData.Find(TestData.Config(folder, "'path':'d'"), []), "set \"input_type\": \"sequence\"");
        TestData.Fails(3502, () => CalibrationData.Find(TestData.Config(folder, "'path':'e','input_type':'sequence'"), []), "set \"input_type\": \"image\"");
        TestData.Fails(3502, () => CalibrationData.Find(TestData.Config(folder, "'path':'empty'"), []));
        TestData.Fails(3501, () => CalibrationData.Find(TestData.Config(folder, "'path':'nowhere'"), []));
        TestData.Fails(3501, () => CalibrationData.Find(TestData.Config(folder, "'path':'nowhere/*.png'"), []));
    }

    [TestMethod]
    public void Arrays_are_files_or_folders_of_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("d/s2/a.txt", "1"u8);
        folder.Write("d/s2/b.txt", "1"u8);
        folder.Write("d/s1/a.npy", "1"u8);
        folder.Write("d/other/readme.md", "1"u8);
        folder.Write("d/r.npz", "1"u8);
        folder.Write("d/x.png", "1"u8);
        var warnings = new List<Diagnostic>();

        var data = CalibrationData.Find(TestData.Config(folder, "'path':'d','input_type':'sequence'"), warnings);

        Assert.AreEqual("r.npz s1 s2", string.Join(' ', data.Samples.Select(Path.GetFileName)));
        Assert.AreEqual("r.npz s1/a.npy s2/a.txt s2/b.txt", string.Join(' ', data.Files.Select(f => CalibrationData.Relative(data.Root, f))));
        Assert.AreEqual(" d/s1 d/s2", string.Concat(data.Folders.Skip(1).Select(f => " " + CalibrationData.Relative(folder.Path, f))));
        StringAssert.Contains(warnings.Single().Message, "other/, x.png");

        var found = CalibrationData.Find(TestData.Config(folder, "'path':'d/s*/','input_type':'sequence'"), []);
        Assert.AreEqual("s1 s2", string.Join(' ', found.Samples.Select(Path.GetFileName)));
    }

    private static TemporaryFolder Photos()
    {
        var folder = new TemporaryFolder();
        foreach (string name in (string[])["c.ppm", "b.PPM", "x.jpg", "sub/a.ppm", "sub/deep/d.ppm", ".hidden/e.ppm", "sub/.f.ppm"])
        {
            folder.Write("photos/" + name, s_picture);
        }

        return folder;
    }

    private static string Folders(TemporaryFolder folder, string path)
    {
        var data = CalibrationData.Find(TestData.Config(folder, $"'path':'{path}'"), []);
        return string.Join(' ', data.Folders.Select(f => CalibrationData.Relative(folder.Path, f)));
    }
}
