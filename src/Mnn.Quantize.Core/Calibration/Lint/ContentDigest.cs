using System.Buffers.Binary;
using System.Numerics;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>
/// 128 bits that tell contents apart which nobody made to be taken for each other (MurmurHash3, x64, by Austin Appleby, whose
/// description is in the public domain). Cryptographic ones would load and start a library of megabytes in each run.
/// </summary>
internal static class ContentDigest
{
    private const int BlockBytes = 16;
    private const ulong First = 0x87c37b91114253d5;
    private const ulong Second = 0x4cf5ad432745937f;

    /// <summary>The digest of some bytes.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        (ulong a, ulong b) = (0, 0);
        ulong length = (ulong)bytes.Length;
        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            a ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            a = ((BitOperations.RotateLeft(a, 27) + b) * 5) + 0x52dce729;
            b ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            b = ((BitOperations.RotateLeft(b, 31) + a) * 5) + 0x38495ab5;
        }

        // The rest as if zeros followed it, which mix to nothing.
        Span<byte> rest = stackalloc byte[BlockBytes];
        bytes.CopyTo(rest);
        a ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(rest)) ^ length;
        b ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..])) ^ length;
        a += b;
        b += a;
        a = Finish(a);
        b = Finish(b);
        a += b;
        return new UInt128(a, b + a);
    }

    private static ulong MixFirst(ulong word) => BitOperations.RotateLeft(word * First, 31) * Second;

    private static ulong MixSecond(ulong word) => BitOperations.RotateLeft(word * Second, 33) * First;

    private static ulong Finish(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xff51afd7ed558ccd;
        word = (word ^ (word >> 33)) * 0xc4ceb9fe1a85ec53;
        return word ^ (word >> 33);
    }
}
