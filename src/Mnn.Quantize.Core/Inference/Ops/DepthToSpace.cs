using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Moves blocks of channels into blocks of pixels (DepthToSpace) or back (SpaceToDepth). The channel that a pixel (y, x)
/// of a block comes from is (y * block + x) * C + c in mode DCR and c * block² + y * block + x in mode CRD.
/// </summary>
internal sealed class DepthToSpace(DepthSpaceParam param, bool toDepth) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => Create(context, toDepth: false);

    public static Operator CreateSpaceToDepth(OpBuildContext context) => Create(context, toDepth: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int block = param.BlockSize;
        var dims = ImageDims.Of(input.Format);
        if (input.Rank != 4)
        {
            throw new TensorShapeException($"{input.Rank} dimensions where 4 are needed");
        }

        int channels = input.Shape[dims.Channel];
        (int height, int width) = (input.Shape[dims.Height], input.Shape[dims.Width]);
        if (toDepth ? height % block != 0 || width % block != 0 : channels % (block * block) != 0)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)}, which blocks of {block} don't divide");
        }

        int[] shape = [.. input.Shape];
        shape[dims.Channel] = toDepth ? channels * block * block : channels / (block * block);
        shape[dims.Height] = toDepth ? height / block : height * block;
        shape[dims.Width] = toDepth ? width / block : width * block;
        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        Copy(input, output, dims);
    }

    private static Operator Create(OpBuildContext context, bool toDepth)
    {
        var param = context.Param<DepthSpaceParam>();
        return param.BlockSize > 0
            ? new DepthToSpace(param, toDepth)
            : throw context.Invalid($"the block size is {param.BlockSize}, not positive");
    }

    private void Copy(Tensor input, Tensor output, ImageDims dims)
    {
        int block = param.BlockSize;
        (Tensor deep, Tensor wide) = toDepth ? (output, input) : (input, output);
        Span<int> deepStrides = stackalloc int[4];
        Span<int> wideStrides = stackalloc int[4];
        deep.Strides(deepStrides);
        wide.Strides(wideStrides);
        int channels = wide.Shape[dims.Channel];
        bool blocksFirst = param.Mode == DepthToSpaceMode.DCR;
        (int cStep, int blockStep) = blocksFirst ? (1, channels) : (block * block, 1);

        // Batch, row, row in block, column, column in block, channel.
        int deepC = deepStrides[dims.Channel];
        (int wideH, int wideW) = (wideStrides[dims.Height], wideStrides[dims.Width]);
        ReadOnlySpan<int> extents =
            [deep.Shape[0], deep.Shape[dims.Height], block, deep.Shape[dims.Width], block, channels];
        ReadOnlySpan<int> deepWalk =
        [
            deepStrides[0], deepStrides[dims.Height], block * blockStep * deepC, deepStrides[dims.Width],
            blockStep * deepC, cStep * deepC,
        ];
        ReadOnlySpan<int> wideWalk =
            [wideStrides[0], block * wideH, wideH, block * wideW, wideW, wideStrides[dims.Channel]];
        StridedCopy.Copy(
            input.Bytes, 0, toDepth ? wideWalk : deepWalk, output.Bytes, 0, toDepth ? deepWalk : wideWalk, extents,
            input.Type.Size());
    }
}
