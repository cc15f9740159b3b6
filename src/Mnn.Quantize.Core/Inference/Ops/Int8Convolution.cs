using System.Runtime.InteropServices;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// A convolution on int8 tensors with the runtime's arithmetic (ConvInt8TiledExecutor.cpp, CPUDepthwiseConvInt8.cpp):
/// exact int32 sums, brought to output steps by <see cref="Int8ConvolutionScales"/>.
/// </summary>
internal sealed class Int8Convolution
{
    // Sums stay in the second-level cache between the product and their rounding.
    private const int SumsAtATime = 32768;

    // What the product's kernels take at a time.
    private const int PixelTile = 12;

    private readonly ConvolutionWeights _weights;
    private readonly bool _depthwise;
    private readonly DecodedWeights _levels;
    private readonly Int8Winograd? _winograd;
    private readonly Lock _packing = new();
    private short[]? _packed;
    private Int8ConvolutionScales? _scales;

    public Int8Convolution(ConvolutionWeights weights, bool depthwise)
    {
        _weights = weights;
        _depthwise = depthwise;
        _levels = weights.Levels;
        _winograd = depthwise ? null : weights.Winograd();
    }

    /// <summary>Convolves int8 input 0 to int8 output 0.</summary>
    public void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ConvolutionShape shape = _weights.Shape(ImageShape.Of(input), _levels.Values.Length, _depthwise);
        Tensor output = ConvolutionOutput.Make(context, input, shape, ElementType.Int8);
        if (_winograd is not null)
        {
            _winograd.Run(context, shape, input, output);
            return;
        }

        Int8ConvolutionScales scales = Scales(input.Quant!, output.Quant!);
        if (_depthwise)
        {
            RunDepthwise(context, shape, scales, input.Int8s, output.Int8s);
        }
        else
        {
            RunDense(context, shape, scales, input.Int8s, output.Int8s);
        }
    }

    private void RunDense(
        OpContext context, in ConvolutionShape shape, Int8ConvolutionScales scales, ReadOnlySpan<sbyte> x, Span<sbyte> y)
    {
        short[] packed = Packed(shape);
        int all = shape.OutputRows * shape.OutputWidth, outputs = shape.OutputChannels;
        int pixels = Math.Min(all, Math.Max(1, SumsAtATime / outputs / PixelTile) * PixelTile);
        int sumBytes = pixels * outputs * sizeof(int);
        Span<byte> scratch = context.Scratch<byte>(checked(sumBytes + ConvolutionInt8.ScratchSize(shape, pixels)));
        Span<int> sums = MemoryMarshal.Cast<byte, int>(scratch[..sumBytes]);
        Span<sbyte> patches = MemoryMarshal.Cast<byte, sbyte>(scratch[sumBytes..]);
        for (int first = 0; first < all; first += pixels)
        {
            int count = Math.Min(pixels, all - first);
            ConvolutionInt8.RunPixels(shape, x, packed, scales.SumBias, scales.Padding, sums, first, count, patches);
            RequantizeInt8.Dense(
                sums[..(count * outputs)], scales.Scale, scales.Ratio, scales.OutputBias, scales.Min, scales.Max,
                y.Slice(first * outputs, count * outputs));
        }
    }

    private void RunDepthwise(
        OpContext context, in ConvolutionShape shape, Int8ConvolutionScales scales, ReadOnlySpan<sbyte> x, Span<sbyte> y)
    {
        short[] packed = Packed(shape);
        int line = shape.OutputWidth * shape.OutputChannels;
        int rows = Math.Clamp(SumsAtATime / Math.Max(1, line), 1, Math.Max(1, shape.OutputRows));
        Span<int> sums = context.Scratch<int>(rows * line);
        for (int first = 0; first < shape.OutputRows; first += rows)
        {
            int last = Math.Min(shape.OutputRows, first + rows);
            DepthwiseInt8.RunRows(shape, x, packed, scales.SumBias, scales.Padding, sums, first, last);
            RequantizeInt8.Depthwise(
                sums[..((last - first) * line)], scales.Scale, scales.Min, scales.Max,
                y.Slice(first * line, (last - first) * line));
        }
    }

    // A model has one input and one output scale at a place, so the last pair is the only one, as a rule.
    private Int8ConvolutionScales Scales(QuantParameters input, QuantParameters output)
    {
        Int8ConvolutionScales? scales = Volatile.Read(ref _scales);
        if (scales is null || !scales.IsFor(input, output))
        {
            scales = new Int8ConvolutionScales(_weights, _levels, _depthwise, input, output);
            Volatile.Write(ref _scales, scales);
        }

        return scales;
    }

    private short[] Packed(in ConvolutionShape shape)
    {
        lock (_packing)
        {
            if (_packed is null && _depthwise)
            {
                _packed = new short[shape.KernelSize * shape.InputChannels];
                DepthwiseInt8.PackWeights(shape, _levels.Values, _packed);
            }
            else if (_packed is null)
            {
                _packed = new short[ConvolutionInt8.PackedSize(shape)];
                ConvolutionInt8.PackWeights(shape, _levels.Values, _packed);
            }

            return _packed;
        }
    }
}
