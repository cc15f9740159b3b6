using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Data;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class ArrayFeederTests
{
    private static readonly float[] s_x = [.. Enumerable.Range(0, 12).Select(i => (i / 4f) - 1)];
    private static readonly float[] s_y = [7, 8, 9];

    public static IEnumerable<string> Kinds => ["npy", "npz", "raw", "bin", "txt"];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void One_file_fills_one_input(string extension)
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("x", [1, 3, 2, 2]));

        InferenceSession session = Feed(folder, graph, "", folder.Write("s." + extension, Bytes(extension, "x", [1, 3, 2, 2], s_x)));

        CollectionAssert.AreEqual((int[])[1, 3, 2, 2], session.Shape("x"));
        CollectionAssert.AreEqual(s_x, session.Floats("x"));
    }

    [TestMethod]
    [DataRow("npy", "raw")]
    [DataRow("txt", "txt")]
    [DataRow("bin", "npy")]
    public void A_folder_fills_all_inputs(string first, string second)
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("in/x:0", [1, 3, 2, 2]), ("y", [1, 3, 1, 1]));
        folder.Write("s/in_x_0." + first, Bytes(first, "", [1, 3, 2, 2], s_x));
        folder.Write("s/y." + second, Bytes(second, "", [1, 3, 1, 1], s_y));
        folder.Write("s/out1.txt", "not a number"u8);

        InferenceSession session = Feed(folder, graph, "", Path.Combine(folder.Path, "s"));

        CollectionAssert.AreEqual(s_x, session.Floats("in/x:0"));
        CollectionAssert.AreEqual(s_y, session.Floats("y"));
    }

    [TestMethod]
    public void An_npz_fills_all_inputs_by_name()
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("a/x", [1, 3, 2, 2]), ("y", [1, 3, 1, 1]));
        string file = folder.Write("s.npz", Npz(("y", [1, 3, 1, 1], s_y), ("label", [1], [3]), ("a/x", [1, 3, 2, 2], s_x)));

        InferenceSession session = Feed(folder, graph, "", file);

        CollectionAssert.AreEqual(s_x, session.Floats("a/x"));
        CollectionAssert.AreEqual(s_y, session.Floats("y"));
    }

    [TestMethod]
    public void Shapes_come_from_the_file_then_input_json_then_the_config_then_the_model()
    {
        using var folder = new TemporaryFolder();
        Graph open = TestData.Graph(("x", [-1, 3, -1, -1]));
        folder.Write("s/x.txt", Bytes("txt", "", [], s_x));
        string sample = Path.Combine(folder.Path, "s");

        TestData.Fails(3515, () => Feed(folder, open, "", sample), "[-1, 3, -1, -1]");
        CollectionAssert.AreEqual((int[])[1, 3, 4, 1], Feed(folder, open, ",'inputs':[{'name':'x','shape':[1,3,4,1]}]", sample).Shape("x"));
        folder.Write("s/input.json", """{"inputs":[{"name":"x","shape":[2,3,1,2]}], "outputs":["conv"]}"""u8);
        CollectionAssert.AreEqual((int[])[2, 3, 1, 2], Feed(folder, open, ",'inputs':[{'name':'x','shape':[1,3,4,1]}]", sample).Shape("x"));
        CollectionAssert.AreEqual(
            (int[])[1, 3, 1, 4],
            Feed(folder, open, "", folder.Write("t.npy", Bytes("npy", "", [1, 3, 1, 4], s_x))).Shape("x"));
        CollectionAssert.AreEqual(
            (int[])[1, 3, 2, 2],
            Feed(folder, TestData.Graph(("x", [-1, 3, 2, -1])), "", folder.Write("u.raw", Bytes("raw", "", [], s_x))).Shape("x"),
            "An open batch is 1, another open dimension follows.");
    }

    [TestMethod]
    public void A_missing_batch_is_added_and_a_flat_array_takes_the_declared_shape()
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("x", [1, 3, 2, 2]));

        CollectionAssert.AreEqual((int[])[1, 3, 2, 2], Feed(folder, graph, "", folder.Write("a.npy", Bytes("npy", "", [3, 2, 2], s_x))).Shape("x"));
        CollectionAssert.AreEqual((int[])[1, 3, 2, 2], Feed(folder, graph, "", folder.Write("b.npy", Bytes("npy", "", [12], s_x))).Shape("x"));
        TestData.Fails(3517, () => Feed(folder, graph, "", folder.Write("c.npy", Bytes("npy", "", [2, 2], s_x[..4]))), "[2, 2]");
    }

    [TestMethod]
    public void A_batch_joins_samples_of_one_shape()
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("x", [1, 3, 2, 2]));
        var feeder = new ArrayFeeder(graph, TestData.Config(folder, "'path':'.','input_type':'sequence'"));
        var session = new InferenceSession(graph);
        string a = folder.Write("a.npy", Bytes("npy", "", [1, 3, 2, 2], s_x));
        string b = folder.Write("b.npy", Bytes("npy", "", [2, 3, 2, 2], [.. s_x, .. s_x]));
        string c = folder.Write("c.npy", Bytes("npy", "", [1, 3, 4, 1], s_x));

        feeder.Feed(session, a, b);

        CollectionAssert.AreEqual((int[])[3, 3, 2, 2], session.Shape("x"));
        CollectionAssert.AreEqual((float[])[.. s_x, .. s_x, .. s_x], session.Floats("x"));
        TestData.Fails(3519, () => feeder.Feed(session, a, c), "c.npy");
    }

    [TestMethod]
    [DataRow("x.txt", "1 2 zwei", 3512, "'zwei'")]
    [DataRow("x.txt", "1 2\n3 nan", 3512, "(2,")]
    [DataRow("x.txt", "\n", 3512, "no numbers")]
    [DataRow("x.txt", "1 2 3", 3516, "3 numbers")]
    [DataRow("x.raw", "12345", 3516, "1 numbers")]
    [DataRow("x.npy", "12345", 3601, "x.npy")]
    [DataRow("x.npz", "12345", 3510, "x.npz")]
    public void A_bad_file_is_named(string name, string content, int code, string part)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(name, Encoding.UTF8.GetBytes(content));

        TestData.Fails(code, () => Feed(folder, TestData.Graph(("x", [1, 3, 2, 2])), "", file), part);
    }

    [TestMethod]
    public void A_sample_that_lacks_an_input_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        Graph graph = TestData.Graph(("x", [1, 3, 2, 2]), ("y", [1, 3, 1, 1]));
        string one = folder.Write("s/x.npy", Bytes("npy", "", [1, 3, 2, 2], s_x));
        string sample = Path.Combine(folder.Path, "s");

        TestData.Fails(3514, () => Feed(folder, graph, "", sample), "expected a file y.npy (or .raw, .bin, .txt), found 'x.npy'");
        TestData.Fails(3513, () => Feed(folder, graph, "", one), "'x', 'y'");
        TestData.Fails(3514, () => Feed(folder, graph, "", folder.Write("t.npz", Npz(("x", [1, 3, 2, 2], s_x)))), "an array 'y', found 'x'");
        CollectionAssert.AreEqual((float[])[5, 5, 5], Feed(folder, graph, ",'inputs':[{'name':'y','value':5}]", one).Floats("y"));
        folder.Write("s/input.json", "{}"u8);
        TestData.Fails(3520, () => Feed(folder, graph, "", sample));
    }

    [TestMethod]
    public void Corrupt_samples_are_left_out_if_the_config_says_so()
    {
        using var folder = new TemporaryFolder();
        string good = folder.Write("d/b.txt", Bytes("txt", "", [], s_x));
        string bad = folder.Write("d/a.txt", "x"u8);
        Graph graph = TestData.Graph(("x", [1, 3, 2, 2]));
        var config = TestData.Config(folder, "'path':'d','input_type':'sequence','on_corrupt':'warn'");
        var feeder = SampleFeeder.Create(graph, config);
        var warnings = new List<Mnn.Quantize.Diagnostics.Diagnostic>();

        IReadOnlyList<string> samples = CorruptSamples.LeaveOut(config, [bad, good], feeder, 2, warnings, CancellationToken.None);

        Assert.AreEqual(good, samples.Single());
        Assert.AreEqual((3560, bad, 1), (warnings.Single().Code, warnings[0].File, warnings[0].Line));
        TestData.Fails(3512, () => CorruptSamples.LeaveOut(config, [bad], feeder, 2, warnings, CancellationToken.None));
    }

    internal static byte[] Bytes(string kind, string name, int[] shape, float[] values) => kind switch
    {
        "npy" => NpyFile.Write(new TensorValue("", shape, values)),
        "npz" => Npz((name, shape, values)),
        "txt" => Encoding.UTF8.GetBytes(string.Join('\n', values.Chunk(4).Select(row => string.Join(' ', row.Select(v => v.ToString(CultureInfo.InvariantCulture)))))),
        _ => MemoryMarshal.AsBytes<float>(values).ToArray(),
    };

    internal static byte[] Npz(params (string Name, int[] Shape, float[] Values)[] arrays)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, int[] shape, float[] values) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy").Open();
                entry.Write(NpyFile.Write(new TensorValue(name, shape, values)));
            }
        }

        return stream.ToArray();
    }

    private static InferenceSession Feed(TemporaryFolder folder, Graph graph, string keys, string sample)
    {
        var feeder = new ArrayFeeder(graph, TestData.Config(folder, "'path':'.','input_type':'sequence'" + keys));
        var session = new InferenceSession(graph);
        feeder.Feed(session, sample);
        return session;
    }
}
