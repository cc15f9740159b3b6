using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Runs one of two graphs: the first if the first input is above 0.</summary>
internal sealed class If(IfParam param) : Operator
{
    public static Operator Create(OpBuildContext context) => new If(context.Param<IfParam>());

    public override void Run(OpContext context)
    {
        bool takesFirst = IntValues.First(context.Input(0)) > 0;
        SubgraphCall call = SubgraphCall.Find(context, takesFirst ? param.ThenGraph : param.ElseGraph);
        var inputs = new Tensor?[call.Graph.Inputs.Length];
        for (int i = 0; i < context.InputCount && i < (param.AliasesInputs?.Count ?? 0); i++)
        {
            foreach (string name in param.AliasesInputs![i].Data ?? [])
            {
                if (call.InputIndex(name) is var index and >= 0)
                {
                    inputs[index] = context.Input(i);
                }
            }
        }

        Tensor[] outputs = call.Run(inputs);
        for (int i = 0; i < context.OutputCount; i++)
        {
            int index = OutputIndex(call, i, takesFirst);
            ControlFlow.Give(context, i, index < outputs.Length
                ? outputs[index]
                : throw call.Mismatch($"it has {outputs.Length} outputs, not {index + 1}"));
        }

        ControlFlow.Release(outputs);
    }

    // Without names, as in ONNX, outputs go by position.
    private int OutputIndex(SubgraphCall call, int output, bool takesFirst)
    {
        if (param.AliasesOutputs is not { } aliases)
        {
            return output;
        }

        string? name = output < aliases.Count && aliases[output].Data is [var first, var second, ..]
            ? (takesFirst ? first : second)
            : null;
        return name is not null && call.OutputIndex(name) is var index and >= 0
            ? index
            : throw call.Mismatch($"it has no output '{name}'");
    }
}

/// <summary>What control flow operators share.</summary>
internal static class ControlFlow
{
    /// <summary>Makes a tensor an output of the running operator.</summary>
    public static void Give(OpContext context, int output, Tensor tensor) =>
        context.View(output, tensor, tensor.Shape, tensor.Format).Sequence = tensor.Sequence;

    /// <summary>Another tensor of the same content, which outlives the first.</summary>
    public static Tensor Keep(OpContext context, Tensor tensor)
    {
        Tensor copy = context.Temporary(tensor.Type, tensor.Shape, tensor.Format);
        copy.ShareBuffer(tensor);
        copy.Sequence = tensor.Sequence;
        return copy;
    }

    /// <summary>Ends temporary tensors.</summary>
    public static void Release(IEnumerable<Tensor?> tensors)
    {
        foreach (Tensor? tensor in tensors)
        {
            tensor?.SetBuffer(null);
        }
    }
}
