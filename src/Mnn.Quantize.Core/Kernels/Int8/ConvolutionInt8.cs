namespace Mnn.Quantize.Kernels;

/// <summary>
/// The dense convolution of 8-bit integers in 32-bit integers, exact: a product of patches and weights. A patch lists
/// [kernel, channels] like the picture; what it covers outside counts as the padding value.
/// </summary>
internal static class ConvolutionInt8
{
    /// <summary>16-bit integers that packed weights take.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="level">The kernel family.</param>
    public static int PackedSize(in ConvolutionShape shape, SimdLevel level = SimdLevel.Active) =>
        checked(shape.Group * GemmInt8.PackedSize(Depth(shape), shape.OutputChannels / shape.Group, level));

    /// <summary>Brings weights into the order in which the product reads them.</summary>
    /// <param name="shape">The sizes; only kernel, channels and group count.</param>
    /// <param name="weights">[outputs, inputs / group, kernel height, kernel width].</param>
    /// <param name="packed">Receives the weights, group by group.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackWeights(
        in ConvolutionShape shape, ReadOnlySpan<sbyte> weights, Span<short> packed, SimdLevel level = SimdLevel.Active)
    {
        int depth = Depth(shape), outputs = shape.OutputChannels / shape.Group, kernel = shape.KernelSize;
        int channels = shape.InputChannels / shape.Group, size = GemmInt8.PackedSize(depth, outputs, level);
        Check.That(weights.Length >= (long)depth * shape.OutputChannels, "The weights are too short.");
        var reordered = new sbyte[depth * outputs];
        for (int g = 0; g < shape.Group; g++)
        {
            ReadOnlySpan<sbyte> source = weights.Slice(g * depth * outputs, depth * outputs);
            for (int i = 0; i < reordered.Length; i++)
            {
                (int o, int at) = Math.DivRem(i, depth);
                (int t, int c) = Math.DivRem(at, channels);
                reordered[i] = source[(((o * channels) + c) * kernel) + t];
            }

            GemmInt8.PackB(reordered, transposed: true, depth, outputs, packed.Slice(g * size, size), level);
        }
    }

    /// <summary>8-bit integers of scratch memory that a number of output pixels takes; 0 if x serves as it is.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="pixels">Output pixels.</param>
    public static int ScratchSize(in ConvolutionShape shape, int pixels) =>
        IsPlain(shape) ? 0 : checked(Depth(shape) * pixels);

    /// <summary>Sums for some output pixels.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C'], where the sums start.</param>
    /// <param name="padding">The value of positions outside x.</param>
    /// <param name="sums">[pixels, C']: just these pixels.</param>
    /// <param name="first">The first pixel, of N * H' * W'.</param>
    /// <param name="pixels">How many.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/>.</param>
    /// <param name="level">The kernel family that packed the weights.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void RunPixels(
        in ConvolutionShape shape, ReadOnlySpan<sbyte> x, ReadOnlySpan<short> packed, ReadOnlySpan<int> bias,
        sbyte padding, Span<int> sums, int first, int pixels, Span<sbyte> scratch, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate();
        Check.That(x.Length >= shape.InputLength, "x is too short.");
        Check.That(scratch.Length >= ScratchSize(shape, pixels), "The scratch memory is too short.");
        int depth = Depth(shape), outputs = shape.OutputChannels / shape.Group;
        int size = GemmInt8.PackedSize(depth, outputs, level);
        bool plain = IsPlain(shape);
        for (int g = 0; g < shape.Group; g++)
        {
            ReadOnlySpan<sbyte> a = scratch;
            if (plain)
            {
                a = x[((first * shape.InputChannels) + (g * depth))..];
            }
            else
            {
                Patches(shape, x, g, padding, first, pixels, scratch);
            }

            GemmInt8.Multiply(
                a, plain ? shape.InputChannels : depth, packed.Slice(g * size, size), bias.Slice(g * outputs, outputs),
                sums[(g * outputs)..], shape.OutputChannels, pixels, depth, outputs, level);
        }
    }

    private static int Depth(in ConvolutionShape shape) => shape.KernelSize * (shape.InputChannels / shape.Group);

    private static bool IsPlain(in ConvolutionShape s) =>
        s is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PadTop: 0, PadLeft: 0 }
        && s.InputHeight == s.OutputHeight && s.InputWidth == s.OutputWidth;

    private static void Patches(
        in ConvolutionShape s, ReadOnlySpan<sbyte> x, int group, sbyte padding, int first, int pixels, Span<sbyte> patches)
    {
        int channels = s.InputChannels / s.Group, line = s.KernelWidth * channels;
        bool joined = s.Group == 1 && s.DilationWidth == 1;
        for (int i = 0, at = 0; i < pixels; i++)
        {
            (int row, int ox) = Math.DivRem(first + i, s.OutputWidth);
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            int left = (ox * s.StrideWidth) - s.PadLeft;
            bool whole = joined && left >= 0 && left + s.KernelWidth <= s.InputWidth;
            for (int ky = 0; ky < s.KernelHeight; ky++, at += line)
            {
                int iy = (oy * s.StrideHeight) - s.PadTop + (ky * s.DilationHeight);
                Span<sbyte> target = patches.Slice(at, line);
                if (iy < 0 || iy >= s.InputHeight)
                {
                    target.Fill(padding);
                    continue;
                }

                int source = ((n * s.InputHeight) + iy) * s.InputWidth;
                if (whole)
                {
                    x.Slice((source + left) * channels, line).CopyTo(target);
                    continue;
                }

                for (int kx = 0; kx < s.KernelWidth; kx++)
                {
                    int ix = left + (kx * s.DilationWidth);
                    Span<sbyte> pixel = target.Slice(kx * channels, channels);
                    if (ix < 0 || ix >= s.InputWidth)
                    {
                        pixel.Fill(padding);
                    }
                    else
                    {
                        x.Slice(((source + ix) * s.InputChannels) + (group * channels), channels).CopyTo(pixel);
                    }
                }
            }
        }
    }
}
