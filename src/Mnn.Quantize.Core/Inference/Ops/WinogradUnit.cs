using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// One part of an int8 convolution by Winograd's method: a window of the kernel, quantized once more after its
/// transform, with a scale for each position of the transformed input (ConvInt8Winograd.cpp, WinogradInt8Attr.hpp).
/// </summary>
internal sealed class WinogradUnit
{
    private const int Limit = 127;

    // The runtime keeps q as bytes 128 higher and takes that back by the offsets.
    private const int StorageOffset = 128;

    // What the runtime adds before it rounds, so that inexact quotients fall on the right side.
    private const float Nudge = 1e-6f;

    private const int HeaderLength = 6;

    private WinogradUnit(ReadOnlySpan<int> header)
    {
        (Top, Left, KernelY, KernelX, UnitY, UnitX) = (header[0], header[1], header[2], header[3], header[4], header[5]);
    }

    /// <summary>First row of the kernel that it covers.</summary>
    public int Top { get; }

    /// <summary>First column of the kernel that it covers.</summary>
    public int Left { get; }

    /// <summary>Rows of the kernel that it covers.</summary>
    public int KernelY { get; }

    /// <summary>Columns of the kernel that it covers.</summary>
    public int KernelX { get; }

    /// <summary>Rows of outputs of a window.</summary>
    public int UnitY { get; }

    /// <summary>Columns of outputs of a window.</summary>
    public int UnitX { get; }

    /// <summary>Rows and columns of a window.</summary>
    public int Window => KernelY + UnitY - 1;

    /// <summary>[positions]: 1 / scale of the transformed input.</summary>
    public float[] InverseScales { get; private set; } = [];

    /// <summary>[positions]: zero point of the transformed input.</summary>
    public int[] ZeroPoints { get; private set; } = [];

    /// <summary>[positions][packed weights]</summary>
    public short[][] Packed { get; private set; } = [];

    /// <summary>[positions, outputs]: by which sums of stored bytes are multiplied.</summary>
    public float[] Scales { get; private set; } = [];

    /// <summary>[positions, outputs]: what is added then.</summary>
    public float[] Offsets { get; private set; } = [];

    /// <summary>[positions, outputs]: where sums of q start, to become sums of stored bytes.</summary>
    public int[] SumBias { get; private set; } = [];

    /// <summary>Reads the attribute of a convolution and prepares its weights; null if it can't be followed.</summary>
    /// <param name="attribute">Version 0, number of units, then each unit's length, place, sizes, scales and zero points.</param>
    /// <param name="levels">The convolution's weights.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="kernelY">Rows of the kernel.</param>
    /// <param name="kernelX">Columns of the kernel.</param>
    public static WinogradUnit[]? Read(
        ReadOnlySpan<int> attribute, DecodedWeights levels, int outputs, int inputs, int kernelY, int kernelX)
    {
        if (attribute is not [0, > 0 and <= 64, ..])
        {
            return null;
        }

        var units = new WinogradUnit[attribute[1]];
        ReadOnlySpan<int> rest = attribute[2..];
        for (int i = 0; i < units.Length; i++)
        {
            if (rest.Length < 1 + HeaderLength || rest[0] < HeaderLength || rest[0] > rest.Length - 1)
            {
                return null;
            }

            var unit = new WinogradUnit(rest.Slice(1, HeaderLength));
            if (!unit.Fits(kernelY, kernelX) || rest[0] != HeaderLength + (unit.Window * unit.Window * (2 + outputs)))
            {
                return null;
            }

            unit.Prepare(rest.Slice(1 + HeaderLength, rest[0] - HeaderLength), levels, outputs, inputs, kernelY, kernelX);
            units[i] = unit;
            rest = rest[(1 + rest[0])..];
        }

        return units;
    }

