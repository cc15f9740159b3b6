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
        if (yes.Type != no.Type || condition.Type.Size() != 4)
        {
            throw new TensorShapeException($"{yes.Type} and {no.Type} elements chosen by {condition.Type}");
        }

        int[] shape = Shapes.Broadcast(Shapes.Broadcast(condition.Shape, yes.Shape), no.Shape);
        Tensor output = context.OutputOfType(0, yes, shape, yes.Format);
        Tensor[] temporaries = [Expand(context, condition, shape), Expand(context, yes, shape), Expand(context, no, shape)];
        if (yes.Type.Size() == 4)
        {
            Choose<int>(temporaries, output);
        }
        else
        {
            Choose<byte>(temporaries, output);
        }

        foreach (Tensor temporary in temporaries)
        {
            OpContext.Release(temporary);
        }
    }

    private static void Choose<T>(Tensor[] inputs, Tensor output)
        where T : unmanaged
    {
        ReadOnlySpan<int> condition = MemoryMarshal.Cast<byte, int>(inputs[0].Bytes);
        ReadOnlySpan<T> yes = MemoryMarshal.Cast<byte, T>(inputs[1].Bytes);
        ReadOnlySpan<T> no = MemoryMarshal.Cast<byte, T>(inputs[2].Bytes);
        Span<T> target = MemoryMarshal.Cast<byte, T>(output.Bytes);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = condition[i] != 0 ? yes[i] : no[i];
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
