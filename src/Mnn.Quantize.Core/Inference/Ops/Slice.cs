using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Cuts a tensor along one axis into its outputs: Caffe's Slice, TensorFlow's and ONNX's Split.</summary>
internal sealed class Slice(int axis, int[]? points, NetSource source) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Slice>();
        return new Slice(param.Axis, param.SlicePoints, param.SourceType);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int along = Shapes.Axis(axis, input.Rank);
        ReadOnlySpan<int> sizes = Sizes(context, input.Shape[along]);
        Span<int> shape = stackalloc int[input.Rank];
        Span<int> inStrides = stackalloc int[input.Rank];
        Span<int> outStrides = stackalloc int[input.Rank];
        input.Shape.CopyTo(shape);
        input.Strides(inStrides);
        int position = 0;
        for (int i = 0; i < context.OutputCount; i++)
        {
            if (sizes[i] < 0 || position + sizes[i] > input.Shape[along])
            {
                throw new TensorShapeException(
                    $"pieces of {Shapes.Text(sizes)} to cut from {input.Shape[along]} along axis {along}");
            }

            shape[along] = sizes[i];
            Tensor output = context.OutputOfType(i, input, shape, input.Format);
            output.Strides(outStrides);
            StridedCopy.Copy(
                input.Bytes, position * inStrides[along], inStrides, output.Bytes, 0, outStrides, shape,
                input.Type.Size());
            position += sizes[i];
        }
    }

    // One length an output. Caffe names the cuts, the others the lengths (one of them may be -1) or a single number:
    // of pieces in TensorFlow, of elements a piece in Torch.
    private int[] Sizes(OpContext context, int extent)
    {
        int count = context.OutputCount;
        if (source == NetSource.CAFFE)
        {
            int[] cuts = [0, .. (points ?? []).Take(count - 1), extent];
            return cuts.Length == count + 1
                ? [.. cuts.Skip(1).Zip(cuts, (end, start) => end - start)]
                : throw new TensorShapeException($"{cuts.Length - 2} cuts for {count} pieces");
        }

        int[]? lengths = context.HasInput(1) ? context.Input(1).Ints.ToArray() : points;
        if (!context.HasInput(1) && lengths is null or [_])
        {
            int piece = source switch
            {
                NetSource.TORCH when lengths is [var size] => size,
                NetSource.TENSORFLOW when lengths is [> 0 and var pieces] => extent / pieces,
                _ => extent / count,
            };
            return [.. Enumerable.Repeat(piece, count)];
        }

        if (lengths!.Length < count)
        {
            throw new TensorShapeException($"{lengths.Length} lengths for {count} pieces");
        }

        int known = lengths.Where(l => l != -1).Sum();
        return [.. lengths.Select(l => l == -1 ? extent - known : l)];
    }
}
