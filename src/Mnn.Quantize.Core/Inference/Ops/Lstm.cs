namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Long short-term memory (gates in the order input, output, forget, cell) or, without a cell, a plain recurrent layer
/// h = tanh(x W + h R + b), in one or both directions, as ONNX defines them. Inputs: X [T, N, I], W [D, G*H, I],
/// R [D, G*H, H], b [D, G*H], optionally the first h and c [D, N, H]. Outputs: Y [T, D, N, H], last h, last c [D, N, H].
/// </summary>
internal sealed class Lstm(int hidden, bool hasCell) : Operator
{
    /// <summary>An ONNX layer with weights as inputs, or Caffe's with weights as parameters.</summary>
    public static Operator Create(OpBuildContext context) => context.InputCount > 1
        ? new Lstm(Hidden(context), hasCell: true)
        : CaffeLstm.Create(context);

    /// <summary>The layer without a cell.</summary>
    public static Operator CreateRnn(OpBuildContext context) => new Lstm(Hidden(context), hasCell: false);

    public override void Run(OpContext context)
    {
        Tensor x = context.Input(0);
        Tensor w = context.Input(1);
        Tensor r = context.Input(2);
        Tensor b = context.Input(3);
        int rows = (hasCell ? 4 : 1) * hidden;
        int directions = w.Rank == 3 ? w.Shape[0] : 0;
        if (x.Rank != 3 || directions is not (1 or 2) || w.Shape[1] != rows || w.Shape[2] != x.Shape[2]
            || r.Count != directions * rows * hidden || b.Count < directions * rows)
        {
            throw new TensorShapeException(
                $"X {Shapes.Text(x.Shape)}, W {Shapes.Text(w.Shape)}, R {Shapes.Text(r.Shape)}, B {Shapes.Text(b.Shape)} "
                + $"for a hidden size of {hidden}");
        }

        (int steps, int batch, int inputs) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        Tensor y = context.Output(0, ElementType.Float32, [steps, directions, batch, hidden], x.Format);
        Tensor h = State(context, 1, 4, [directions, batch, hidden], x);
        Tensor c = State(context, 2, 5, [directions, batch, hidden], x);
        var layer = new LstmLayer(steps, batch, inputs, hidden, hasCell);
        Span<float> scratch = context.Scratch<float>(layer.ScratchSize);
        for (int d = 0; d < directions; d++)
        {
            int state = batch * hidden;
            layer.Run(
                x.Floats, w.Floats.Slice(d * rows * inputs, rows * inputs), r.Floats.Slice(d * rows * hidden, rows * hidden),
                b.Floats.Slice(d * rows, rows), y.Floats[(d * state)..], directions * state,
                h.Floats.Slice(d * state, state), c.Floats.Slice(d * state, state), d == 1, scratch);
        }

        ReleaseExtra(context, h, 1);
        ReleaseExtra(context, c, 2);
    }

    // The state lives in the output that ends with it, or in a temporary if the model has no such output.
    private static Tensor State(OpContext context, int output, int initial, int[] shape, Tensor x)
    {
        Tensor state = output < context.OutputCount
            ? context.Output(output, ElementType.Float32, shape, x.Format)
            : context.Temporary(ElementType.Float32, shape, x.Format);
        if (!context.HasInput(initial))
        {
            state.Bytes.Clear();
        }
        else if (context.Input(initial).Count == state.Count)
        {
            context.Input(initial).Floats.CopyTo(state.Floats);
        }
        else
        {
            throw new TensorShapeException($"a first state {Shapes.Text(context.Input(initial).Shape)} for {Shapes.Text(shape)}");
        }

        return state;
    }

    private static void ReleaseExtra(OpContext context, Tensor state, int output)
    {
        if (output >= context.OutputCount)
        {
            OpContext.Release(state);
        }
    }

    private static int Hidden(OpBuildContext context)
    {
        int hidden = context.Param<Model.Schema.LSTM>().OutputCount;
        return hidden > 0 ? hidden : throw context.Invalid($"the hidden size is {hidden}, not positive");
    }
}
