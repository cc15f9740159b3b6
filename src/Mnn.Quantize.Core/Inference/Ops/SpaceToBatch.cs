using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Spreads blocks of a padded image over the batch (SpaceToBatchND) or gathers them again and crops (BatchToSpaceND).
/// Batch r * N + n of the blocks holds the pixels (y * blockH + r / blockW - top, x * blockW + r % blockW - left) of n.
/// </summary>
internal sealed class SpaceToBatch(int[]? blocks, int[]? paddings, bool toSpace) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => Create(context, toSpace: false);

    public static Operator CreateBatchToSpace(OpBuildContext context) => Create(context, toSpace: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int[] block = context.HasInput(1) ? context.Input(1).Ints.ToArray() : blocks!;
        int[] pads = context.HasInput(2) ? context.Input(2).Ints.ToArray() : paddings!;
        int first = input.Format == MNN_DATA_FORMAT.NHWC ? 1 : 2;
        if (block.Length is 0 or > 2 || pads.Length < 2 * block.Length || block.Any(b => b <= 0)
            || first + block.Length > input.Rank)
        {
            throw new TensorShapeException(
                $"{Shapes.Text(input.Shape)} with blocks {Shapes.Text(block)} and paddings {Shapes.Text(pads)}");
        }

        int[] shape = [.. input.Shape];
        int count = Shapes.Product(block);
        shape[0] = toSpace ? shape[0] / count : shape[0] * count;
        for (int i = 0; i < block.Length; i++)
        {
            int border = pads[2 * i] + pads[(2 * i) + 1];
            shape[first + i] = toSpace
                ? (shape[first + i] * block[i]) - border
                : (shape[first + i] + border) / block[i];
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        if (!toSpace)
        {
            output.Bytes.Fill((byte)(output.Quant?.ZeroPoint ?? 0));
        }

        for (int r = 0; r < count; r++)
        {
            CopyBlock(input, output, r, block, pads, first);
        }
    }

    private static Operator Create(OpBuildContext context, bool toSpace)
    {
        var param = context.ParamOrNull<SpaceBatch>();
        int[]? blocks = param?.BlockShape?.Int32s;
        int[]? paddings = param?.Padding?.Int32s;
        return context.InputCount >= 3 || (blocks is not null && paddings is not null)
            ? new SpaceToBatch(blocks, paddings, toSpace)
            : throw context.Invalid("there are neither inputs nor parameters for blocks and paddings");
    }

    private void CopyBlock(Tensor input, Tensor output, int r, int[] block, int[] pads, int first)
    {
        (Tensor space, Tensor batch) = toSpace ? (output, input) : (input, output);
        Span<int> spaceStrides = stackalloc int[space.Rank];
        Span<int> batchStrides = stackalloc int[space.Rank];
        Span<int> spaceWalk = stackalloc int[space.Rank];
        space.Strides(spaceStrides);
        batch.Strides(batchStrides);
        spaceStrides.CopyTo(spaceWalk);
        int[] extents = [.. space.Shape];
        int spaceOffset = 0;
        int batchOffset = r * space.Shape[0] * batchStrides[0];
        int rest = r;
        for (int i = block.Length - 1; i >= 0; i--)
        {
            int dim = first + i;
            int shift = (rest % block[i]) - pads[2 * i];
            rest /= block[i];

            // The positions p of the block whose pixel p * block + shift lies inside.
            int low = Math.Max(0, CeilDiv(-shift, block[i]));
            int high = Math.Min(batch.Shape[dim], CeilDiv(space.Shape[dim] - shift, block[i]));
            extents[dim] = Math.Max(0, high - low);
            spaceOffset += ((low * block[i]) + shift) * spaceStrides[dim];
            batchOffset += low * batchStrides[dim];
            spaceWalk[dim] = block[i] * spaceStrides[dim];
        }

        if (toSpace)
        {
            StridedCopy.Copy(
                input.Bytes, batchOffset, batchStrides, output.Bytes, spaceOffset, spaceWalk, extents, input.Type.Size());
        }
        else
        {
            StridedCopy.Copy(
                input.Bytes, spaceOffset, spaceWalk, output.Bytes, batchOffset, batchStrides, extents, input.Type.Size());
        }
    }

    private static int CeilDiv(int value, int divisor) =>
        value >= 0 ? (value + divisor - 1) / divisor : -(-value / divisor);
}
