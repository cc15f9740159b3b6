using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>exp(x - max) / sum of exp(x - max) along one axis.</summary>
internal sealed class Softmax(int axis) : Operator
{
    public static Operator Create(OpBuildContext context) => new Softmax(context.ParamOrNull<Axis>()?.AxisValue ?? -1);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor output = context.OutputLike(0, 0);
        (int outer, int length, int inner) = Shapes.Around(input.Shape, Shapes.Axis(axis, input.Rank));
        Kernels.Softmax.Run(input.Floats, output.Floats, outer, length, inner);
    }
}
