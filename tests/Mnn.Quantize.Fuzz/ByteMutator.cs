using System.Buffers.Binary;

namespace Mnn.Quantize.Fuzz;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private const int MostLength = 1 << 16;

    private static readonly long[] Interesting =
        [0, 1, -1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1000, 4096, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue];

    /// <summary>One to eight changes of a copy.</summary>
    public static byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words, Random random)
    {
        byte[] data = [.. input];
        for (int changes = 1 << random.Next(4); changes > 0; changes--)
        {
            data = Change(data, corpus, words, random);
        }

        return data;
    }

    private static byte[] Change(byte[] data, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words, Random random)
    {
        if (data.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        int at = random.Next(data.Length);
        switch (random.Next(words.Count > 0 ? 11 : 10))
        {
            case 0:
                data[at] ^= (byte)(1 << random.Next(8));
                return data;
            case 1:
                data[at] = (byte)random.Next(256);
                return data;
            case 2:
                data[at] += (byte)random.Next(-8, 9);
                return data;
            case 3:
                WriteNumber(data.AsSpan(at), Interesting[random.Next(Interesting.Length)], random);
                return data;
            case 4:
                return [.. data[..at], .. data[Math.Min(data.Length, at + 1 + random.Next(16))..]];
            case 5:
                return data[..at];
            case 6:
                int length = Math.Min(1 + random.Next(32), data.Length - at);
                return Bounded([.. data[..at], .. data[at..(at + length)], .. data[at..]]);
            case 7:
                byte[] other = corpus[random.Next(corpus.Count)];
                return Bounded([.. data[..at], .. other[Math.Min(other.Length, random.Next(other.Length + 1))..]]);
            case 8:
                int target = random.Next(data.Length);
                int size = Math.Min(1 + random.Next(16), data.Length - Math.Max(at, target));
                data.AsSpan(at, size).CopyTo(data.AsSpan(target));
                return data;
            case 9:
                data.AsSpan(at, Math.Min(1 + random.Next(8), data.Length - at)).Fill((byte)(random.Next(2) == 0 ? 0 : 0xFF));
                return data;
            default:
                byte[] word = words[random.Next(words.Count)];
                return Bounded([.. data[..at], .. word, .. data[(random.Next(2) == 0 ? at : Math.Min(data.Length, at + word.Length))..]]);
        }
    }

    private static void WriteNumber(Span<byte> at, long value, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when at.Length >= 2:
                BinaryPrimitives.WriteInt16LittleEndian(at, (short)value);
                break;
            case 1 when at.Length >= 2:
                BinaryPrimitives.WriteInt16BigEndian(at, (short)value);
                break;
            case 2 when at.Length >= 4:
                BinaryPrimitives.WriteInt32LittleEndian(at, (int)value);
                break;
            case 3 when at.Length >= 4:
                BinaryPrimitives.WriteInt32BigEndian(at, (int)value);
                break;
            default:
                at[0] = (byte)value;
                break;
        }
    }

    private static byte[] Bounded(byte[] data) => data.Length > MostLength ? data[..MostLength] : data;
}
