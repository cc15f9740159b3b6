namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The LSTM of old models, [N, T, 1, I] to [N, T, 1, H], with its weights as parameters: in two blobs with gates in the
/// order input, forget, output, cell; or in one blob with biases, in the order input, forget, cell, output.
/// </summary>
internal sealed class CaffeLstm : Operator
{
    // Where input, output, forget and cell, in that order, stand among a model's gates.
    private static readonly int[] OrderOfTwoBlobs = [0, 2, 1, 3];
    private static readonly int[] OrderOfOneBlob = [0, 3, 1, 2];

    private readonly int _inputs;
    private readonly int _hidden;
    private readonly float[] _w;
    private readonly float[] _r;
    private readonly float[] _bias;

    private CaffeLstm(int inputs, int hidden, float[] w, float[] r, float[] bias)
    {
        _inputs = inputs;
        _hidden = hidden;
        _w = w;
        _r = r;
        _bias = bias;
    }

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.LSTM>();
        int hidden = param.OutputCount;
        float[] all = param.WeightI?.Float32s ?? throw context.Invalid("it lacks its weights");
        bool isOneBlob = param.WeightH?.Float32s is null;
        float[] r = param.WeightH?.Float32s ?? all;
        int inputs = hidden <= 0 ? 0 : (all.Length / (4 * hidden)) - (isOneBlob ? hidden + 2 : 0);
        int[] order = isOneBlob ? OrderOfOneBlob : OrderOfTwoBlobs;
        int rStart = isOneBlob ? 4 * hidden * inputs : 0;
        ReadOnlySpan<float> bias = param.Bias?.Float32s ?? default(ReadOnlySpan<float>);
        if (isOneBlob && bias.IsEmpty && inputs > 0)
        {
            bias = all.AsSpan(4 * hidden * (inputs + hidden));
        }

        if (inputs <= 0 || r.Length < rStart + (4 * hidden * hidden) || bias.Length < 4 * hidden)
        {
            throw context.Invalid($"{all.Length} weights and {bias.Length} biases don't make a hidden size of {hidden}");
        }

        float[] biases = Reorder(bias, hidden, order);
        if (bias.Length >= 8 * hidden)
        {
            float[] second = Reorder(bias[(4 * hidden)..], hidden, order);
            biases = [.. biases.Zip(second, (a, b) => a + b)];
        }

        return new CaffeLstm(
            inputs, hidden, Reorder(all, hidden * inputs, order), Reorder(r.AsSpan(rStart), hidden * hidden, order), biases);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 4 || input.Shape[2] * input.Shape[3] != _inputs)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} for {_inputs} inputs");
        }

        (int batch, int steps) = (input.Shape[0], input.Shape[1]);
        Tensor output = context.Output(0, ElementType.Float32, [batch, steps, 1, _hidden], input.Format);
        var layer = new LstmLayer(steps, 1, _inputs, _hidden, hasCell: true);
        Span<float> scratch = context.Scratch<float>(layer.ScratchSize + (2 * _hidden));
        for (int n = 0; n < batch; n++)
        {
            Span<float> h = scratch[..(2 * _hidden)];
            h.Clear();
            layer.Run(
                input.Floats.Slice(n * steps * _inputs, steps * _inputs), _w, _r, _bias,
                output.Floats.Slice(n * steps * _hidden, steps * _hidden), _hidden, h[.._hidden], h[_hidden..], false,
                scratch[(2 * _hidden)..]);
        }
    }

    private static float[] Reorder(ReadOnlySpan<float> gates, int size, int[] order)
    {
        float[] result = new float[4 * size];
        for (int i = 0; i < 4; i++)
        {
            gates.Slice(order[i] * size, size).CopyTo(result.AsSpan(i * size));
        }

        return result;
    }
}
