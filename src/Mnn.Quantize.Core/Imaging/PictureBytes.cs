using System.Buffers.Binary;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging;

/// <summary>A cursor over a picture file that turns every read past the end into a diagnostic.</summary>
/// <param name="data">The whole file.</param>
/// <param name="file">Its name, for messages.</param>
/// <param name="format">Name of the format, for messages.</param>
internal ref struct PictureBytes(ReadOnlySpan<byte> data, string file, string format)
{
    internal readonly ReadOnlySpan<byte> Data = data;
    internal readonly string File = file;
    internal readonly string Format = format;

    internal int Position { get; private set; }

    internal readonly int Remaining => Data.Length - Position;

    internal readonly QuantizeException Truncated(string what) => Errors.PictureTruncated(File, Format, what);

    internal readonly QuantizeException Damaged(string what) => Errors.PictureDamaged(File, Format, what);

    internal readonly QuantizeException Unsupported(string feature) =>
        Errors.PictureFeatureUnsupported(File, Format, feature);

    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Truncated($"{count} bytes are missing at offset {Position} of {Data.Length}");
        }

        ReadOnlySpan<byte> taken = Data.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    internal void Skip(long count) => Take(count);

    internal void Seek(long position)
    {
        if (position < 0 || position > Data.Length)
        {
            throw Truncated($"its header points to offset {position}, but the file has {Data.Length} bytes");
        }

        Position = (int)position;
    }

    internal byte Byte() => Take(1)[0];

    internal int UInt16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    internal int UInt16LittleEndian() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint UInt32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    internal uint UInt32LittleEndian() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
}
