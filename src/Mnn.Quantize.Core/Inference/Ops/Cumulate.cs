using System.Numerics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Running sums (CumSum, axis as second input) or products (CumProd, axis as parameter). Exclusive ones leave the element
/// itself out; reversed ones run from the end.
/// </summary>
internal sealed class Cumulate(bool multiply, int axis, bool exclusive, bool reverse) : Operator
{
    public static Operator CreateSum(OpBuildContext context)
    {
        var param = context.ParamOrNull<CumSum>();
        return new Cumulate(false, 0, param?.Exclusive ?? false, param?.Reverse ?? false);
    }

    public static Operator CreateProduct(OpBuildContext context) =>
        new Cumulate(true, context.Param<Model.Schema.Axis>().AxisValue, false, false);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int along = IntValues.AxisOf(context, 1, axis, input.Rank);
        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        if (input.Type == ElementType.Float32)
        {
            Run<float>(input.Floats, output.Floats, Shapes.Around(input.Shape, along));
        }
        else
        {
            Run<int>(input.Ints, output.Ints, Shapes.Around(input.Shape, along));
        }
    }

    private void Run<T>(ReadOnlySpan<T> source, Span<T> target, (int Outer, int Length, int Inner) size)
        where T : struct, INumber<T>
    {
        int step = reverse ? -size.Inner : size.Inner;
        for (int line = 0; line < size.Outer * size.Inner; line++)
        {
            int place = (line / size.Inner * size.Length * size.Inner) + (line % size.Inner);
            place += reverse ? (size.Length - 1) * size.Inner : 0;
            T total = multiply ? T.One : T.Zero;
            for (int i = 0; i < size.Length; i++, place += step)
            {
                T value = source[place];
                if (exclusive)
                {
                    target[place] = total;
                }

                total = multiply ? total * value : total + value;
                if (!exclusive)
                {
                    target[place] = total;
                }
            }
        }
    }
}
