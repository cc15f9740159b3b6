using System.Buffers.Binary;
using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>
/// A folder with something to learn in a second: 8x8 pictures with stripes one way, the other way, a chequered or a plain
/// pattern, in noise, as IDX files, and a net that knows nothing yet.
/// </summary>
internal sealed class TextureTask : IDisposable
{
    public const int Classes = 4;
    public const int Size = 8;

    public TextureTask(int count = 96, MnnModel? model = null)
    {
        Folder = Directory.CreateTempSubdirectory("mnnq train ").FullName;
        (model ?? Net()).Save(this["float.mnn"]);
        var random = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % Classes))];
        Pixels = [.. labels.SelectMany(label => Picture(label, random))];
        Labels = labels;
        WriteIdx("pictures.idx", [count, Size, Size], Pixels);
        WriteIdx("labels.idx", [count], labels);
        Configure();
    }

    public string Folder { get; }

    public byte[] Pixels { get; }

    public byte[] Labels { get; }

    public TrainOptions Options => new()
    {
        Source = this["float.mnn"],
        Destination = this["int8.mnn"],
        Config = this["quant.json"],
        MaxParallelism = 2,
    };

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>A net of three convolutions, BatchNorm and ReLU, with one score a class.</summary>
    public static MnnModel Net() => new SmallNet().Input(1, Size).Convolution("a", 1, 8)
        .BatchNorm("norm", 8).Add(OpType.ReLU, "r", new Relu(), [2])
        .Convolution("b", 8, 8).Add(OpType.ReLU, "s", new Relu(), [4])
        .Add(OpType.Pooling, "mean", new Pool { Type = PoolType.AVEPOOL, IsGlobal = true }, [5])
        .Convolution("c", 8, Classes, kernel: 1).Build();

    public void WriteIdx(string name, int[] shape, byte[] elements)
    {
        byte[] head = new byte[4 + (4 * shape.Length)];
        (head[2], head[3]) = (8, (byte)shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * i)), shape[i]);
        }

        File.WriteAllBytes(this[name], [.. head, .. elements]);
    }

    /// <summary>Writes the config.</summary>
    /// <param name="train">Keys of the section, after the usual ones.</param>
    /// <param name="data">Where the examples are.</param>
    public void Configure(string train = "", string data = """ "data": "pictures.idx", "labels": "labels.idx" """) => File.WriteAllText(
        this["quant.json"],
        $$"""
        {
          "format": "GRAY", "mean": [127.5], "normal": [0.0078], "width": {{Size}}, "height": {{Size}},
          "train": { {{data}}, "epochs": 12, "batch_size": 8, "learning_rate": 0.05, "validation_share": 0.25, "momentum": 0.9 {{train}} }
        }
        """);

    /// <summary>The code of the error that a training ends with.</summary>
    public int Fails() =>
        Assert.ThrowsExactly<QuantizeException>(() => TrainPipeline.Run(Options)).Diagnostic.Code;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static IEnumerable<byte> Picture(int label, Random random)
    {
        int phase = random.Next(2);
        for (int i = 0; i < Size * Size; i++)
        {
            (int y, int x) = (i / Size, i % Size);
            int pattern = label switch { 0 => y, 1 => x, 2 => x + y, _ => 0 };
            yield return (byte)(60 + (120 * ((pattern + phase) % 2)) + random.Next(70));
        }
    }
}
