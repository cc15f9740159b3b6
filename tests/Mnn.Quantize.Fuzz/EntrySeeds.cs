using System.Security.Cryptography;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Loop;
using Mnn.Quantize.Training.Optimizing;

namespace Mnn.Quantize.Fuzz;

/// <summary>Files that end with their own hash: entries of the calibration cache, and checkpoints of a training.</summary>
internal static class EntrySeeds
{
    private const int Tensors = 3;

    private static readonly string File = Seeds.NewFile();
    private static readonly KeyValuePair<string, string>[] Identity = [new("engine", "a"), new("data", "b")];
    private static readonly ITrainableNet Net = TrainingGraph.Create(Model(), new TrainingOptions { Workers = 1 });
    private static readonly SgdOptimizer Optimizer = new(Net.Parameters, 0.9f, 0);

    /// <summary>Gives a changed file the hash of what it holds now.</summary>
    public static byte[] MendHash(byte[] data) => data.Length < SHA256.HashSizeInBytes
        ? data
        : [.. data[..^SHA256.HashSizeInBytes], .. SHA256.HashData(data.AsSpan(..^SHA256.HashSizeInBytes))];

    /// <summary>Entries with and without outputs and signs.</summary>
    public static IReadOnlyList<byte[]> Samples() => [Sample(false, true), Sample(true, false)];

    /// <summary>As calibration does.</summary>
    public static void ReadSample(byte[] data)
    {
        if (SampleEntry.IsWhole(data))
        {
            TensorStatistic?[] totals = [new TensorStatistic(), null, new TensorStatistic()];
            SampleEntry.TryMerge("a.sample", data, wantsOutputs: true, totals, out _, out _);
            SampleEntry.TryMerge("a.sample", data, wantsOutputs: false, totals, out _, out _);
        }
    }

    /// <summary>Checkpoints before and after an epoch.</summary>
    public static IReadOnlyList<byte[]> Checkpoints()
    {
        var state = new TrainState { Step = 3, Seen = 24 };
        byte[] first = Write(state);
        state.Epochs.Add(new TrainEpoch(1, 0.1, 2, 3, null));
        (state.BestEpoch, state.Best) = (0, NetSnapshot.Of(Net));
        return [first, Write(state)];
    }

    /// <summary>As a training that goes on does.</summary>
    public static void ReadCheckpoint(byte[] data)
    {
        System.IO.File.WriteAllBytes(File, data);
        Checkpoint.Difference(File, Identity);
        Checkpoint.Read(File, Identity, Net, Optimizer);
    }

    private static byte[] Write(TrainState state)
    {
        Checkpoint.Write(File, Identity, state, Net, Optimizer);
        return System.IO.File.ReadAllBytes(File);
    }

    private static byte[] Sample(bool signed, bool outputs)
    {
        var session = new InferenceSession(Graph.Build(Model()));
        Tensor tensor = session.Runner.PrepareInput(0, ElementType.Float32, [1, 1, 4, 4], MNN_DATA_FORMAT.NCHW);
        for (int i = 0; i < tensor.Count; i++)
        {
            tensor.Floats[i] = (i * i) - 20;
        }

        var entry = new SampleEntry(signed);
        entry.Begin();
        entry.Add(0, tensor, new TensorStatistic(signed));
        entry.Add(2, tensor, new TensorStatistic(signed));
        var value = new TensorValue("y", [2, 2], [1, 2, 3, 4f]);
        bool[] observed = new bool[Tensors];
        (observed[0], observed[2]) = (true, true);
        return entry.End(observed, SampleTraits.Of([value]), outputs ? [value] : null).ToArray();
    }

    // x -> convolution -> y.
    private static MnnModel Model() => MnnModel.FromNet(
        new Net
        {
            Oplists =
            [
                new Op { Name = "x", Type = OpType.Input, Main = new Input { Dims = [1, 1, 4, 4], Dtype = DataType.DT_FLOAT, Dformat = MNN_DATA_FORMAT.NC4HW4 }, OutputIndexes = [0] },
                new Op
                {
                    Name = "y",
                    Type = OpType.Convolution,
                    Main = new Convolution2D
                    {
                        Common = new Convolution2DCommon { KernelX = 1, KernelY = 1, InputCount = 1, OutputCount = 2 },
                        Weight = [0.5f, -1],
                        Bias = [0, 1],
                    },
                    InputIndexes = [0],
                    OutputIndexes = [1],
                },
            ],
            TensorName = ["x", "y"],
            TensorNumber = 2,
            OutputName = ["y"],
        },
        "net.mnn");
}
