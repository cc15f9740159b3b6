using System.Security.Cryptography;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>What is remembered of a sample.</summary>
/// <param name="Digest">SHA-256 of its content: samples that share it are the same.</param>
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
        return new SampleTraits(Convert.ToHexString(SHA256.HashData(file)), low, high, Thumbnail.Of(picture));
    }

    /// <summary>Looks at arrays.</summary>
    /// <param name="values">One an input that needs data; at least one.</param>
    public static SampleTraits Of(IReadOnlyList<TensorValue> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TensorValue value in values)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Shapes.Text([.. value.Shape])));
            hash.AppendData(value.Type == ElementType.Float32
                ? System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(value.Floats)
                : System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(value.Ints));
        }

        (float low, float high) = values[0].Type == ElementType.Float32 ? Range(values[0].Floats) : (float.NaN, float.NaN);
        return new SampleTraits(Convert.ToHexString(hash.GetHashAndReset()), low, high, null);
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

    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (float value in values)
        {
            low = value < low ? value : low;
            high = value > high ? value : high;
        }

        return (low, high);
    }
}
