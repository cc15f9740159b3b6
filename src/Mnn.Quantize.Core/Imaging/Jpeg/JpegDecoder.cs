namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>
/// JPEG: baseline, extended and progressive Huffman coding with 8 bits a sample, any sampling, gray, Y'CbCr, RGB, CMYK
/// and YCCK. ITU-T T.81, annex B: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
/// </summary>
internal ref struct JpegDecoder
{
    private const int StartOfImage = 0xD8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;

    /// <summary>An encoder uses about ten scans; hostile files use thousands, each over all blocks.</summary>
    private const int MaxScans = 500;

    private readonly ushort[][] _quantization;
    private readonly JpegHuffman?[] _dcTables;
    private readonly JpegHuffman?[] _acTables;
    private PictureBytes _bytes;
    private JpegFrame? _frame;
    private int _restartInterval;
    private int _scans;
    private bool _jfif;

    /// <summary>Adobe's APP14: 0 RGB or CMYK, 1 Y'CbCr, 2 YCCK; -1 if there is none.</summary>
    private int _adobeTransform;

    private JpegDecoder(ReadOnlySpan<byte> data, string file)
    {
        _bytes = new PictureBytes(data, file, "JPEG");
        _quantization = [[], [], [], []];
        _dcTables = new JpegHuffman?[4];
        _acTables = new JpegHuffman?[4];
        _adobeTransform = -1;
    }

    internal static Picture Decode(ReadOnlySpan<byte> data, string file)
    {
        var decoder = new JpegDecoder(data, file);
        try
        {
            decoder.ReadSegments();
            return decoder.Finish();
        }
        finally
        {
            decoder._frame?.Dispose();
        }
    }

    private void ReadSegments()
    {
        if (NextMarker() != StartOfImage)
        {
            throw _bytes.Damaged("it does not start with a start-of-image marker");
        }

        for (int marker = NextMarker(); marker != EndOfImage; marker = NextMarker())
        {
            int length = _bytes.UInt16BigEndian() - 2;
            if (length < 0)
            {
                throw _bytes.Damaged($"segment {marker:X2} at offset {_bytes.Position - 4} has no length");
            }

            int start = _bytes.Position;
            ReadOnlySpan<byte> body = _bytes.Take(length);
            _bytes.Seek(start);
            ReadSegment(marker, body);
            if (marker != StartOfScan)
            {
                _bytes.Seek(start + length);
            }
            else if (_bytes.Remaining == 0 && IsComplete)
            {
                // All blocks are there; only the end-of-image marker is missing.
                return;
            }
        }
    }

    private readonly bool IsComplete => _frame is { Progressive: false } && _frame.Components.All(c => c.Decoded);

    /// <summary>Finds the next marker; bytes between segments are padding of careless writers.</summary>
    private int NextMarker()
    {
        while (true)
        {
            while (_bytes.Byte() != 0xFF)
            {
            }

            int marker = _bytes.Byte();
            while (marker == 0xFF)
            {
                marker = _bytes.Byte();
            }

            // Stuffed zeros, TEM and stray restart markers stand alone.
            if (marker is not (0 or 1 or (>= 0xD0 and <= 0xD7)))
            {
                return marker;
            }
        }
    }

    private void ReadSegment(int marker, ReadOnlySpan<byte> body)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                if (_frame is not null)
                {
                    throw _bytes.Damaged($"a second frame starts at offset {_bytes.Position - 4}");
                }

                _frame = JpegFrame.Read(ref _bytes, body.Length, progressive: marker == 0xC2);
                break;
            case 0xC4:
                ReadHuffmanTables(body);
                break;
            case 0xC3 or 0xC5 or 0xC6 or 0xC7 or (>= 0xC8 and <= 0xCF):
                throw _bytes.Unsupported(marker switch
                {
                    0xC3 or 0xC7 => "lossless coding",
                    0xC5 or 0xC6 => "hierarchical coding",
                    _ => "arithmetic coding",
                });
            case 0xDB:
                ReadQuantizationTables(body);
                break;
            case 0xDD:
                _restartInterval = body.Length == 2 ? _bytes.UInt16BigEndian() : throw _bytes.Damaged("its restart interval is not a number");
                break;
            case StartOfScan:
                ReadScan(body);
                break;
            case 0xE0 when body.StartsWith("JFIF\0"u8):
                _jfif = true;
                break;
            case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8):
                _adobeTransform = body[11];
                break;
        }
    }

    private readonly void ReadQuantizationTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            (int wide, int index) = (body[0] >> 4, body[0] & 15);
            int size = 64 * (wide + 1);
            if (wide > 1 || index > 3 || body.Length < 1 + size)
            {
                throw _bytes.Damaged($"the quantization table before offset {_bytes.Position + body.Length} is incomplete");
            }

            var table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[i] = (ushort)(wide == 0 ? body[1 + i] : (body[1 + (2 * i)] << 8) | body[2 + (2 * i)]);
            }

            _quantization[index] = table;
            body = body[(1 + size)..];
        }
    }

    private readonly void ReadHuffmanTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            (int kind, int index) = (body[0] >> 4, body[0] & 15);
            int count = 0;
            for (int i = 1; i <= 16 && body.Length >= 17; i++)
            {
                count += body[i];
            }

            JpegHuffman? table = kind <= 1 && index <= 3 && count is > 0 and <= 256 && body.Length >= 17 + count
                ? JpegHuffman.Build(body.Slice(1, 16), body.Slice(17, count))
                : null;
            (kind == 0 ? _dcTables : _acTables)[index & 3] = table ?? throw _bytes.Damaged($"Huffman table {index} of kind {kind} is invalid");
            body = body[(17 + count)..];
        }
    }

    private void ReadScan(ReadOnlySpan<byte> header)
    {
        JpegFrame frame = _frame ?? throw _bytes.Damaged("a scan comes before its frame");
        int count = header.Length > 0 ? header[0] : 0;
        if (count is < 1 or > 4 || header.Length != 4 + (2 * count) || ++_scans > MaxScans)
        {
            throw _bytes.Damaged($"the scan header at offset {_bytes.Position} is invalid");
        }

        JpegBand band = ReadBand(header[^3..]);
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            components[i] = Select(frame, header.Slice(1 + (2 * i), 2), band);
            if (components.AsSpan(0, i).Contains(components[i]))
            {
                throw _bytes.Damaged($"component {components[i].Id} occurs twice in a scan");
            }
        }

        if (count > 1 && band.Start > 0)
        {
            throw _bytes.Damaged("a scan mixes AC coefficients of several components");
        }

        var bits = new JpegBits(_bytes.Data, _bytes.Position + header.Length, _bytes.File);
        var scan = new JpegScan(frame, components, _quantization, band, _restartInterval);
        scan.Decode(ref bits);
        bits.SeekMarker();
        _bytes.Seek(bits.Position >= _bytes.Data.Length - 1 ? _bytes.Data.Length : bits.Position);
        foreach (JpegComponent component in components)
        {
            component.Decoded |= band.Start == 0;
        }
    }

    private readonly JpegBand ReadBand(ReadOnlySpan<byte> parameters)
    {
        if (!_frame!.Progressive)
        {
            return new JpegBand(0, 63, 0, Refines: false);
        }

        (int start, int end, int high, int low) = (parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15);
        if (start > end || end > 63 || high > 13 || low > 13 || (start == 0 && end > 0))
        {
            throw _bytes.Damaged($"a scan claims coefficients {start} to {end}, bits {high} to {low}");
        }

        return new JpegBand(start, end, low, Refines: high > 0);
    }

    /// <summary>Finds the component that a scan names and gives it its tables.</summary>
    private readonly JpegComponent Select(JpegFrame frame, ReadOnlySpan<byte> selector, in JpegBand band)
    {
        int id = selector[0];
        (int dc, int ac) = (selector[1] >> 4, selector[1] & 15);
        JpegComponent component = Array.Find(frame.Components, c => c.Id == id)
            ?? throw _bytes.Damaged($"a scan names component {id}, which its frame lacks");
        component.DcTable = dc <= 3 ? _dcTables[dc] : null;
        component.AcTable = ac <= 3 ? _acTables[ac] : null;
        bool needsDc = band is { Start: 0, Refines: false };
        bool needsAc = band.End > 0;
        if ((needsDc && component.DcTable is null) || (needsAc && component.AcTable is null))
        {
            throw _bytes.Damaged($"component {id} uses Huffman tables {dc} and {ac}, of which one is missing");
        }

        return _quantization[component.Quantization].Length > 0
            ? component
            : throw _bytes.Damaged($"component {id} uses quantization table {component.Quantization}, which is missing");
    }

    private readonly Picture Finish()
    {
        JpegFrame frame = _frame ?? throw _bytes.Damaged("it has no frame");
        if (!frame.Components.All(c => c.Decoded))
        {
            throw _bytes.Truncated("some components have no scan");
        }

        if (frame.Progressive)
        {
            JpegScan.Finish(frame, _quantization);
        }

        Picture picture = Picture.Rent(frame.Width, frame.Height);
        JpegOutput.Write(frame, Colors(frame), picture);
        return picture;
    }

    /// <summary>What components mean is not part of the standard: the reference's rules.</summary>
    private readonly JpegColors Colors(JpegFrame frame)
    {
        JpegComponent[] all = frame.Components;
        switch (all.Length)
        {
            case 1:
                return JpegColors.Gray;
            case 3:
                bool named = all[0].Id == 'R' && all[1].Id == 'G' && all[2].Id == 'B';
                return named || (_adobeTransform == 0 && !_jfif) ? JpegColors.Rgb : JpegColors.Ycc;
            default:
                return _adobeTransform switch { 0 => JpegColors.Cmyk, 2 => JpegColors.Ycck, _ => JpegColors.Ycc };
        }
    }
}
