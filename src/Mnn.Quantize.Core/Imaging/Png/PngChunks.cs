using System.Buffers;

namespace Mnn.Quantize.Imaging.Png;

/// <summary>What the chunks of a PNG file say, with all IDAT chunks joined on borrowed memory.</summary>
/// <remarks>W3C PNG, third edition: https://www.w3.org/TR/png-3/#5DataRep</remarks>
internal sealed class PngChunks : IDisposable
{
    private const int SignatureSize = 8;
    private byte[] _compressed = [];

    internal PngHeader Header { get; private set; }

    /// <summary>Colours of the palette, packed; alpha comes from tRNS.</summary>
    internal uint[] Palette { get; private set; } = [];

    /// <summary>The samples (gray, or red, green, blue) that tRNS makes transparent, or empty.</summary>
    internal ushort[] Transparent { get; private set; } = [];

    internal int CompressedLength { get; private set; }

    internal byte[] Compressed => _compressed;

    internal static PngChunks Read(PictureBytes bytes)
    {
        var chunks = new PngChunks();
        try
        {
            chunks.ReadAll(ref bytes);
            return chunks;
        }
        catch
        {
            chunks.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_compressed.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_compressed);
            _compressed = [];
        }
    }

    private void ReadAll(ref PictureBytes bytes)
    {
        bytes.Skip(SignatureSize);
        bool headerSeen = false;
        while (bytes.Remaining > 0)
        {
            long length = bytes.UInt32BigEndian();
            int start = bytes.Position;
            ReadOnlySpan<byte> type = bytes.Take(4);
            ReadOnlySpan<byte> body = bytes.Take(length);
            uint check = bytes.UInt32BigEndian();
            bool critical = (type[0] & 0x20) == 0;
            if (critical && Crc32.Of(bytes.Data.Slice(start, 4 + (int)length)) != check)
            {
                throw bytes.Damaged($"the check sum of the chunk at offset {start - 4} is wrong");
            }

            if (headerSeen == type.SequenceEqual("IHDR"u8))
            {
                throw type.SequenceEqual("CgBI"u8)
                    ? bytes.Unsupported("Apple's CgBI variant")
                    : bytes.Damaged("its first chunk, and only that, must be IHDR");
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return;
            }

            headerSeen = true;
            ReadChunk(bytes, type, body);
        }

        // Files that lack no more than IEND are read, as elsewhere; without any chunk there is no picture.
        if (!headerSeen)
        {
            throw bytes.Truncated("it ends behind its signature");
        }
    }

    private void ReadChunk(in PictureBytes bytes, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        if (type.SequenceEqual("IHDR"u8))
        {
            Header = PngHeader.Read(bytes, body);
        }
        else if (type.SequenceEqual("PLTE"u8))
        {
            ReadPalette(bytes, body);
        }
        else if (type.SequenceEqual("tRNS"u8))
        {
            ReadTransparency(bytes, body);
        }
        else if (type.SequenceEqual("IDAT"u8))
        {
            // All that is left in the file bounds all IDAT chunks together.
            if (_compressed.Length == 0)
            {
                _compressed = ArrayPool<byte>.Shared.Rent(Math.Max(1, body.Length + bytes.Remaining));
            }

            body.CopyTo(_compressed.AsSpan(CompressedLength));
            CompressedLength += body.Length;
        }
        else if ((type[0] & 0x20) == 0)
        {
            throw bytes.Unsupported($"critical chunk {(char)type[0]}{(char)type[1]}{(char)type[2]}{(char)type[3]}");
        }
    }

    private void ReadPalette(in PictureBytes bytes, ReadOnlySpan<byte> body)
    {
        if (body.Length % 3 != 0 || body.Length is 0 or > 768)
        {
            throw bytes.Damaged($"its palette has {body.Length} bytes, expected 3 a colour for 1 to 256 colours");
        }

        Palette = new uint[body.Length / 3];
        for (int i = 0; i < Palette.Length; i++)
        {
            Palette[i] = PackedPixel.Pack(body[3 * i], body[(3 * i) + 1], body[(3 * i) + 2]);
        }
    }

    private void ReadTransparency(in PictureBytes bytes, ReadOnlySpan<byte> body)
    {
        int expected = Header.Color switch
        {
            PngColor.Gray => 2,
            PngColor.Rgb => 6,
            PngColor.Palette => Math.Min(body.Length, Palette.Length),
            _ => -1,
        };
        if (body.Length != expected || CompressedLength > 0)
        {
            throw bytes.Damaged($"its tRNS chunk of {body.Length} bytes does not fit colour type {(int)Header.Color}");
        }

        if (Header.Color == PngColor.Palette)
        {
            for (int i = 0; i < body.Length; i++)
            {
                Palette[i] = PackedPixel.WithAlpha(Palette[i], body[i]);
            }

            return;
        }

        Transparent = new ushort[body.Length / 2];
        for (int i = 0; i < Transparent.Length; i++)
        {
            int value = (body[2 * i] << 8) | body[(2 * i) + 1];
            Transparent[i] = (ushort)(Header.Depth == 16 ? value : value & 255);
        }
    }
}
