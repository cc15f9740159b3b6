using System.Runtime.InteropServices;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// An int8 convolution by Winograd's method, as the runtime runs it where the model asks for it (ConvInt8Winograd.cpp):
/// windows of dequantized input are transformed and quantized again, multiplied in integers, transformed back in float,
/// and the sum of all units is quantized.
/// </summary>
internal sealed class Int8Winograd(WinogradUnit[] units, float[] bias, float scaleOut, int zeroOut, bool relu)
{
    private const int Lanes = 8;

    // Windows whose products are taken at a time.
    private const int Batch = 12;

    /// <summary>Convolves <paramref name="input"/> to <paramref name="output"/>.</summary>
    /// <param name="context">Where temporary memory comes from.</param>
    /// <param name="shape">The sizes; strides and dilations are 1, there is one group.</param>
    /// <param name="input">int8, [N, H, W, C].</param>
    /// <param name="output">int8, [N, H', W', C'].</param>
    public void Run(OpContext context, in ConvolutionShape shape, Tensor input, Tensor output)
    {
        int channels = Padded(shape.InputChannels), outputs = Padded(shape.OutputChannels);
        Tensor sums = context.Temporary(ElementType.Float32, output.Shape, output.Format, output.IsChannelsLast);
        sums.Floats.Clear();
        Tensor real = context.Temporary(ElementType.Float32, input.Shape, input.Format, input.IsChannelsLast);
        QuantCast.ToFloat(input.Int8s, real.Floats, input.Quant!);
        for (int i = 0; i < units.Length; i++)
        {
            RunUnit(context, shape, units[i], real.Floats, channels, outputs, sums.Floats, first: i == 0);
        }

        Quantize(sums.Floats, output.Quant!, output.Int8s);
        OpContext.Release(real);
        OpContext.Release(sums);
    }

    private static unsafe void RunUnit(
        OpContext context, in ConvolutionShape shape, WinogradUnit unit, ReadOnlySpan<float> x, int channels, int outputs,
        Span<float> y, bool first)
    {
        int window = unit.Window, positions = window * window;
        int acrossX = (shape.OutputWidth + unit.UnitX - 1) / unit.UnitX;
        int acrossY = (shape.OutputHeight + unit.UnitY - 1) / unit.UnitY;
        int all = shape.Batch * acrossX * acrossY, widest = Math.Max(channels, outputs);
        Span<float> scratch = context.Scratch<float>(((2 + Batch) * positions * widest) + (Batch * (outputs + widest)));
        Span<float> patch = scratch[..(positions * widest)], between = scratch.Slice(positions * widest, positions * widest);
        Span<float> tiles = scratch.Slice(2 * positions * widest, Batch * positions * widest);
        Span<int> products = MemoryMarshal.Cast<float, int>(
            scratch.Slice((2 + Batch) * positions * widest, Batch * outputs));
        Span<sbyte> quantized = MemoryMarshal.Cast<float, sbyte>(
            scratch[(((2 + Batch) * positions * widest) + (Batch * outputs))..]);
        for (int start = 0; start < all; start += Batch)
        {
            int count = Math.Min(Batch, all - start);
            for (int t = 0; t < count; t++)
            {
                Place place = new(start + t, acrossX, acrossY);
                Cut(shape, unit, x, place, channels, patch);
                fixed (float* p = patch, m = between, d = tiles)
                {
                    TransformSource(window, p, m, d + (t * channels), channels, Batch * widest);
                }
            }

            for (int a = 0; a < positions; a++)
            {
                // Products take the place of the quantized windows.
                Span<float> tile = tiles.Slice(a * Batch * widest, Batch * widest);
                Multiply(shape, unit, a, tile[..(count * channels)], channels, count, quantized, products);
                Scale(unit, a, shape.OutputChannels, outputs, products, tile[..(count * outputs)], count);
            }

            for (int t = 0; t < count; t++)
            {
                fixed (float* s = tiles, m = between, d = patch)
                {
                    TransformDestination(unit, s + (t * outputs), Batch * widest, m, d, outputs);
                }

                Place place = new(start + t, acrossX, acrossY);
                Put(shape, unit, patch, outputs, place, y, first);
            }
        }
    }

    private void Quantize(ReadOnlySpan<float> sums, QuantParameters quant, Span<sbyte> result)
    {
        float inverse = (float)(1.0 / scaleOut);
        int channels = bias.Length, low = relu ? quant.ZeroPoint : quant.Min;
        for (int i = 0; i < sums.Length; i++)
        {
            float fused = (bias[i % channels] / scaleOut) + zeroOut;
            result[i] = Int8Rounding.BoundThenRound((sums[i] * inverse) + fused, low, quant.Max);
        }
    }

