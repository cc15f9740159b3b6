using System.Runtime.InteropServices;
using Mnn.Quantize.Core.Tests.FlatBuffers;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Model;

[TestClass]
public sealed class ExternalWeightsTests
{
    private readonly List<byte> weights = [];

    [TestMethod]
    public void Every_table_gets_its_vectors_back()
    {
        Net whole = Whole();
        Net outside = Whole();
        MoveOut(outside);
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.mnn", FlatBufferSerializer.Write(NetLayout.Instance, outside));
        string file = folder.Write("m.mnn.weight", weights.ToArray());
        var model = MnnModel.Load(path);

        GraphEquality.AreEqual(whole, model.Net);
        CollectionAssert.AreEqual((string[])[path, file], model.Files.ToArray());
    }

    [TestMethod]
    [DataRow("../secret.bin")]
    [DataRow("sub/../../secret.bin")]
    [DataRow("/etc/hostname")]
    public void Weights_outside_the_folder_of_the_model_are_refused(string named)
    {
        Op op = Conv(new Convolution2D { Common = new Convolution2DCommon { OutputCount = 1 }, External = [0, 4, 4] });
        op.ExternalPath = named;
        using var folder = new TemporaryFolder();
        string path = folder.Write("inner/m.mnn", FlatBufferSerializer.Write(NetLayout.Instance, new Net { Oplists = [op] }));
        folder.Write("secret.bin", new byte[64]);

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => MnnModel.Load(path));

