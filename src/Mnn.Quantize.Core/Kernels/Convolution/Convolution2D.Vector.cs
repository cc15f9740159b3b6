using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

internal static partial class Convolution2D
{
    /// <summary>A 1x1 convolution is a product of the pixels with the weights, for each group on its channels.</summary>
    private static void RunPlain(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, int firstPixel, int pixels, float lo, float hi, SimdLevel level)
    {
        int channels = s.InputChannels / s.Group, outputs = s.OutputChannels / s.Group;
        int size = Gemm.PackedSize(channels, outputs, level);
        for (int g = 0; g < s.Group && pixels > 0; g++)
        {
            Gemm.Multiply(
                x[((firstPixel * s.InputChannels) + (g * channels))..], s.InputChannels, packed.Slice(g * size, size),
                bias.IsEmpty ? bias : bias.Slice(g * outputs, outputs),
                y[((firstPixel * s.OutputChannels) + (g * outputs))..], s.OutputChannels,
                pixels, channels, outputs, lo, hi, level);
        }
    }

    /// <summary>Gathers the patches of some output pixels, multiplies them, goes on with the next.</summary>
    private static void RunPatches(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, Span<float> scratch, int firstPixel, int lastPixel, float lo, float hi, SimdLevel level)
    {
        int outputs = s.OutputChannels / s.Group, depth = Depth(s);
        int size = Gemm.PackedSize(depth, outputs, level), block = BlockPixels(s), stride = PatchStride(s);
        for (int pixel = firstPixel; pixel < lastPixel; pixel += block)
        {
            int pixels = Math.Min(block, lastPixel - pixel);
            for (int g = 0; g < s.Group; g++)
            {
                Gather(s, x, g, pixel, pixels, scratch, stride);
                Gemm.Multiply(
                    scratch, stride, packed.Slice(g * size, size), bias.IsEmpty ? bias : bias.Slice(g * outputs, outputs),
                    y[((pixel * s.OutputChannels) + (g * outputs))..], s.OutputChannels,
                    pixels, depth, outputs, lo, hi, level);
            }
        }
    }

    private static int BlockPixels(in ConvolutionShape s)
    {
        int fitting = BlockBytes / sizeof(float) / PatchStride(s) / Gemm.RowTile * Gemm.RowTile;
        int needed = (int)Math.Min((long)s.OutputRows * s.OutputWidth, int.MaxValue - Gemm.RowTile);
        return Math.Max(1, Math.Min(needed, Math.Max(fitting, 2 * Gemm.RowTile)));
    }

    /// <summary>Floats from patch to patch: not a multiple of 2 KiB, lest all rows of a tile fall on the same cache sets.</summary>
    private static int PatchStride(in ConvolutionShape s)
    {
        int depth = Depth(s);
        return depth % 512 == 0 ? depth + 16 : depth;
    }

    /// <summary>Writes the patches [pixels, kernel, channels of the group] of consecutive output pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Gather(
        in ConvolutionShape shape, ReadOnlySpan<float> x, int group, int firstPixel, int pixels, Span<float> patches, int stride)
    {
        ConvolutionShape s = shape;
        int channels = s.InputChannels / s.Group, run = s.KernelWidth * channels, kernelHeight = s.KernelHeight;
        int reachX = (s.KernelWidth - 1) * s.DilationWidth, reachY = (kernelHeight - 1) * s.DilationHeight;
        nint rowStep = (nint)s.InputWidth * s.InputChannels, kernelStep = s.DilationHeight * rowStep;
        bool runs = s.DilationWidth == 1 && s.Group == 1;
        (int row, int ox) = Math.DivRem(firstPixel, s.OutputWidth);
        (int n, int oy) = Math.DivRem(row, s.OutputHeight);
        fixed (float* input = x, output = patches)
        {
            float* patch = output;
            for (int p = 0; p < pixels; p++, patch += stride)
            {
                int top = (oy * s.StrideHeight) - s.PadTop, left = (ox * s.StrideWidth) - s.PadLeft;
                float* picture = input + ((nint)n * s.InputHeight * rowStep) + (group * channels);
                bool within = top >= 0 && left >= 0 && top + reachY < s.InputHeight && left + reachX < s.InputWidth;
                if (runs && within)
                {
                    float* source = picture + (top * rowStep) + (left * channels), target = patch;
                    for (int ky = 0; ky < kernelHeight; ky++, source += kernelStep, target += run)
                    {
                        Copy(source, target, run);
                    }
                }
                else
                {
                    GatherEdge(s, picture, channels, top, left, patch);
                }

                if (++ox == s.OutputWidth)
                {
                    ox = 0;
                    if (++oy == s.OutputHeight)
                    {
                        oy = 0;
                        n++;
                    }
                }
            }
        }
    }

    /// <summary>Writes one patch, zeros where it lies outside x.</summary>
    /// <param name="s">The sizes.</param>
    /// <param name="picture">[H, W, C], from the first channel of the group on.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="top">Input row of the kernel's first.</param>
    /// <param name="left">Input column of the kernel's first.</param>
    /// <param name="target">[kernel, channels].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void GatherEdge(
        in ConvolutionShape s, float* picture, int channels, int top, int left, float* target)
    {
        nint pixelStep = s.DilationWidth * s.InputChannels;
        (int firstX, int lastX) = ConvolutionShape.Taps(left, s.KernelWidth, s.DilationWidth, s.InputWidth);
        for (int ky = 0; ky < s.KernelHeight; ky++)
        {
            int iy = top + (ky * s.DilationHeight), ix = left + (firstX * s.DilationWidth);
            bool inside = iy >= 0 && iy < s.InputHeight;
            int first = inside ? firstX : 0, last = inside ? lastX : 0;
            float* source = picture + ((((nint)iy * s.InputWidth) + ix) * s.InputChannels);
            Clear(target, first * channels);
            target += first * channels;
            for (int kx = first; kx < last; kx++, source += pixelStep, target += channels)
            {
                Copy(source, target, channels);
            }

            Clear(target, (s.KernelWidth - last) * channels);
            target += (s.KernelWidth - last) * channels;
        }
    }

    /// <summary>Copies without the call that a span would make: most runs are shorter than it is worth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy(float* source, float* target, int length)
    {
        int i = 0;
        if (length >= 8)
        {
            for (; i <= length - 8; i += 8)
            {
                Vector256.Load(source + i).Store(target + i);
            }

            Vector256.Load(source + length - 8).Store(target + length - 8);
            return;
        }

        if (length >= 4)
        {
            Vector128.Load(source).Store(target);
            Vector128.Load(source + length - 4).Store(target + length - 4);
            return;
        }

        for (; i < length; i++)
        {
            target[i] = source[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Clear(float* target, int length)
    {
        for (int i = 0; i < length; i++)
        {
            target[i] = 0;
        }
    }
}
