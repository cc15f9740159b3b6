using System.Runtime.InteropServices;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Model;

/// <summary>
/// The coding of quantized weights, <c>IDSTQuan</c>. The layout is the one that the runtime's loader reads
/// (source/core/ConvolutionCommon.cpp of alibaba/MNN):
/// <code>
/// dense  (type 1): shape, levels, index of each weight's level
/// sparse (type 2): shape, u32 count n, u8 step bits, n steps, levels, n level indices
/// halves (type 3): a half float a weight
/// bytes  (type 4): an int8 a weight
/// shape  = u8 dimensions, then u16 each (u32 if shapeInt32)
/// levels = u8 count (0 means 256), then int8 each
/// steps and indices are packed, most significant bit first, each row filled up to a byte
/// </code>
/// </summary>
public static class WeightCodec
{
    private const int Dense = 1;
    private const int Sparse = 2;
    private const int Halves = 3;
    private const int Bytes = 4;

    /// <summary>The int8 values, scales and offsets of quantized weights.</summary>
    /// <param name="quantized">The coded weights, of type 1, 2 or 4.</param>
    /// <param name="model">The model's path, for messages.</param>
    /// <param name="owner">The operator's name, for messages.</param>
    /// <returns>The values and what they stand for.</returns>
    /// <exception cref="QuantizeException">The coding is unknown or the buffer is damaged.</exception>
    public static DecodedWeights Decode(IDSTQuan quantized, string model, string owner)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        float[] alpha = Alpha(quantized);
        var decoder = new IdstDecoder(MemoryMarshal.AsBytes(quantized.Buffer.AsSpan()), quantized.ShapeInt32, model, owner);
        sbyte[] values = quantized.Type switch
        {
            Dense => decoder.Dense(),
            Sparse => decoder.Sparse(alpha),
            Bytes => quantized.Buffer is null ? [] : [.. quantized.Buffer],
            _ => throw Errors.WeightsUnknownCoding(model, owner, quantized.Type),
        };

        // Models before 'readType' and 'aMin': bytes are always asymmetric, and no factor is stored.
        bool old = quantized.Type == Bytes && quantized.AMin == 0 && Math.Abs(quantized.QuantScale) < 1e-6;
        bool asymmetric = quantized.ReadType != 0 || old;
        int runs = asymmetric ? alpha.Length / 2 : alpha.Length;
        if (runs == 0 || values.Length % runs != 0 || (asymmetric && alpha.Length % 2 != 0))
        {
            throw Errors.WeightsDamaged(model, owner, $"{alpha.Length} scales for {values.Length} weights");
        }

