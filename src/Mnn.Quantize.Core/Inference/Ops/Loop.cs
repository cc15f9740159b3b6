using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// ONNX's Loop. Inputs: the most iterations, whether to start, then what the body carries on. The body takes (iteration,
/// condition, carried...) and gives (condition, carried..., collected...); the outputs are what was carried last and what
/// was collected, stacked along a new first axis.
/// </summary>
internal sealed class Loop(string? body) : Operator
{
    /// <summary>ONNX's loop, or TensorFlow's if there is a graph for the condition.</summary>
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<WhileParam>();
        return param.CondGraph is null ? new Loop(param.BodyGraph) : new While(param);
    }

    public override void Run(OpContext context)
    {
        int limit = IntValues.First(context.Input(0));
        bool goesOn = IntValues.First(context.Input(1)) > 0;
        int carried = context.InputCount - 2;
        SubgraphCall call = SubgraphCall.Find(context, body);
        var state = new Tensor[carried];
        for (int i = 0; i < carried; i++)
        {
            state[i] = ControlFlow.Keep(context, context.Input(i + 2));
        }

        var collected = new List<Tensor>[Math.Max(0, context.OutputCount - carried)];
        for (int i = 0; i < collected.Length; i++)
        {
            collected[i] = [];
        }

        Tensor condition = ControlFlow.Keep(context, context.Input(1));
        Tensor iteration = context.Temporary(ElementType.Int32, [], MNN_DATA_FORMAT.NCHW);
        for (int step = 0; step < limit && goesOn; step++)
        {
            iteration.SetBuffer(context.Pool.Rent(iteration.ByteCount));
            iteration.Ints[0] = step;
            Tensor[] outputs = call.Run([iteration, condition, .. state]);
            if (outputs.Length < 1 + carried + collected.Length)
            {
                throw call.Mismatch($"it has {outputs.Length} outputs, not {1 + carried + collected.Length}");
            }

            ControlFlow.Release([condition, .. state]);
            condition = outputs[0];
            goesOn = IntValues.First(condition) > 0;
            state = outputs[1..(1 + carried)];
            for (int i = 0; i < collected.Length; i++)
            {
                collected[i].Add(outputs[1 + carried + i]);
            }
        }

        for (int i = 0; i < Math.Min(carried, context.OutputCount); i++)
        {
            ControlFlow.Give(context, i, state[i]);
        }

        for (int i = 0; i < collected.Length; i++)
        {
            Stack(context, carried + i, collected[i]);
            ControlFlow.Release(collected[i]);
        }

        ControlFlow.Release([condition, iteration, .. state]);
    }

    private static void Stack(OpContext context, int output, List<Tensor> parts)
    {
        if (parts.Count == 0)
        {
            context.Output(output, ElementType.Float32, [0], MNN_DATA_FORMAT.NCHW);
            return;
        }

        Tensor first = parts[0];
        Tensor stacked = context.OutputOfType(output, first, [parts.Count, .. first.Shape], first.Format);
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i].ByteCount != first.ByteCount)
            {
                throw new TensorShapeException(
                    $"iterations that give {Shapes.Text(first.Shape)} and {Shapes.Text(parts[i].Shape)}");
            }

            parts[i].Bytes.CopyTo(stacked.Bytes[(i * first.ByteCount)..]);
        }
    }
}
