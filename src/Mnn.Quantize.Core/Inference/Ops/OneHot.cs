using System.Runtime.InteropServices;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A new axis of a given depth that is "on" at the place that the index names and "off" elsewhere.</summary>
internal sealed class OneHot(int axis) : Operator
{
    public static Operator Create(OpBuildContext context) => new OneHot(context.Param<OneHotParam>().Axis);

    public override void Run(OpContext context)
    {
        Tensor indices = context.Input(0);
        int depth = IntValues.First(context.Input(1));
        Tensor on = context.Input(2);
        Tensor off = context.Input(3);
        if (depth < 0 || on.Type != off.Type || on.Type.Size() != 4 || on.Count == 0)
        {
            throw new TensorShapeException($"a depth of {depth} with values of type {on.Type} and {off.Type}");
        }

        int at = Shapes.Axis(axis, indices.Rank + 1);
        int[] shape = [.. indices.Shape[..at], depth, .. indices.Shape[at..]];
        Tensor output = context.OutputOfType(0, on, shape, indices.Format);
        Fill.Repeat(output, off);
        int inner = Shapes.Product(indices.Shape.AsSpan(at));
        ReadOnlySpan<int> places = indices.Ints;
        Span<uint> target = MemoryMarshal.Cast<byte, uint>(output.Bytes);
        uint value = MemoryMarshal.Read<uint>(on.Bytes);
        for (int i = 0; i < places.Length; i++)
        {
            if ((uint)places[i] < (uint)depth)
            {
                target[(((i / inner * depth) + places[i]) * inner) + (i % inner)] = value;
            }
        }
    }
}
