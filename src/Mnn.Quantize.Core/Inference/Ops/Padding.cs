using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Adds a margin: a constant, or what lies inside, mirrored or continued. Input 1 holds [rank, 2] widths.</summary>
internal sealed class Padding(PadValueMode mode) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new Padding(context.ParamOrNull<PadParam>()?.Mode ?? PadValueMode.CONSTANT);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> widths = context.Input(1).Ints;
        if (widths.Length < 2 * input.Rank)
        {
            throw new TensorShapeException($"{widths.Length} margins for {input.Rank} dimensions");
        }

        int rank = input.Rank;
        Span<int> shape = stackalloc int[rank];
        input.Shape.CopyTo(shape);
        for (int i = 0; i < rank; i++)
        {
            shape[i] = checked(shape[i] + widths[2 * i] + widths[(2 * i) + 1]);
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        Span<int> inStrides = stackalloc int[rank];
        Span<int> outStrides = stackalloc int[rank];
        input.Strides(inStrides);
        output.Strides(outStrides);
        if (mode == PadValueMode.CONSTANT)
        {
            Fill(context, input, output);
            CopyInside(input, inStrides, output, outStrides, widths);
        }
        else if (output.Count > 0)
        {
            Gather(input, inStrides, output, outStrides, widths);
        }
    }

    private static void Fill(OpContext context, Tensor input, Tensor output)
    {
        if (input.Quant is { } quant)
        {
            float value = context.HasInput(2) ? context.Input(2).Floats[0] : 0;
            output.Int8s.Fill(QuantCast.ToInt8(value, quant));
        }
        else if (!context.HasInput(2))
        {
            output.Bytes.Clear();
        }
        else if (input.Type == ElementType.Float32)
        {
            output.Floats.Fill(context.Input(2).Floats[0]);
        }
        else if (input.Type == ElementType.Int32)
        {
            output.Ints.Fill(context.Input(2).Ints[0]);
        }
        else
        {
            output.Bytes.Fill(context.Input(2).Bytes[0]);
        }
    }

    // Negative margins crop.
    private static void CopyInside(
        Tensor input, ReadOnlySpan<int> inStrides, Tensor output, ReadOnlySpan<int> outStrides, ReadOnlySpan<int> widths)
    {
        Span<int> extents = stackalloc int[input.Rank];
        int inOffset = 0;
        int outOffset = 0;
        for (int i = 0; i < extents.Length; i++)
        {
            int before = widths[2 * i];
            int after = widths[(2 * i) + 1];
            extents[i] = Math.Max(0, input.Shape[i] + Math.Min(0, before) + Math.Min(0, after));
            inOffset += Math.Max(0, -before) * inStrides[i];
            outOffset += Math.Max(0, before) * outStrides[i];
        }

        StridedCopy.Copy(
            input.Bytes, inOffset, inStrides, output.Bytes, outOffset, outStrides, extents, input.Type.Size());
    }

    private void Gather(
        Tensor input, ReadOnlySpan<int> inStrides, Tensor output, ReadOnlySpan<int> outStrides, ReadOnlySpan<int> widths)
    {
        int rank = input.Rank;
        int size = input.Type.Size();
        Span<int> index = stackalloc int[rank];
        index.Clear();
        ReadOnlySpan<byte> source = input.Bytes;
        Span<byte> destination = output.Bytes;
        for (int count = 0; count < output.Count; count++)
        {
            int from = 0;
            int to = 0;
            for (int i = 0; i < rank; i++)
            {
                from += Inside(index[i] - widths[2 * i], input.Shape[i]) * inStrides[i];
                to += index[i] * outStrides[i];
            }

            source.Slice(from * size, size).CopyTo(destination[(to * size)..]);
            for (int i = rank - 1; i >= 0 && ++index[i] == output.Shape[i]; i--)
            {
                index[i] = 0;
            }
        }
    }

    private int Inside(int position, int extent)
    {
        if (mode == PadValueMode.EDGE || extent == 1)
        {
            return Math.Clamp(position, 0, extent - 1);
        }

        int shift = mode == PadValueMode.SYMMETRIC ? 1 : 0;
        int inside = position < 0 ? -position - shift
            : position >= extent ? (2 * extent) - 2 + shift - position
            : position;
        return (uint)inside < (uint)extent
            ? inside
            : throw new TensorShapeException($"a margin wider than the {extent} elements that it mirrors");
    }
}
