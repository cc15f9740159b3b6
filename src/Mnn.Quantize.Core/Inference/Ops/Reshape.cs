using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>The same elements under another shape: 0 keeps a dimension, one -1 takes what is left.</summary>
internal sealed class Reshape(int[]? dims, MNN_DATA_FORMAT dimType) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.ParamOrNull<Model.Schema.Reshape>();
        int[]? dims = context.InputCount > 1 ? null : param?.Dims
            ?? context.ParamOrNull<QuantizedReshape>()?.Dims
            ?? throw context.Invalid("there is neither a shape input nor a constant shape");
        return new Reshape(dims, param?.DimType ?? MNN_DATA_FORMAT.NHWC);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> wanted = dims ?? context.Input(1).Ints;
        Span<int> shape = stackalloc int[Shapes.Rank(wanted.Length)];
        wanted.CopyTo(shape);
        if (dims is null && shape.Length == 4 && input.Format == MNN_DATA_FORMAT.NC4HW4
            && dimType == MNN_DATA_FORMAT.NHWC)
        {
            // A shape that a TensorFlow model computed names the channels last; the tensor names them second.
            (shape[1], shape[2], shape[3]) = (wanted[3], wanted[1], wanted[2]);
        }

        Resolve(shape, input);
        context.View(0, input, shape, input.Format);
    }

    // As ONNX and TensorFlow do: 0 copies the input's dimension at that place, -1 is inferred.
    private static void Resolve(Span<int> shape, Tensor input)
    {
        int open = -1;
        long known = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0 && i < input.Rank && input.Count != 0)
            {
                shape[i] = input.Shape[i];
            }

            if (shape[i] < 0)
            {
                open = i;
            }
            else
            {
                known *= shape[i];
            }
        }

        if (open >= 0)
        {
            if (known != 0 && input.Count % known != 0)
            {
                throw new TensorShapeException($"{input.Count} elements that don't divide by {known}");
            }

            shape[open] = known == 0 ? 0 : (int)(input.Count / known);
        }
    }
}