    private bool Fits(int kernelY, int kernelX) =>
        Top >= 0 && Left >= 0 && KernelY > 1 && KernelX > 1
        && Top <= kernelY - KernelY && Left <= kernelX - KernelX
        && UnitY is > 0 and <= 8 && UnitX is > 0 and <= 8 && KernelX + UnitX - 1 == Window
        && WinogradTransforms.Supports(Window, UnitY) && WinogradTransforms.Supports(Window, UnitX);

    private void Prepare(
        ReadOnlySpan<int> numbers, DecodedWeights levels, int outputs, int inputs, int kernelY, int kernelX)
    {
        int positions = Window * Window;
        float[] inputScales = Floats(numbers[..positions]), weightScales = Floats(numbers[(2 * positions)..]);
        InverseScales = Array.ConvertAll(inputScales, s => 1f / s);
        ZeroPoints = numbers.Slice(positions, positions).ToArray();
        Scales = new float[positions * outputs];
        Offsets = new float[positions * outputs];
        SumBias = new int[positions * outputs];
        Packed = new short[positions][];
        float[] transformed = TransformKernels(levels, outputs, inputs, kernelY, kernelX);
        var quantized = new sbyte[outputs * inputs];
        for (int a = 0; a < positions; a++)
        {
            for (int o = 0; o < outputs; o++)
            {
                float scale = weightScales[(a * outputs) + o], offset = 0;
                int sum = 0;
                for (int c = 0; c < inputs; c++)
                {
                    sbyte q = Quantize(transformed[(((o * inputs) + c) * positions) + a] / scale);
                    quantized[(o * inputs) + c] = q;
                    offset += q * -(float)ZeroPoints[a];
                    offset += q * -(float)StorageOffset;
                    sum += q;
                }

                int at = (a * outputs) + o;
                Scales[at] = scale * inputScales[a];
                Offsets[at] = offset * scale * inputScales[a];
                SumBias[at] = sum * StorageOffset;
            }

            Packed[a] = new short[GemmInt8.PackedSize(inputs, outputs)];
            GemmInt8.PackB(quantized, transposed: true, inputs, outputs, Packed[a]);
        }
    }

    // G k G' for each output and input channel: [outputs, inputs, positions].
    private float[] TransformKernels(DecodedWeights levels, int outputs, int inputs, int kernelY, int kernelX)
    {
        float[] rows = WinogradTransforms.KernelMatrix(Window, KernelY);
        float[] columns = WinogradTransforms.KernelMatrix(Window, KernelX);
        var result = new float[outputs * inputs * Window * Window];
        var between = new float[Window * KernelX];
        for (int i = 0; i < outputs * inputs; i++)
        {
            ReadOnlySpan<sbyte> kernel = levels.Values.AsSpan(i * kernelY * kernelX, kernelY * kernelX);
            float scale = levels.Scales[i / inputs];
            for (int at = 0; at < between.Length; at++)
            {
                float sum = 0;
                for (int k = 0; k < KernelY; k++)
                {
                    float weight = kernel[((Top + k) * kernelX) + Left + (at % KernelX)] * scale;
                    sum += rows[(at / KernelX * KernelY) + k] * weight;
                }

                between[at] = sum;
            }

            for (int at = 0; at < Window * Window; at++)
            {
                float sum = 0;
                for (int k = 0; k < KernelX; k++)
                {
                    sum += between[(at / Window * KernelX) + k] * columns[(at % Window * KernelX) + k];
                }

                result[(i * Window * Window) + at] = sum;
            }
        }

        return result;
    }

    private static sbyte Quantize(float steps)
    {
        float nudged = steps + (steps > 0 ? Nudge : -Nudge);
        return Int8Rounding.RoundThenShift(nudged, 0, -Limit, Limit);
    }

    private static float[] Floats(ReadOnlySpan<int> numbers)
    {
        var floats = new float[numbers.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = BitConverter.Int32BitsToSingle(numbers[i]);
        }

        return floats;
    }
}