        Assert.AreEqual(2024, error.Diagnostic.Code);
    }

    [TestMethod]
    public void A_quantized_bias_of_no_bytes_is_zeros()
    {
        Op op = Conv(new Convolution2D
        {
            Common = new Convolution2DCommon { OutputCount = 3 },
            QuanParameter = new IDSTQuan { Type = 4 },
            External = [2, 6, 8, 0],
        });
        var read = (Convolution2D)Load(op, new byte[20]).Net.Oplists![0].Main!;

        CollectionAssert.AreEqual(new float[3], read.Bias);
        Assert.HasCount(6, read.QuanParameter!.Buffer!);
        Assert.HasCount(2, read.QuanParameter.Alpha!);
    }

    [TestMethod]
    public void Scales_stored_as_halves_are_read_as_halves()
    {
        Op op = Conv(new Convolution2D
        {
            Common = new Convolution2DCommon { OutputCount = 2 },
            QuanParameter = new IDSTQuan { Type = 4, ScaleStorage = ScaleStorageType.FP16 },
            External = [0, 2, 4, 8],
        });
        var read = (Convolution2D)Load(op, new byte[14]).Net.Oplists![0].Main!;

        Assert.HasCount(2, read.QuanParameter!.AlphaFp16!);
        Assert.IsNull(read.QuanParameter.Alpha);
    }

    [TestMethod]
    public void An_operator_may_name_its_own_file()
    {
        Op op = Conv(new Convolution2D { External = [4, 8, 4] });
        op.ExternalPath = "sub/other.bin";
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.mnn", FlatBufferSerializer.Write(NetLayout.Instance, new Net { Oplists = [op] }));
        string file = folder.Write("sub/other.bin", MemoryMarshal.AsBytes<float>([0f, 1f, 2f, 3f]));
        var model = MnnModel.Load(path);

        CollectionAssert.AreEqual((float[])[1f, 2f], ((Convolution2D)model.Net.Oplists![0].Main!).Weight);
        Assert.IsNull(model.Net.Oplists[0].ExternalPath);
        Assert.AreEqual(Path.GetFullPath(file), Path.GetFullPath(model.Files[1]));
    }

    [TestMethod]
    public void A_missing_file_is_named_with_the_model()
    {
        byte[] file = FlatBufferSerializer.Write(NetLayout.Instance, new Net { Oplists = [Conv(new Convolution2D { External = [0, 4, 4] })] });
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => MnnModel.FromBytes(file, "nowhere.mnn"));

        Assert.AreEqual(2020, e.Diagnostic.Code);
        Assert.AreEqual("nowhere.mnn", e.Diagnostic.File);
        StringAssert.Contains(e.Message, "nowhere.mnn.weight");
    }

    [TestMethod]
    [DataRow(0L, 24L, 0L, 2021)]
    [DataRow(16L, 4L, 4L, 2021)]
    [DataRow(-4L, 8L, 4L, 2021)]
    [DataRow(0L, -8L, 4L, 2021)]
    [DataRow(long.MaxValue, 8L, 4L, 2021)]
    [DataRow(8L, long.MaxValue, 4L, 2021)]
    [DataRow(0L, 6L, 4L, 2022)]
    public void A_place_outside_the_file_is_refused(long first, long weight, long bias, int code)
    {
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(
            () => Load(Conv(new Convolution2D { External = [first, weight, bias] }), new byte[20]));
        Assert.AreEqual(code, e.Diagnostic.Code);
    }

    [TestMethod]
    public void A_small_file_does_not_unfold_into_many_weights()
    {
        Op[] ops = [.. Enumerable.Range(0, 9).Select(_ => Conv(new Convolution2D { External = [0, 16, 0] }))];
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => Load(ops, new byte[16]));
        Assert.AreEqual(2022, e.Diagnostic.Code);
    }

    [TestMethod]
    public void A_constant_of_a_type_that_has_no_vector_is_refused()
    {
        var op = new Op { Type = OpType.Const, Main = new Blob { DataType = DataType.DT_STRING, External = [0, 4] } };
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => Load(op, new byte[4]));
        Assert.AreEqual(2023, e.Diagnostic.Code);
    }

    private static Op Conv(Convolution2D convolution) =>
        new() { Name = "conv", Type = OpType.Convolution, Main = convolution };

    private static MnnModel Load(Op op, byte[] weights) => Load([op], weights);

    private static MnnModel Load(Op[] ops, byte[] weights)
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.mnn.weight", weights);
        return MnnModel.Load(folder.Write("m.mnn", FlatBufferSerializer.Write(NetLayout.Instance, new Net { Oplists = [.. ops] })));
    }

    /// <summary>A graph with one operator for each table that may keep weights outside.</summary>
    private static Net Whole() => new()
    {
        Oplists =
        [
            new Op { Type = OpType.Convolution, Main = new Convolution2D { Weight = [1, 2, 3], Bias = [4] } },
            new Op
            {
                Type = OpType.Convolution,
                Main = new Convolution2D
                {
                    Bias = [9, 8], QuanParameter = new IDSTQuan { Type = 1, Buffer = [1, -2, 3], Alpha = [0.5f, 2], Index = [7] },
                },
            },
            new Op { Type = OpType.Scale, Main = new Scale { ScaleData = [5], BiasData = [6] } },
            new Op { Type = OpType.LayerNorm, Main = new LayerNorm { Gamma = [7, 8], Beta = [9, 10] } },
            new Op { Type = OpType.Const, Main = new Blob { Float32s = [1.5f] } },
            new Op { Type = OpType.Const, Main = new Blob { DataType = DataType.DT_INT32, Int32s = [-5, 5] } },
            new Op { Type = OpType.Const, Main = new Blob { DataType = DataType.DT_INT8, Int8s = [-5] } },
            new Op { Type = OpType.Const, Main = new Blob { DataType = DataType.DT_HALF, Uint8s = [1, 2] } },
        ],
        Subgraphs =
        [
            new SubGraphProto
            {
                Nodes =
                [
                    new Op
                    {
                        Type = OpType.While,
                        Main = new LoopParam
                        {
                            Commands = [new RegionCommand { Op = new Op { Main = new Blob { Float32s = [2.5f] } } }],
                        },
                    },
                ],
            },
        ],
    };

    /// <summary>Moves the weights of <see cref="Whole"/> into <see cref="weights"/>.</summary>
    private void MoveOut(Net net)
    {
        weights.AddRange([0xAA, 0xBB, 0xCC]);
        foreach (Op op in net.Oplists!)
        {
            MoveOut(op.Main!);
        }

        MoveOut(((LoopParam)net.Subgraphs![0].Nodes![0].Main!).Commands![0].Op!.Main!);
    }

    private void MoveOut(object table)
    {
        switch (table)
        {
            case Convolution2D { QuanParameter: { } quantized } convolution:
                convolution.External = Store(quantized.Buffer!, quantized.Alpha!, convolution.Bias!, quantized.Index!);
                (quantized.Buffer, quantized.Alpha, convolution.Bias, quantized.Index) = (null, null, null, null);
                break;
            case Convolution2D convolution:
                convolution.External = Store(convolution.Weight!, convolution.Bias!);
                (convolution.Weight, convolution.Bias) = (null, null);
                break;
            case Scale scale:
                scale.External = Store(scale.ScaleData!, scale.BiasData!);
                (scale.ScaleData, scale.BiasData) = (null, null);
                break;
            case LayerNorm norm:
                norm.External = Store(norm.Gamma!, norm.Beta!);
                (norm.Gamma, norm.Beta) = (null, null);
                break;
            case Blob blob:
                blob.External = Store((Array?)blob.Float32s ?? (Array?)blob.Int32s ?? (Array?)blob.Int8s ?? blob.Uint8s!);
                (blob.Float32s, blob.Int32s, blob.Int8s, blob.Uint8s) = (null, null, null, null);
                break;
            default:
                throw new AssertFailedException(table.GetType().Name);
        }
    }

    private long[] Store(params Array[] vectors)
    {
        var external = new List<long> { weights.Count };
        foreach (Array vector in vectors)
        {
            var bytes = new byte[Buffer.ByteLength(vector)];
            Buffer.BlockCopy(vector, 0, bytes, 0, bytes.Length);
            weights.AddRange(bytes);
            external.Add(bytes.Length);
        }

        return [.. external];
    }
}
