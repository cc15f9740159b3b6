using System.IO.Compression;
using System.Runtime.InteropServices;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// Whole int8 models of the reference against what the MNN runtime (3.6.1, x86-64 with AVX2) computes of them: bit by bit.
/// </summary>
[TestClass]
public sealed class Int8ModelTests
{
    [TestMethod]
    [DataRow("lenet5", "KL-MAX_ABS")]
    [DataRow("lenet5", "EMA-MAX_ABS")]
    [DataRow("mbv2", "KL-MAX_ABS")]
    [DataRow("mbv2", "EMA-MAX_ABS")]
    [DataRow("face_detection_short_range", "KL-MAX_ABS")]
    [DataRow("face_detection_short_range", "EMA-MAX_ABS")]
    public void OutputsEqualThoseOfTheRuntime(string model, string method)
    {
        InferenceSession session = new(Load(model, method));
        Recording recording = Recording.Of(model);
        for (int picture = 0; picture < recording.Pictures; picture++)
        {
            foreach (TensorValue output in session.Run(recording.Input(picture)))
            {
                float[] expected = recording.Output(picture, method, output.Name);
                CollectionAssert.AreEqual(expected, output.Floats, $"picture {picture}, {output.Name}");
            }
        }
    }

    [TestMethod]
    public void ASecondRunAllocatesNoArrays()
    {
        InferenceSession session = new(Load("mbv2", "KL-MAX_ABS"));
        TensorValue input = Recording.Of("mbv2").Input(0);
        session.Run(input);
        session.Run(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run(input);
        Assert.IsLessThan(64 * 1024, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MnnModel Load(string model, string method)
    {
        string plain = $"models/{model}/{method}.mnn";
        if (method == "KL-MAX_ABS")
        {
            return MnnModel.Load(Assets.PathOf(plain));
        }

        return MnnModel.FromBytes(Unpack($"{plain}.gz"), $"{method}.mnn");
    }

    private static byte[] Unpack(string file)
    {
        using var packed = new GZipStream(File.OpenRead(Assets.PathOf(file)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>
    /// models/MODEL/int8.f32.gz: picture after picture its input, then by method the outputs, as in the list of sizes.
    /// </summary>
    private sealed record Recording(int Pictures, int[] Shape, (string Name, int Count)[] Outputs, float[] Values)
    {
        private static readonly string[] Methods = ["KL-MAX_ABS", "EMA-MAX_ABS"];

        private int InputCount => Shape.Aggregate(1, (a, b) => a * b);

        private int OutputCount => Outputs.Sum(o => o.Count);

        private int Each => InputCount + (Methods.Length * OutputCount);

        public static Recording Of(string model)
        {
            float[] values = MemoryMarshal.Cast<byte, float>(Unpack($"models/{model}/int8.f32.gz")).ToArray();
            Recording recording = model switch
            {
                "lenet5" => new Recording(4, [1, 1, 28, 28], [("output", 10)], values),
                "mbv2" => new Recording(4, [1, 1, 32, 32], [("output", 10)], values),
                _ => new Recording(1, [1, 128, 128, 3], [("regressors", 896 * 16), ("classificators", 896)], values),
            };
            Assert.HasCount(recording.Pictures * recording.Each, values);
            return recording;
        }

        public TensorValue Input(int picture) =>
            new("input", Shape, Values[(picture * Each)..((picture * Each) + InputCount)]);

        public float[] Output(int picture, string method, string name)
        {
            int at = (picture * Each) + InputCount + (Array.IndexOf(Methods, method) * OutputCount);
            foreach ((string output, int count) in Outputs)
            {
                if (output == name)
                {
                    return Values[at..(at + count)];
                }

                at += count;
            }

            throw new ArgumentException($"No output {name} is recorded.", nameof(name));
        }
    }
}
