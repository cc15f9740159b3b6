using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The patches that a convolution reads, as columns: [N, C, H, W] to [C * kernel, N * positions], 0 where a patch reaches
/// outside.
/// </summary>
internal sealed class Im2Col(ConvolutionGeometry geometry) : Operator
{
    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) =>
        new Im2Col(new ConvolutionGeometry(PatchWalk.Common(context)));

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 4 || input.Format == MNN_DATA_FORMAT.NHWC)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} of format {input.Format}");
        }

        (int batch, int channels, int height, int width) = (input.Shape[0], input.Shape[1], input.Shape[2], input.Shape[3]);
        (int outH, int outW, int top, int left) = geometry.Forward(height, width);
        int kernel = geometry.KernelH * geometry.KernelW;
        int[] shape = [channels * kernel, batch * outH * outW];
        Tensor output = context.OutputOfType(0, input, shape, MNN_DATA_FORMAT.NCHW);
        output.Bytes.Fill((byte)(output.Quant?.ZeroPoint ?? 0));
        for (int k = 0; k < kernel; k++)
        {
            var rows = PatchWalk.Of(height, outH, geometry.StrideH, (k / geometry.KernelW * geometry.DilationH) - top);
            var columns = PatchWalk.Of(width, outW, geometry.StrideW, (k % geometry.KernelW * geometry.DilationW) - left);
            StridedCopy.Copy(
                input.Bytes,
                (rows.First * width) + columns.First,
                [channels * height * width, height * width, geometry.StrideH * width, geometry.StrideW],
                output.Bytes,
                (k * shape[1]) + (rows.Position * outW) + columns.Position,
                [outH * outW, kernel * shape[1], outW, 1],
                [batch, channels, rows.Count, columns.Count],
                input.Type.Size());
        }
    }
}

/// <summary>Adds columns of patches up to a picture, the reverse of <see cref="Im2Col"/>; its size is the second input.</summary>
internal sealed class Col2Im(ConvolutionGeometry geometry) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new Col2Im(new ConvolutionGeometry(PatchWalk.Common(context)));

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> size = context.Input(1).Ints;
        int kernel = geometry.KernelH * geometry.KernelW;
        if (input.Rank is not (2 or 3) || size.Length != 2 || input.Dim(-2) % kernel != 0)
        {
            throw new TensorShapeException(
                $"columns {Shapes.Text(input.Shape)} of kernels of {kernel} for a picture of {Shapes.Text(size)}");
        }

        (int height, int width) = (size[0], size[1]);
        (int outH, int outW, int top, int left) = geometry.Forward(height, width);
        int batch = input.Rank == 3 ? input.Shape[0] : 1;
        int channels = input.Dim(-2) / kernel;
        if (outH * outW != input.Dim(-1))
        {
            throw new TensorShapeException($"{input.Dim(-1)} columns where {outH} x {outW} are needed");
        }

        Span<float> output = context.Output(0, ElementType.Float32, [batch, channels, height, width], input.Format).Floats;
        output.Clear();
        ReadOnlySpan<float> source = input.Floats;
        for (int row = 0; row < batch * channels * kernel; row++)
        {
            int k = row % kernel;
            var rows = PatchWalk.Of(height, outH, geometry.StrideH, (k / geometry.KernelW * geometry.DilationH) - top);
            var columns = PatchWalk.Of(width, outW, geometry.StrideW, (k % geometry.KernelW * geometry.DilationW) - left);
            Span<float> plane = output.Slice(row / kernel * height * width, height * width);
            ReadOnlySpan<float> values = source.Slice(row * outH * outW, outH * outW);
            for (int y = 0; y < rows.Count; y++)
            {
                int to = ((rows.First + (y * geometry.StrideH)) * width) + columns.First;
                int from = ((rows.Position + y) * outW) + columns.Position;
                for (int x = 0; x < columns.Count; x++)
                {
                    plane[to + (x * geometry.StrideW)] += values[from + x];
                }
            }
        }
    }
}

/// <summary>The positions at which one tap of a kernel lies inside a picture, along one axis.</summary>
/// <param name="Position">The first such position.</param>
/// <param name="First">What the tap reads there.</param>
/// <param name="Count">How many positions there are.</param>
internal readonly record struct PatchWalk(int Position, int First, int Count)
{
    /// <summary>Position p reads p * stride + shift.</summary>
    public static PatchWalk Of(int extent, int positions, int stride, int shift)
    {
        int low = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
        int high = extent <= shift ? 0 : Math.Min(positions, ((extent - shift - 1) / stride) + 1);
        return new PatchWalk(Math.Min(low, positions), (low * stride) + shift, Math.Max(0, high - low));
    }

    /// <summary>The parameters of an operator that is told its kernel as a convolution.</summary>
    public static Convolution2DCommon Common(OpBuildContext context)
    {
        Convolution2DCommon common =
            context.Param<Model.Schema.Convolution2D>().Common ?? throw context.Invalid("it lacks the description of its kernel");
        return common is { KernelX: > 0, KernelY: > 0, StrideX: > 0, StrideY: > 0, DilateX: > 0, DilateY: > 0 }
            ? common
            : throw context.Invalid("kernel, stride or dilation isn't positive");
    }
}