        float factor = quantized.HasScaleInt || old ? 1f : quantized.QuantScale;
        return asymmetric
            ? Asymmetric(values, alpha, quantized.AMin, factor)
            : new DecodedWeights(values, Array.ConvertAll(alpha, scale => scale * factor), null);
    }

    /// <summary>The float weights of a convolution, whatever they are stored as.</summary>
    /// <param name="convolution">The convolution; its external weights have been read.</param>
    /// <param name="model">The model's path, for messages.</param>
    /// <param name="owner">The operator's name, for messages.</param>
    /// <returns>
    /// [output channels, input channels / groups, kernel height, kernel width]; the model's own array if it is float.
    /// </returns>
    /// <exception cref="QuantizeException">There are no weights, their coding is unknown or their buffer damaged.</exception>
    public static float[] Dequantize(Convolution2D convolution, string model, string owner)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        if (convolution.QuanParameter is not { } quantized)
        {
            return convolution.Weight ?? throw Errors.WeightsMissing(model, owner);
        }

        if (quantized.Index is not null)
        {
            return Scatter(quantized, model, owner);
        }

        if (quantized.Buffer is null && convolution.Weight is not null)
        {
            return convolution.Weight;
        }

        return quantized.Type == Halves ? HalfFloats(quantized) : Decode(quantized, model, owner).ToFloat();
    }

    /// <summary>
    /// Codes symmetric weights, dense or sparse, whichever is smaller (dense if equal).
    /// </summary>
    /// <param name="values">The quantized weights: [oc, k], each from -2^(bits-1) to 2^(bits-1)-1.</param>
    /// <param name="oc">Output channels.</param>
    /// <param name="k">Weights an output channel.</param>
    /// <param name="scales">The scale of each output channel: [oc].</param>
    /// <param name="bits">2 to 8.</param>
    /// <returns>The coded weights; <c>scaleIn</c> and <c>scaleOut</c> are left to the caller.</returns>
    public static IDSTQuan Encode(ReadOnlySpan<sbyte> values, int oc, int k, ReadOnlySpan<float> scales, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, (long)oc * k);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scales.Length, oc);
        (sbyte[] buffer, bool sparse) = IdstEncoder.Encode(values, oc, k, bits);
        return new IDSTQuan
        {
            Buffer = buffer,
            Alpha = scales.ToArray(),
            Type = sparse ? Sparse : Dense,
            QuantScale = 1f,
            AMaxOrBits = bits,
            ShapeInt32 = IdstEncoder.NeedsInt32(oc, k),
        };
    }

    /// <summary>
    /// Codes weights that fall into equal runs, one an output channel or several, each with a scale of its own and, if they
    /// are asymmetric, the weight that stands for the lowest level.
    /// </summary>
    /// <param name="levels">[runs, k], each from -2^(bits-1) to 2^(bits-1)-1.</param>
    /// <param name="scales">[runs]</param>
    /// <param name="minima">[runs]: what level -2^(bits-1) stands for; null for symmetric weights.</param>
    /// <param name="bits">2 to 8.</param>
    internal static IDSTQuan EncodeRuns(ReadOnlySpan<sbyte> levels, float[] scales, float[]? minima, int bits)
    {
        int runs = scales.Length;
        if (minima is null)
        {
            return Encode(levels, runs, levels.Length / runs, scales, bits);
        }

        return new IDSTQuan
        {
            Buffer = IdstEncoder.EncodeDense(levels, runs, levels.Length / runs, bits),
            Alpha = [.. minima.Zip(scales).SelectMany(pair => (float[])[pair.First, pair.Second])],
            Type = Dense,
            QuantScale = 1f,
            AMaxOrBits = bits,
            AMin = -(1 << (bits - 1)),
            ReadType = runs,
            ShapeInt32 = IdstEncoder.NeedsInt32(runs, levels.Length / runs),
        };
    }

    /// <summary>Codes weights as half floats, each rounded to the nearest.</summary>
    /// <param name="weights">None beyond ±65,504.</param>
    internal static IDSTQuan EncodeHalves(ReadOnlySpan<float> weights)
    {
        var buffer = new sbyte[sizeof(ushort) * weights.Length];
        ToHalves(weights, MemoryMarshal.Cast<sbyte, Half>(buffer.AsSpan()));
        return new IDSTQuan { Buffer = buffer, Type = Halves };
    }

    /// <summary>Rounds to half floats, ties to even.</summary>
    /// <param name="values">[n]</param>
    /// <param name="halves">[n]</param>
    internal static void ToHalves(ReadOnlySpan<float> values, Span<Half> halves)
    {
        for (int i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
        }
    }

    private static float[] Alpha(IDSTQuan quantized)
    {
        if (quantized.ScaleStorage == ScaleStorageType.FP32)
        {
            return quantized.Alpha ?? [];
        }

        return Array.ConvertAll(quantized.AlphaFp16 ?? [], bits => (float)BitConverter.UInt16BitsToHalf(bits));
    }

    private static DecodedWeights Asymmetric(sbyte[] values, float[] alpha, int clampMin, float factor)
    {
        // The pairs are (minimum, scale); the minimum stands for the lowest value, which old models don't store.
        float lowest = clampMin == 0 ? -128f : clampMin;
        var scales = new float[alpha.Length / 2];
        var offsets = new float[scales.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            float minimum = alpha[2 * i];
            float scale = alpha[(2 * i) + 1];
            scales[i] = scale * factor;
            offsets[i] = (lowest < 0 ? minimum - (lowest * scale) : minimum) * factor;
        }

        return new DecodedWeights(values, scales, offsets);
    }

    private static float[] HalfFloats(IDSTQuan quantized)
    {
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<sbyte, Half>(quantized.Buffer);
        var weights = new float[halves.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)halves[i];
        }

        return weights;
    }

    private static float[] Scatter(IDSTQuan quantized, string model, string owner)
    {
        // The places of the weights that aren't zero are stored, and the weights where else the scales are.
        uint[] index = quantized.Index!;
        float[] alpha = Alpha(quantized);
        const long smallest = 1 << 20;
        const long thinnest = 1024;
        if (alpha.Length != index.Length || quantized.WeightSize > Math.Max(smallest, thinnest * index.Length))
        {
            throw Errors.WeightsDamaged(
                model,
                owner,
                $"{index.Length} places and {alpha.Length} values for {quantized.WeightSize} weights");
        }

        var weights = new float[quantized.WeightSize];
        for (int i = 0; i < index.Length; i++)
        {
            if (index[i] >= quantized.WeightSize)
            {
                throw Errors.WeightsDamaged(model, owner, $"place {index[i]} of {quantized.WeightSize} weights");
            }

            weights[index[i]] = alpha[i];
        }

        return weights;
    }
}
