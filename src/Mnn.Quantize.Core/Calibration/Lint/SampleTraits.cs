using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>What is remembered of a sample.</summary>
/// <param name="Digest">Of its content, in hexadecimal: samples that share it are the same.</param>
/// <param name="Low">Least value that goes into the first input.</param>
/// <param name="High">Greatest value that goes into the first input.</param>
/// <param name="Thumbnail">A picture's look in small; null for arrays.</param>
internal sealed record SampleTraits(string Digest, float Low, float High, Thumbnail? Thumbnail)
{
    /// <summary>Looks at a picture.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="picture">The picture in it.</param>
    /// <param name="input">What was made of it for the model.</param>
    public static SampleTraits Of(ReadOnlySpan<byte> file, Picture picture, ReadOnlySpan<float> input)
    {
        (float low, float high) = Range(input);
        return new SampleTraits(Hex(ContentDigest.Of(file)), low, high, Thumbnail.Of(picture));
    }

    /// <summary>Looks at arrays.</summary>
    /// <param name="values">One an input that needs data; at least one.</param>
    public static SampleTraits Of(IReadOnlyList<TensorValue> values)
    {
        string digests = string.Concat(values.Select(v => $"{Shapes.Text([.. v.Shape])} {Hex(ContentDigest.Of(BytesOf(v)))} "));
        (float low, float high) = values[0].Type == ElementType.Float32 ? Range(values[0].Floats) : (float.NaN, float.NaN);
        return new SampleTraits(Hex(ContentDigest.Of(Encoding.UTF8.GetBytes(digests))), low, high, null);
    }

    /// <summary>Writes them.</summary>
    public void Store(EntryWriter to)
    {
        to.Text(Digest);
        to.Float(Low);
        to.Float(High);
        to.Number(Thumbnail is null ? 0u : 1);
        Thumbnail?.Store(to);
    }

    /// <summary>Reads what <see cref="Store"/> wrote.</summary>
    public static SampleTraits Read(ref EntryReader from)
    {
        string digest = from.Text();
        float low = from.Float();
        float high = from.Float();
        return new SampleTraits(digest, low, high, from.Number() == 0 ? null : Thumbnail.Read(ref from));
    }

    private static string Hex(UInt128 digest) => digest.ToString("x32", CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> BytesOf(TensorValue value) => value.Type == ElementType.Float32
        ? MemoryMarshal.AsBytes<float>(value.Floats)
        : MemoryMarshal.AsBytes<int>(value.Ints);

    // Of what is no number nothing is known; it is found out when the model runs.
    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        (var low, var high) = (new Vector<float>(float.PositiveInfinity), new Vector<float>(float.NegativeInfinity));
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (Vector<float> value in vectors)
        {
            low = Vector.ConditionalSelect(Vector.LessThan(value, low), value, low);
            high = Vector.ConditionalSelect(Vector.GreaterThan(value, high), value, high);
        }

        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            (least, most) = (MathF.Min(least, low[i]), MathF.Max(most, high[i]));
        }

        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            least = value < least ? value : least;
            most = value > most ? value : most;
        }

        return (least, most);
    }
}
