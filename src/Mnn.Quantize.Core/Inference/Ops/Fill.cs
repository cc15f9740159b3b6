using System.Runtime.InteropServices;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A tensor of the shape that the first input names, filled with the value of the second.</summary>
internal sealed class Fill : Operator
{
    public override void Run(OpContext context)
    {
        Tensor value = context.Input(1);
        Tensor output = context.OutputOfType(0, value, context.Input(0).Ints, value.Format);
        Repeat(output, value);
    }

    /// <summary>Writes the first element of a tensor to every place of another of the same type.</summary>
    public static void Repeat(Tensor output, Tensor value)
    {
        if (value.Count == 0)
        {
            throw new TensorShapeException("no value to fill with");
        }

        if (value.Type.Size() == 4)
        {
            MemoryMarshal.Cast<byte, uint>(output.Bytes).Fill(MemoryMarshal.Read<uint>(value.Bytes));
        }
        else
        {
            output.Bytes.Fill(value.Bytes[0]);
        }
    }
}

/// <summary>Zeros in the shape and type of the input.</summary>
internal sealed class ZerosLike : Operator
{
    public override bool HandlesChannelsLast => true;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        context.OutputOfType(0, input, input.Shape, input.Format).Bytes.Clear();
    }
}
