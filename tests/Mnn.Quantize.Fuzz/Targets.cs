using System.Text;
using Mnn.Quantize.Building;
using Mnn.Quantize.Cli.Building;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization.Locking;
using Mnn.Quantize.Verification;
using QuantizeMode = Mnn.Quantize.Configuration.QuantizeMode;

namespace Mnn.Quantize.Fuzz;

/// <summary>Every kind of file that a build may get from strangers.</summary>
internal static class Targets
{
    private const long RunMemory = 64L << 20;

    private static readonly string Scratch = Seeds.NewFile();

    // A loop that never ends is no finding, as long as it can be cancelled.
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(0.1);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("model", () => Seeds.Models(8 << 10), data => MnnModel.FromBytes(data).ToBytes()),
        new("graph", () => Seeds.Models(8 << 10), RunModel) { Mutations = [NetMutator.Mutate] },
        new("weights", WeightSeeds, DecodeWeights) { MostBytes = 600L << 20 },
        Picture("png", ".png") with { Mutations = [PngMutator.ChangeRows], Mend = PngMutator.MendCheckSums, Words = Ascii("IHDR", "PLTE", "tRNS", "IDAT", "IEND", "zTXt", "iCCP") },
        Picture("jpeg", ".jpg"),
        Picture("bmp", ".bmp"),
        Picture("gif", ".gif"),
        Picture("tga-pnm", ".tga", ".ppm", ".pgm"),
        new("config", ConfigSeeds, data => QuantConfigReader.Parse(data, "quant.json", []))
        {
            Words = Ascii([.. ConfigKeys.All.Select(k => $"\"{k.Name}\":"), "[", "]", "{", "}", "1e999", "-1", "null", "true", "\"\\ud800\"", "//", "/*"]),
        },
        new("text", () => [Seeds.Text("1 2.5\n-3e4,5;6\n"), Seeds.Text("0\t1")], data => TextNumbers.Read(data, "a.txt")),
        new("npy", NpySeeds, data => NpyFile.Read(data, "a.npy")) { Words = Ascii("'descr'", "'<f8'", "'>i2'", "'fortran_order'", "True", "'shape'", "(1,)", "4294967296") },
        new("npz", NpzSeeds, data => NpzFile.Read(data, "a.npz")) { MostBytes = 1536L << 20 },
        new("labels", () => [Seeds.Text("a.png 1\nb c.png\t2\n\n")], data => OnDisk(data, file => LabelFile.Read(file))),
        new("csv", () => [Seeds.Text("label,a,b\n1,2.5,-3\n0;1;2\n"), Seeds.Text("1,2\n3,4")], data => OnDisk(data, file => CsvFile.Read(file, (_, _, _) => { }))),
        new("idx", () => [[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4], [0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]], data => IdxFile.Parse("a.idx", data)),
        new("lock", () => [Seeds.Read("fuzz/lenet5.quant.lock")], data => LockText.Parse(Encoding.UTF8.GetString(data), "a.lock")),
        new("train", TrainSeeds, data => QuantConfigReader.Parse(data, "quant.json", []))
        {
            Words = Ascii([.. TrainKeys.All.Select(k => $"\"{k.Name}\":"), "\"train\":", "[", "]", "{", "}", "1e999", "-1", "null", "true", "\"3 epochs\""]),
        },
        new("manifest", ManifestSeeds, data => OnDisk(data, file => Manifest.Read(file))) { Words = Ascii("[model]\n", "[float]\n", "metadata=", "picture=", "lock=obey\n") },
        new("state", () => [Seeds.Text(InputState.Describe([Scratch, Path.GetTempPath()]))], data => OnDisk(data, file => InputState.FindChange(file))) { Words = Ascii("file ", "folder ", "gone - ", "moved ") },
        new("sample", EntrySeeds.Samples, EntrySeeds.ReadSample) { Mend = EntrySeeds.MendHash },
        new("checkpoint", EntrySeeds.Checkpoints, EntrySeeds.ReadCheckpoint) { Mend = EntrySeeds.MendHash },
        new("cache", RecordSeeds, ReadRecord) { Words = Ascii("output ", "deployed ", "figures ", "warning ", "end\n", "mnn-quantize record 2\n") },
    ];

    private static FuzzTarget Picture(string name, params string[] extensions) =>
        new(name, () => Seeds.Pictures(extensions), data => PictureDecoder.Decode(data, name).Dispose()) { MostBytes = 1280L << 20 };

    private static byte[][] Ascii(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    // For readers that take nothing but the name of a file.
    private static void OnDisk(byte[] data, Action<string> read)
    {
        File.WriteAllBytes(Scratch, data);
        read(Scratch);
    }

    private static void RunModel(byte[] data)
    {
        Graph graph = Graph.Build(MnnModel.FromBytes(data));
        using var timer = new CancellationTokenSource(RunTime);
        var session = new InferenceSession(graph, RunMemory);
        foreach (GraphInput input in graph.Inputs)
        {
            int[] shape = [.. input.Shape.Select(d => Math.Clamp(d, 1, 8))];
            session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format).Bytes.Clear();
        }

        try
        {
            session.Runner.Run(timer.Token);
            foreach (int id in graph.OutputIds)
            {
                session.ReadOutput(id);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static IReadOnlyList<byte[]> WeightSeeds()
    {
        var seeds = new List<byte[]>();
        foreach (string name in (string[])["lenet5", "mbv2", "face_detection_short_range"])
        {
            MnnModel model = MnnModel.FromBytes(Seeds.Read($"models/{name}/KL-MAX_ABS.mnn"));
            seeds.AddRange(model.Net.Oplists!.Select(o => o.Main).OfType<Convolution2D>()
                .Where(c => c.QuanParameter?.Buffer is { Length: > 0 and < 4096 })
                .Select(c => WeightFile(c.QuanParameter!)));
        }

        return seeds;
    }

    // Type, flags, number of scales, then the buffer: enough to try every way of decoding.
    private static byte[] WeightFile(IDSTQuan quan) =>
        [(byte)quan.Type, (byte)(quan.ShapeInt32 ? 1 : 0), (byte)(quan.Alpha?.Length ?? 0), .. quan.Buffer!.Select(b => (byte)b)];

    private static void DecodeWeights(byte[] data)
    {
        if (data.Length < 4)
        {
            return;
        }

        float[] alpha = new float[data[2]];
        Array.Fill(alpha, 0.5f);
        var quan = new IDSTQuan
        {
            Type = data[0] % 6,
            ShapeInt32 = (data[1] & 1) != 0,
            ReadType = (data[1] & 2) != 0 ? alpha.Length : 0,
            Alpha = alpha,
            Buffer = [.. data[3..].Select(b => (sbyte)b)],
            QuantScale = 1,
        };
        WeightCodec.Dequantize(new Convolution2D { QuanParameter = quan }, "m.mnn", "op");
    }

    private static IReadOnlyList<byte[]> ConfigSeeds() =>
    [
        Seeds.Text("{\"format\":\"RGB\",\"mean\":[127.5,127.5,127.5],\"normal\":[0.00784314,0.00784314,0.00784314],\"width\":224,\"height\":224,\"path\":\"a/\"}"),
        Seeds.Text("{ // comment\n \"path\": \"*.png\", \"inputs\": [{\"name\": \"x\", \"shape\": [1,3,4,4], \"value\": 1.5}], \"skip_quant_op_names\": [\"a\",], }"),
    ];

    private static IReadOnlyList<byte[]> TrainSeeds() =>
    [
        Seeds.Text("{\"path\":\"a/\",\"mode\":\"train\",\"train\":{\"data\":\"a.idx\",\"labels\":\"b.idx\",\"epochs\":3,\"batch_size\":8,\"learning_rate\":0.05,\"validation_share\":0.25,\"momentum\":0.9}}"),
        Seeds.Text("{\"train\":{\"data\":\"a.csv\",\"budget\":\"10 seconds\",\"frozen\":[\"a*\"],\"distill\":0.5,\"schedule\":\"constant\",\"optimizer\":\"adam\",\"augment_flip\":true}}"),
    ];

    private static IReadOnlyList<byte[]> ManifestSeeds() =>
    [
        Seeds.Text("mnn-quantize manifest 1\nstate=/a\nstore=/b\ngate=warn\nreport=true\nlock=write\n[model]\nsource=/a.mnn\ndestination=/b.mnn\nconfig=\nminCosine=0.99\nmetadata=weight_bits=8\npicture=/p.png\nlockFile=/l\nclass=A\n[float]\nsource=/c.mnn\ndestination=/d.mnn\n"),
    ];

    private static IReadOnlyList<byte[]> NpySeeds() =>
    [
        NpyFile.Write(new TensorValue("", [2, 3], new float[6])),
        NpyFile.Write(new TensorValue("", [4], new int[4])),
    ];

    private static IReadOnlyList<byte[]> NpzSeeds()
    {
        var file = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("x.npy").Open();
            entry.Write(NpySeeds()[0]);
        }

        return [file.ToArray()];
    }

    private static IReadOnlyList<byte[]> RecordSeeds()
    {
        string file = Seeds.NewFile();
        try
        {
            var figures = new RecordedFigures(10, 5, 1.5, 0.99, 1, 2, 3, 4, QuantizeMode.Int8, ComparedOn.Samples, ["a warning"]);
            new BuildRecord(new Dictionary<string, string> { ["model"] = "ab" }, "cd", false, figures, new RecordedDetails([], [])).Write(file);
            return [File.ReadAllBytes(file)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void ReadRecord(byte[] data) => OnDisk(data, file => BuildRecord.Read(file));
}
