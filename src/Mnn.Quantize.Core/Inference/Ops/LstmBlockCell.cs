using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// One step of TensorFlow's LSTM. Inputs: x [N, I], c [N, H], h [N, H], w [I + H, 4H] with gates in the order input, cell,
/// forget, output, peephole weights of input, forget and output [H], b [4H]. Outputs, each [N, H]: i, c, f, o, ci, co, h.
/// </summary>
internal sealed class LstmBlockCell(Model.Schema.LSTMBlockCell param) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new LstmBlockCell(context.Param<Model.Schema.LSTMBlockCell>());

    public override void Run(OpContext context)
    {
        Tensor x = context.Input(0);
        Tensor state = context.Input(1);
        Tensor w = context.Input(3);
        if (x.Rank != 2 || state.Rank != 2 || w.Count != (x.Shape[1] + state.Shape[1]) * 4 * state.Shape[1])
        {
            throw new TensorShapeException(
                $"x {Shapes.Text(x.Shape)}, c {Shapes.Text(state.Shape)}, w {Shapes.Text(w.Shape)}");
        }

        (int batch, int inputs, int hidden) = (x.Shape[0], x.Shape[1], state.Shape[1]);
        int depth = inputs + hidden;
        Span<float> scratch = context.Scratch<float>(
            (batch * (depth + (4 * hidden))) + Gemm.PackedSize(depth, 4 * hidden));
        Span<float> both = scratch[..(batch * depth)];
        for (int n = 0; n < batch; n++)
        {
            x.Floats.Slice(n * inputs, inputs).CopyTo(both[(n * depth)..]);
            context.Input(2).Floats.Slice(n * hidden, hidden).CopyTo(both[((n * depth) + inputs)..]);
        }

        Span<float> gates = scratch.Slice(both.Length, batch * 4 * hidden);
        Gemm.MultiplyUnpacked(
            both, depth, w.Floats, 4 * hidden, transposed: false, context.Input(7).Floats, gates, 4 * hidden, batch, depth,
            4 * hidden, scratch[(both.Length + gates.Length)..]);
        Finish(context, state, gates, hidden);
    }

    private void Finish(OpContext context, Tensor state, ReadOnlySpan<float> gates, int hidden)
    {
        var outputs = new Tensor[7];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = i < context.OutputCount
                ? context.Output(i, ElementType.Float32, state.Shape, state.Format)
                : context.Temporary(ElementType.Float32, state.Shape, state.Format);
        }

        for (int k = 0; k < state.Count; k++)
        {
            int j = k % hidden;
            ReadOnlySpan<float> own = gates.Slice(k / hidden * 4 * hidden, 4 * hidden);
            float previous = state.Floats[k];
            float i = Gates.Sigmoid(MathF.FusedMultiplyAdd(previous, Peephole(context, 4, j), own[j]));
            float ci = Gates.Tanh(own[hidden + j]);
            float f = Gates.Sigmoid(
                MathF.FusedMultiplyAdd(previous, Peephole(context, 5, j), own[(2 * hidden) + j] + param.ForgetBias));
            float c = Clip(MathF.FusedMultiplyAdd(previous, f, ci * i));
            float o = Gates.Sigmoid(MathF.FusedMultiplyAdd(c, Peephole(context, 6, j), own[(3 * hidden) + j]));
            float co = Gates.Tanh(c);
            ReadOnlySpan<float> results = [i, c, f, o, ci, co, co * o];
            for (int r = 0; r < results.Length; r++)
            {
                outputs[r].Floats[k] = results[r];
            }
        }

        foreach (Tensor extra in outputs.AsSpan(Math.Min(outputs.Length, context.OutputCount)))
        {
            OpContext.Release(extra);
        }
    }

    private float Peephole(OpContext context, int input, int j) => param.UsePeephole ? context.Input(input).Floats[j] : 0;

    private float Clip(float value) =>
        param.CellClip > 0 ? MathF.Max(-param.CellClip, MathF.Min(param.CellClip, value)) : value;
}
