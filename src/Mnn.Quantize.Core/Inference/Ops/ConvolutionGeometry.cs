using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Kernel, strides and padding of a convolution, and what size its output has.</summary>
/// <param name="common">The convolution's parameters.</param>
/// <param name="kernelH">Rows of the kernel.</param>
/// <param name="kernelW">Columns of the kernel.</param>
internal readonly struct ConvolutionGeometry(Convolution2DCommon common, int kernelH, int kernelW)
{
    /// <summary>With the kernel's size among the parameters.</summary>
    public ConvolutionGeometry(Convolution2DCommon common)
        : this(common, common.KernelY, common.KernelX)
    {
    }

    public int KernelH => kernelH;

    public int KernelW => kernelW;

    public int OutputChannels => common.OutputCount;

    public int StrideH => common.StrideY;

    public int StrideW => common.StrideX;

    public int DilationH => common.DilateY;

    public int DilationW => common.DilateX;

    private int ReachH => checked((DilationH * (KernelH - 1)) + 1);

    private int ReachW => checked((DilationW * (KernelW - 1)) + 1);

    /// <summary>Output height and width, and the padding above and to the left (ConvolutionCommon.cpp).</summary>
    /// <exception cref="OverflowException">The parameters are far out of any sensible range.</exception>
    public (int Height, int Width, int PadTop, int PadLeft) Forward(int height, int width)
    {
        checked
        {
            switch (common.PadMode)
            {
                case PadMode.SAME:
                    int outH = CeilDiv(height, StrideH);
                    int outW = CeilDiv(width, StrideW);
                    int needH = ((outH - 1) * StrideH) + ReachH - height;
                    int needW = ((outW - 1) * StrideW) + ReachW - width;
                    return (outH, outW, needH / 2, needW / 2);
                case PadMode.VALID:
                    return (CeilDiv(height - ReachH + 1, StrideH), CeilDiv(width - ReachW + 1, StrideW), Top, Left);
                default:
                    int paddedH = height + Top + Bottom;
                    int paddedW = width + Left + Right;
                    return (
                        paddedH < ReachH ? 0 : ((paddedH - ReachH) / StrideH) + 1,
                        paddedW < ReachW ? 0 : ((paddedW - ReachW) / StrideW) + 1,
                        Top,
                        Left);
            }
        }
    }

    /// <summary>The same for a transposed convolution; a given output size goes before the computed one.</summary>
    /// <exception cref="OverflowException">The parameters are far out of any sensible range.</exception>
    public (int Height, int Width, int PadTop, int PadLeft) Transposed(int height, int width, int givenH, int givenW)
    {
        checked
        {
            bool same = common.PadMode == PadMode.SAME;
            int outH = givenH > 0 ? givenH
                : same ? height * StrideH
                : ((height - 1) * StrideH) + ReachH - Top - Bottom + (common.OutPads is [var extraH, ..] ? extraH : 0);
            int outW = givenW > 0 ? givenW
                : same ? width * StrideW
                : ((width - 1) * StrideW) + ReachW - Left - Right + (common.OutPads is [_, var extraW, ..] ? extraW : 0);
            return same
                ? (outH, outW, (((height - 1) * StrideH) + KernelH - outH) / 2, (((width - 1) * StrideW) + KernelW - outW) / 2)
                : (outH, outW, Top, Left);
        }
    }

    /// <summary>The sizes of one run, as kernels take them.</summary>
    /// <param name="image">The input.</param>
    /// <param name="output">What <see cref="Forward"/> or <see cref="Transposed"/> says.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="group">Groups of channels.</param>
    public ConvolutionShape Shape(
        ImageShape image, (int Height, int Width, int PadTop, int PadLeft) output, int outputs, int group) => new()
        {
            Batch = image.Batch,
            InputHeight = image.Height,
            InputWidth = image.Width,
            InputChannels = image.Channels,
            OutputHeight = output.Height,
            OutputWidth = output.Width,
            OutputChannels = outputs,
            KernelHeight = KernelH,
            KernelWidth = KernelW,
            StrideHeight = StrideH,
            StrideWidth = StrideW,
            DilationHeight = DilationH,
            DilationWidth = DilationW,
            PadTop = output.PadTop,
            PadLeft = output.PadLeft,
            Group = group,
        };

    /// <summary>What the fused activation cuts off: nothing, below 0, or also above 6.</summary>
    public (float Low, float High) Clamp => common.Relu6 ? (0, 6)
        : common.Relu ? (0, float.PositiveInfinity)
        : (float.NegativeInfinity, float.PositiveInfinity);

    // pads are top, left, bottom, right; without them padX and padY serve both sides.
    private int Top => common.Pads is [var top, _, ..] ? top : common.PadY;

    private int Left => common.Pads is [_, var left, ..] ? left : common.PadX;

    private int Bottom => common.Pads is [_, _, var bottom, _, ..] ? bottom : Top;

    private int Right => common.Pads is [_, _, _, var right, ..] ? right : Left;

    private static int CeilDiv(int a, int b) => a <= 0 ? 0 : ((a - 1) / b) + 1;
}
