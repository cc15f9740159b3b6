namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>Decodes one scan: block after block, in minimum coded units and restart intervals (T.81, A.2 and B.2.3).</summary>
internal ref struct JpegScan(
    JpegFrame frame, ReadOnlySpan<JpegComponent> components, ushort[][] quantization, JpegBand band, int restartInterval)
{
    private readonly JpegFrame _frame = frame;
    private readonly ReadOnlySpan<JpegComponent> _components = components;
    private readonly ushort[][] _quantization = quantization;
    private readonly JpegBand _band = band;
    private readonly int _restartInterval = restartInterval;
    private int _emptyBlocks;

    internal void Decode(ref JpegBits bits)
    {
        bool interleaved = _components.Length > 1;
        int across = interleaved ? _frame.UnitsAcross : _components[0].ShownAcross;
        int down = interleaved ? _frame.UnitsDown : _components[0].ShownDown;
        ResetPredictions();
        int untilRestart = _restartInterval;
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across; x++)
            {
                if (_restartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart();
                    ResetPredictions();
                    untilRestart = _restartInterval - 1;
                }

                if (interleaved)
                {
                    DecodeUnit(ref bits, x, y);
                }
                else
                {
                    DecodeBlock(ref bits, _components[0], x, y);
                }
            }

            bits.CheckOverrun();
        }
    }

    private void ResetPredictions()
    {
        _emptyBlocks = 0;
        foreach (JpegComponent component in _components)
        {
            component.Prediction = 0;
        }
    }

    private void DecodeUnit(ref JpegBits bits, int x, int y)
    {
        foreach (JpegComponent component in _components)
        {
            for (int v = 0; v < component.Vertical; v++)
            {
                for (int h = 0; h < component.Horizontal; h++)
                {
                    DecodeBlock(ref bits, component, (x * component.Horizontal) + h, (y * component.Vertical) + v);
                }
            }
        }
    }

    private void DecodeBlock(ref JpegBits bits, JpegComponent component, int x, int y)
    {
        if (_frame.Progressive)
        {
            DecodeProgressive(ref bits, component, x, y);
            return;
        }

        Span<short> block = stackalloc short[64];
        block.Clear();
        bool hasAc = JpegBlocks.Sequential(ref bits, component, _quantization[component.Quantization], block);
        Span<byte> target = component.Samples.AsSpan((y * 8 * component.Stride) + (x * 8));
        if (hasAc)
        {
            JpegTransform.Inverse(block, target, component.Stride);
        }
        else
        {
            JpegTransform.InverseFlat(block[0], target, component.Stride);
        }
    }

    private void DecodeProgressive(ref JpegBits bits, JpegComponent component, int x, int y)
    {
        Span<short> block = component.Coefficients.AsSpan(((y * component.BlocksAcross) + x) * 64, 64);
        switch (_band)
        {
            case { Start: 0, Refines: false }:
                JpegBlocks.FirstDc(ref bits, component, _band.Shift, block);
                break;
            case { Start: 0 }:
                JpegBlocks.RefineDc(ref bits, _band.Shift, block);
                break;
            case { Refines: false }:
                JpegBlocks.FirstAc(ref bits, component.AcTable!, _band, ref _emptyBlocks, block);
                break;
            default:
                JpegBlocks.RefineAc(ref bits, component.AcTable!, _band, ref _emptyBlocks, block);
                break;
        }
    }

    /// <summary>After the last scan of a progressive picture: from coefficients to samples.</summary>
    internal static void Finish(JpegFrame frame, ushort[][] quantization)
    {
        Span<short> natural = stackalloc short[64];
        foreach (JpegComponent component in frame.Components)
        {
            ushort[] factors = quantization[component.Quantization];
            for (int k = 0; k < 64; k++)
            {
                natural[JpegZigZag.Positions[k]] = (short)factors[k];
            }

            for (int y = 0; y < component.ShownDown; y++)
            {
                for (int x = 0; x < component.ShownAcross; x++)
                {
                    Span<short> block = component.Coefficients.AsSpan(((y * component.BlocksAcross) + x) * 64, 64);
                    for (int i = 0; i < 64; i++)
                    {
                        block[i] = (short)(block[i] * natural[i]);
                    }

                    JpegTransform.Inverse(block, component.Samples.AsSpan((y * 8 * component.Stride) + (x * 8)), component.Stride);
                }
            }
        }
    }
}
