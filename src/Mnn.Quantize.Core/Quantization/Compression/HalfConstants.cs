using System.Runtime.InteropServices;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using QuantizeMode = Mnn.Quantize.Configuration.QuantizeMode;

namespace Mnn.Quantize.Quantization.Compression;

/// <summary>Constants of floats that are stored as half floats; the runtime makes floats of them (source/utils/InitNet.cpp).</summary>
internal static class HalfConstants
{
    // Fewer save next to nothing, and are factors, epsilons and sizes, which lose more.
    private const int LeastValues = 64;

    /// <summary>Finds them in a graph.</summary>
    /// <param name="ops">Its operators.</param>
    /// <param name="mode">
    /// With <see cref="QuantizeMode.Fp16"/> all of some length; else matrices that nothing but matrix products read: their values
    /// are added up, and the errors with them.
    /// </param>
    public static IEnumerable<Op> Find(List<Op> ops, QuantizeMode mode)
    {
        Op[] constants =
        [
            .. ops.Where(op => op is { Type: OpType.Const, OutputIndexes: [_, ..], Main: Blob { DataType: DataType.DT_FLOAT, Float32s.Length: >= LeastValues } }),
        ];
        if (mode == QuantizeMode.Fp16)
        {
            return constants;
        }

        ILookup<int, Op> readers = ops.SelectMany(op => (op.InputIndexes ?? []).Select(id => (id, op))).ToLookup(p => p.id, p => p.op);
        return constants.Where(op => readers[op.OutputIndexes![0]] is var found && found.Any()
            && found.All(reader => reader.Type is OpType.MatMul or OpType.BatchMatMul));
    }

    /// <summary>Stores values as half floats.</summary>
    /// <param name="blob">Where they are; changed.</param>
    /// <param name="values">The values, none beyond ±65,504.</param>
    /// <returns>What they are read back as.</returns>
    public static float[] Store(Blob blob, float[] values)
    {
        var halves = new Half[values.Length];
        WeightCodec.ToHalves(values, halves);
        blob.DataType = DataType.DT_HALF;
        blob.Uint8s = MemoryMarshal.AsBytes<Half>(halves).ToArray();
        blob.Float32s = null;
        blob.External = null;
        return Array.ConvertAll(halves, half => (float)half);
    }
}
