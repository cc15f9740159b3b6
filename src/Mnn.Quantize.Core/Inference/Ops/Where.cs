using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The coordinates of all elements above 0, [count, rank]. Models of old converters expect one row for each element of the
/// input; the rows beyond the count are 0 there.
/// </summary>
internal sealed class Where(bool padToAll) : Operator
{
    public static Operator Create(OpBuildContext context) => new Where(context.ParamOrNull<Extra>() is null);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        var found = new List<int>();
        for (int i = 0; i < input.Count; i++)
        {
            if (IsAboveZero(input, i))
            {
                found.Add(i);
            }
        }

        int rows = padToAll ? input.Count : found.Count;
        Span<int> output = context.Output(0, ElementType.Int32, [rows, input.Rank], input.Format).Ints;
        output.Clear();
        for (int i = 0; i < found.Count; i++)
        {
            int rest = found[i];
            for (int d = input.Rank - 1; d >= 0; d--)
            {
                output[(i * input.Rank) + d] = rest % input.Shape[d];
                rest /= input.Shape[d];
            }
        }
    }

    private static bool IsAboveZero(Tensor input, int index) => input.Type switch
    {
        ElementType.Float32 => input.Floats[index] > 0,
        ElementType.Int32 => input.Ints[index] > 0,
        ElementType.UInt8 => input.Bytes[index] > 0,
        _ => input.Int8s[index] > 0,
    };
}
