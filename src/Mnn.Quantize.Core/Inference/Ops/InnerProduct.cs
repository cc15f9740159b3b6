using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>y = x W^T + bias for rows x of [N, everything else].</summary>
internal sealed class InnerProduct : Operator
{
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly float[] _packed;
    private readonly float[]? _bias;

    private InnerProduct(int inputs, int outputs, float[] weight, float[]? bias)
    {
        _inputs = inputs;
        _outputs = outputs;
        _bias = bias;
        _packed = new float[Gemm.PackedSize(inputs, outputs)];
        Gemm.PackB(weight, transposed: true, inputs, outputs, _packed);
    }

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.InnerProduct>();
        int outputs = param.OutputCount;
        float[] weight = param.Weight ?? throw context.Invalid("it lacks its weights");
        return outputs > 0 && weight.Length % outputs == 0 && (param.Bias is null || param.Bias.Length >= outputs)
            ? new InnerProduct(weight.Length / outputs, outputs, weight, param.Bias)
            : throw context.Invalid($"{weight.Length} weights and {param.Bias?.Length} biases don't make {outputs} outputs");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int rows = input.Rank == 0 ? 0 : input.Shape[0];
        if (input.Count != rows * _inputs)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} for {_inputs} inputs a row");
        }

        Span<float> output = context.Output(0, ElementType.Float32, [rows, _outputs], input.Format).Floats;
        Gemm.Multiply(input.Floats, _inputs, _packed, _bias, output, _outputs, rows, _inputs, _outputs);
    }
}
