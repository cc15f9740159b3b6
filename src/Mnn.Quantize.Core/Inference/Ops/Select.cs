using System.Runtime.InteropServices;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Takes each element from the second input where the first is not 0, else from the third; all broadcast.</summary>
internal sealed class Select : Operator
{
    public override void Run(OpContext context)
    {
        Tensor condition = context.Input(0);
        Tensor yes = context.Input(1);
        Tensor no = context.Input(2);
        if (yes.Type != no.Type || yes.Type.Size() != 4 || condition.Type.Size() != 4)
        {
            throw new TensorShapeException($"{yes.Type} and {no.Type} elements chosen by {condition.Type}");
        }

        int[] shape = Shapes.Broadcast(Shapes.Broadcast(condition.Shape, yes.Shape), no.Shape);
        Tensor output = context.OutputOfType(0, yes, shape, yes.Format);
        Tensor[] temporaries = [Expand(context, condition, shape), Expand(context, yes, shape), Expand(context, no, shape)];
        ReadOnlySpan<int> c = MemoryMarshal.Cast<byte, int>(temporaries[0].Bytes);
        ReadOnlySpan<int> y = MemoryMarshal.Cast<byte, int>(temporaries[1].Bytes);
        ReadOnlySpan<int> n = MemoryMarshal.Cast<byte, int>(temporaries[2].Bytes);
        Span<int> target = MemoryMarshal.Cast<byte, int>(output.Bytes);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = c[i] != 0 ? y[i] : n[i];
        }

        foreach (Tensor temporary in temporaries)
        {
            OpContext.Release(temporary);
        }
    }

    // The tensor repeated to a shape; the same memory where nothing repeats.
    private static Tensor Expand(OpContext context, Tensor tensor, int[] shape)
    {
        Tensor result = context.Temporary(tensor.Type, shape, tensor.Format);
        if (result.Count == tensor.Count)
        {
            result.ShareBuffer(tensor);
        }
        else
        {
            BroadcastTo.Copy(tensor, result);
        }

        return result;
    }
}
