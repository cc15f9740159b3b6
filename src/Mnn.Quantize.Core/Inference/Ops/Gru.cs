using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Gated recurrent units in one or both directions. Inputs: X [T, N, I], then for each direction gate weights
/// [I + H, 2H] (update, reset), gate bias [2H], candidate weights [I + H, H], candidate bias [H], recurrent bias [3H];
/// optionally the first h [D, N, H] last. Outputs: Y [T, D, N, H] and the last h [D, N, H], or only that.
/// </summary>
internal sealed class Gru(RNNParam param) : Operator
{
    private const int InputsEach = 5;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<RNNParam>();
        return param.NumUnits > 0 && context.InputCount >= 1 + (InputsEach * Directions(param))
            ? new Gru(param)
            : throw context.Invalid($"{context.InputCount} inputs and {param.NumUnits} units don't make a layer");
    }

    public override void Run(OpContext context)
    {
        Tensor x = context.Input(0);
        int hidden = param.NumUnits;
        int directions = Directions(param);
        if (x.Rank != 3)
        {
            throw new TensorShapeException($"{x.Rank} dimensions where 3 are needed");
        }

        (int steps, int batch, int inputs) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        int[] stateShape = [directions, batch, hidden];
        bool endsAlone = !param.KeepAllOutputs;
        Tensor all = endsAlone
            ? context.Temporary(ElementType.Float32, [steps, directions, batch, hidden], x.Format)
            : context.Output(0, ElementType.Float32, [steps, directions, batch, hidden], x.Format);
        Tensor last = endsAlone ? context.Output(0, ElementType.Float32, stateShape, x.Format)
            : context.OutputCount > 1 ? context.Output(1, ElementType.Float32, stateShape, x.Format)
            : context.Temporary(ElementType.Float32, stateShape, x.Format);
        Start(context, last, directions);
        var layer = new GruLayer(steps, batch, inputs, hidden, param.LinearBeforeReset);
        Span<float> scratch = context.Scratch<float>(layer.ScratchSize);
        int state = batch * hidden;
        for (int d = 0; d < directions; d++)
        {
            int first = 1 + (InputsEach * d);
            CheckWeights(context, first, inputs + hidden);
            layer.Run(
                x.Floats, context.Input(first).Floats, context.Input(first + 1).Floats, context.Input(first + 2).Floats,
                context.Input(first + 3).Floats, context.Input(first + 4).Floats, all.Floats[(d * state)..],
                directions * state, last.Floats.Slice(d * state, state), d == 1, scratch);
        }

        if (endsAlone)
        {
            OpContext.Release(all);
        }
        else if (context.OutputCount < 2)
        {
            OpContext.Release(last);
        }
    }

    private static int Directions(RNNParam param) => param.IsBidirectionalRNN ? 2 : 1;

    private static void Start(OpContext context, Tensor state, int directions)
    {
        int index = 1 + (InputsEach * directions);
        if (!context.HasInput(index))
        {
            state.Bytes.Clear();
            return;
        }

        Tensor first = context.Input(index);
        if (first.Count != state.Count)
        {
            throw new TensorShapeException($"a first state {Shapes.Text(first.Shape)} for {Shapes.Text(state.Shape)}");
        }

        first.Floats.CopyTo(state.Floats);
    }

    private void CheckWeights(OpContext context, int first, int depth)
    {
        int hidden = param.NumUnits;
        ReadOnlySpan<int> expected = [depth * 2 * hidden, 2 * hidden, depth * hidden, hidden, 3 * hidden];
        for (int i = 0; i < expected.Length; i++)
        {
            if (context.Input(first + i).Count != expected[i])
            {
                throw new TensorShapeException(
                    $"input {first + i} {Shapes.Text(context.Input(first + i).Shape)} where {expected[i]} elements are needed");
            }
        }
    }
}
