using System.Runtime.InteropServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Derivatives of the convolution, as matrix products.</summary>
internal static partial class Convolution2D
{
    /// <summary>Output pixels whose products are summed up in one go.</summary>
    private const int GradientPixels = 512;

    private const int GradientBlockFloats = 64 * 1024;

    /// <summary>Floats of the weights as <see cref="InputGradient"/> reads them.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    public static int PackedGradientSize(in ConvolutionShape shape) => IsPlain(shape)
        ? checked(shape.Group * Gemm.PackedSize(shape.OutputChannels / shape.Group, shape.InputChannels / shape.Group))
        : Deconvolution2D.PackedSize(shape.Transpose());

    /// <summary>Brings the weights into the order in which <see cref="InputGradient"/> reads them.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="weights">[C', C / group, kernel height, kernel width].</param>
    /// <param name="packed">Receives <see cref="PackedGradientSize"/> floats.</param>
    public static void PackGradientWeights(in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed)
    {
        if (!IsPlain(shape))
        {
            Deconvolution2D.PackWeights(shape.Transpose(), weights, packed);
            return;
        }

        int channels = shape.InputChannels / shape.Group, outputs = shape.OutputChannels / shape.Group;
        int size = Gemm.PackedSize(outputs, channels);
        for (int g = 0; g < shape.Group; g++)
        {
            Gemm.PackB(
                weights.Slice(g * outputs * channels, outputs * channels), transposed: false, outputs, channels,
                packed.Slice(g * size, size));
        }
    }

    /// <summary>Floats of scratch memory for <see cref="InputGradient"/>.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    public static int InputGradientScratch(in ConvolutionShape shape) =>
        IsPlain(shape) ? 0 : Deconvolution2D.ScratchSize(shape.Transpose());

    /// <summary>The gradient of x: the transposed convolution of that of y.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="dy">[N, H', W', C'].</param>
    /// <param name="packed">The weights as <see cref="PackGradientWeights"/> left them.</param>
    /// <param name="dx">[N, H, W, C], overwritten.</param>
    /// <param name="scratch">At least <see cref="InputGradientScratch"/> floats.</param>
    public static void InputGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> packed, Span<float> dx, Span<float> scratch)
    {
        if (!IsPlain(shape))
        {
            Deconvolution2D.Run(shape.Transpose(), dy, packed, [], dx, scratch);
            return;
        }

        int pixels = shape.OutputRows * shape.OutputWidth;
        int channels = shape.InputChannels / shape.Group, outputs = shape.OutputChannels / shape.Group;
        int size = Gemm.PackedSize(outputs, channels);
        for (int g = 0; g < shape.Group && pixels > 0; g++)
        {
            Gemm.Multiply(
                dy[(g * outputs)..], shape.OutputChannels, packed.Slice(g * size, size), [], dx[(g * channels)..],
                shape.InputChannels, pixels, outputs, channels);
        }
    }

    /// <summary>Floats of scratch memory for <see cref="AddWeightGradient"/>.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    public static int WeightGradientScratch(in ConvolutionShape shape)
    {
        int outputs = shape.OutputChannels / shape.Group, depth = Depth(shape), pixels = GradientBlock(shape);
        int patches = IsPlain(shape) ? 0 : pixels * PatchStride(shape);
        return checked((outputs * pixels) + patches + Gemm.PackedSize(pixels, depth) + (outputs * depth));
    }

    /// <summary>
    /// Adds the gradient of the weights: for each of them the sum, over the output pixels in their order, of the
    /// gradient of y times the value of x that it multiplied. Blocks of pixels are summed up one after another.
    /// </summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H', W', C'].</param>
    /// <param name="dw">[C', kernel height, kernel width, C / group], added to.</param>
    /// <param name="scratch">At least <see cref="WeightGradientScratch"/> floats.</param>
    public static void AddWeightGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch)
    {
        shape.Validate(x.Length, dy.Length, 0, shape.OutputRows);
        int outputs = shape.OutputChannels / shape.Group, channels = shape.InputChannels / shape.Group, depth = Depth(shape);
        int block = GradientBlock(shape), all = shape.OutputRows * shape.OutputWidth;
        bool plain = IsPlain(shape);
        Span<float> turned = scratch[..(outputs * block)];
        Span<float> sums = scratch.Slice(turned.Length, outputs * depth);
        Span<float> packed = scratch.Slice(turned.Length + sums.Length, Gemm.PackedSize(block, depth));
        Span<float> patches = scratch[(turned.Length + sums.Length + packed.Length)..];
        for (int first = 0; first < all; first += block)
        {
            int pixels = Math.Min(block, all - first);
            for (int g = 0; g < shape.Group; g++)
            {
                Transpose(dy[((first * shape.OutputChannels) + (g * outputs))..], shape.OutputChannels, pixels, outputs, turned);
                if (plain)
                {
                    Gemm.PackB(
                        x[((first * channels * shape.Group) + (g * channels))..], shape.InputChannels, false, pixels, depth, packed);
                }
                else
                {
                    Gather(shape, x, g, first, pixels, patches, PatchStride(shape));
                    Gemm.PackB(patches, PatchStride(shape), false, pixels, depth, packed);
                }

                Gemm.Multiply(turned, pixels, packed, [], sums, depth, outputs, pixels, depth);
                Span<float> target = dw.Slice(g * outputs * depth, outputs * depth);
                Elementwise.Binary(default(BinaryOperators.Add), target, sums, target);
            }
        }
    }

    /// <summary>[outputs, kernel, channels] to [outputs, channels, kernel], added to what is there.</summary>
    /// <param name="shape">The sizes of the convolution.</param>
    /// <param name="dw">[C', kernel height, kernel width, C / group].</param>
    /// <param name="gradient">[C', C / group, kernel height, kernel width], added to.</param>
    public static void AddChannelsFirst(in ConvolutionShape shape, ReadOnlySpan<float> dw, Span<float> gradient)
    {
        int kernel = shape.KernelSize, channels = shape.InputChannels / shape.Group;
        if (kernel == 1 || channels == 1)
        {
            Elementwise.Binary(default(BinaryOperators.Add), gradient, dw, gradient);
            return;
        }

        for (int o = 0, i = 0; o < shape.OutputChannels; o++)
        {
            for (int t = 0; t < kernel; t++)
            {
                for (int c = 0; c < channels; c++, i++)
                {
                    gradient[(((o * channels) + c) * kernel) + t] += dw[i];
                }
            }
        }
    }

    private static int GradientBlock(in ConvolutionShape shape)
    {
        int needed = (int)Math.Max(1, Math.Min((long)shape.OutputRows * shape.OutputWidth, GradientPixels));
        return Math.Min(needed, Math.Max(64, GradientBlockFloats / Depth(shape)));
    }

    private static void Transpose(ReadOnlySpan<float> x, int stride, int rows, int columns, Span<float> y)
    {
        if (stride == columns)
        {
            Layout.Transpose(
                MemoryMarshal.Cast<float, uint>(x[..(rows * columns)]), MemoryMarshal.Cast<float, uint>(y), 1, rows, columns);
            return;
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                y[(c * rows) + r] = x[(r * stride) + c];
            }
        }
    }
}