    // A window of the input, 0 where it lies outside: [window, window, channels].
    private static void Cut(
        in ConvolutionShape s, WinogradUnit unit, ReadOnlySpan<float> x, Place place, int channels, Span<float> patch)
    {
        int top = (place.Y * unit.UnitY) - s.PadTop + unit.Top, left = (place.X * unit.UnitX) - s.PadLeft + unit.Left;
        patch[..(unit.Window * unit.Window * channels)].Clear();
        for (int y = Math.Max(0, -top); y < Math.Min(unit.Window, s.InputHeight - top); y++)
        {
            for (int c = Math.Max(0, -left); c < Math.Min(unit.Window, s.InputWidth - left); c++)
            {
                int from = ((((place.N * s.InputHeight) + top + y) * s.InputWidth) + left + c) * s.InputChannels;
                x.Slice(from, s.InputChannels).CopyTo(patch[(((y * unit.Window) + c) * channels)..]);
            }
        }
    }

    // Along x, then along y; the result lies [position][tile][channels].
    private static unsafe void TransformSource(int window, float* patch, float* between, float* tile, int channels, nint step)
    {
        nint line = (nint)window * channels;
        for (nint c = 0; c < channels; c += Lanes)
        {
            for (int y = 0; y < window; y++)
            {
                WinogradTransforms.Source(window, patch + (y * line) + c, channels, between + (y * line) + c, channels);
            }

            for (int x = 0; x < window; x++)
            {
                WinogradTransforms.Source(window, between + (x * channels) + c, line, tile + (x * step) + c, window * step);
            }
        }
    }

    // Along y, then along x; the result lies [unit y, unit x, outputs].
    private static unsafe void TransformDestination(
        WinogradUnit unit, float* tile, nint step, float* between, float* result, int outputs)
    {
        int window = unit.Window;
        nint line = (nint)window * outputs;
        for (nint c = 0; c < outputs; c += Lanes)
        {
            for (int x = 0; x < window; x++)
            {
                WinogradTransforms.Destination(
                    window, unit.UnitY, tile + (x * step) + c, window * step, between + (x * outputs) + c, line);
            }

            for (int y = 0; y < unit.UnitY; y++)
            {
                WinogradTransforms.Destination(
                    window, unit.UnitX, between + (y * line) + c, outputs, result + (y * unit.UnitX * outputs) + c, outputs);
            }
        }
    }

    private static void Multiply(
        in ConvolutionShape shape, WinogradUnit unit, int position, ReadOnlySpan<float> tiles, int channels, int count,
        Span<sbyte> quantized, Span<int> products)
    {
        QuantizeInt8.FromFloat(
            tiles, unit.InverseScales[position], unit.ZeroPoints[position], -127, 127, quantized);
        ReadOnlySpan<int> start = unit.SumBias.AsSpan(position * shape.OutputChannels, shape.OutputChannels);
        GemmInt8.Multiply(
            quantized, channels, unit.Packed[position], start, products, shape.OutputChannels, count,
            shape.InputChannels, shape.OutputChannels);
    }

    private static void Scale(
        WinogradUnit unit, int position, int channels, int outputs, ReadOnlySpan<int> products, Span<float> results, int count)
    {
        ReadOnlySpan<float> scales = unit.Scales.AsSpan(position * channels, channels);
        ReadOnlySpan<float> offsets = unit.Offsets.AsSpan(position * channels, channels);
        results.Clear();
        for (int t = 0; t < count; t++)
        {
            for (int c = 0; c < channels; c++)
            {
                results[(t * outputs) + c] = (products[(t * channels) + c] * scales[c]) + offsets[c];
            }
        }
    }

    private static void Put(
        in ConvolutionShape s, WinogradUnit unit, ReadOnlySpan<float> tile, int outputs, Place place, Span<float> y, bool first)
    {
        int top = place.Y * unit.UnitY, left = place.X * unit.UnitX;
        for (int row = 0; row < Math.Min(unit.UnitY, s.OutputHeight - top); row++)
        {
            for (int column = 0; column < Math.Min(unit.UnitX, s.OutputWidth - left); column++)
            {
                ReadOnlySpan<float> source = tile.Slice(((row * unit.UnitX) + column) * outputs, s.OutputChannels);
                int at = ((((place.N * s.OutputHeight) + top + row) * s.OutputWidth) + left + column) * s.OutputChannels;
                Span<float> target = y.Slice(at, s.OutputChannels);
                for (int c = 0; c < source.Length; c++)
                {
                    target[c] = first ? source[c] : target[c] + source[c];
                }
            }
        }
    }

    private static int Padded(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>Where a window's outputs lie, in windows.</summary>
    private readonly struct Place
    {
        public Place(int index, int across, int down)
        {
            (int row, X) = Math.DivRem(index, across);
            (N, Y) = Math.DivRem(row, down);
        }

        public int N { get; }

        public int Y { get; }

        public int X { get; }
    }
}
