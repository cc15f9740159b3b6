using Mnn.Quantize.Calibration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class PictureFeederTests
{
    [TestMethod]
    public void A_batch_is_one_picture_behind_the_other()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder.Write("a.ppm", TestData.Noise(1)), folder.Write("b.ppm", TestData.Noise(2))];
        Graph graph = TestData.Graph(("x", [1, 3, 8, 8]));
        var feeder = new PictureFeeder(graph, TestData.Config(folder, "'path':'.'"));
        var session = new InferenceSession(graph);

        float[] each = [.. files.SelectMany(file =>
        {
            feeder.Feed(session, file);
            return session.Floats("x");
        })];
        feeder.Feed(session, files);

        CollectionAssert.AreEqual((int[])[2, 3, 8, 8], session.Shape("x"));
        CollectionAssert.AreEqual(each, session.Floats("x"));
    }

    [TestMethod]
    public void Letterbox_pads_with_the_grey_level_of_the_config()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.ppm", TestData.Picture(8, 4, (_, _) => (200, 200, 200)));
        Graph graph = TestData.Graph(("x", [1, 1, 8, 8]));
        var session = new InferenceSession(graph);

        string keys = "'path':'.','format':'GRAY','mean':[14],'normal':[0.5],'resize':'letterbox','pad_value':114";
        new PictureFeeder(graph, TestData.Config(folder, keys)).Feed(session, file);

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 64).Select(i => i / 8 is >= 2 and < 6 ? 93f : 50f).ToArray(), session.Floats("x"));
    }

    [TestMethod]
    public void An_input_beside_the_pictures_needs_a_value()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.ppm", TestData.Noise(1));
        Graph graph = TestData.Graph(("x", [1, 3, 8, 8]), ("y", [1, 3, 1, 1]));
        var session = new InferenceSession(graph);

        TestData.Fails(5005, () => _ = new PictureFeeder(graph, TestData.Config(folder, "'path':'.'")), "'y'");
        TestData.Fails(5008, () => _ = new PictureFeeder(graph, TestData.Config(folder, "'path':'.','inputs':[{'name':'z'}]")));
        new PictureFeeder(graph, TestData.Config(folder, "'path':'.','inputs':[{'name':'y','value':2}]")).Feed(session, file);

        CollectionAssert.AreEqual((float[])[2, 2, 2], session.Floats("y"));
    }

    [TestMethod]
    public void A_damaged_picture_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.png", "<html>"u8);
        Graph graph = TestData.Graph(("x", [1, 3, 8, 8]));
        var feeder = new PictureFeeder(graph, TestData.Config(folder, "'path':'.'"));

        TestData.Fails(3001, () => feeder.Feed(new InferenceSession(graph), file), "a.png");
        TestData.Fails(3001, () => feeder.Check(file), "a.png");
    }
}
