namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>Decodes the coefficients of one block: sequential (T.81, F.2.2) and progressive (T.81, G.1.2 and G.2).</summary>
internal static class JpegBlocks
{
    /// <summary>Decodes a whole block and multiplies it by its quantization table.</summary>
    /// <param name="bits">The coded data.</param>
    /// <param name="component">Gives the tables and the DC prediction.</param>
    /// <param name="quantization">64 factors in zigzag order.</param>
    /// <param name="block">64 coefficients, row-major, all 0 on entry.</param>
    /// <returns>Whether any coefficient but the first is set.</returns>
    internal static bool Sequential(
        ref JpegBits bits, JpegComponent component, ReadOnlySpan<ushort> quantization, scoped Span<short> block)
    {
        block[0] = (short)(NextDc(ref bits, component) * quantization[0]);
        quantization = quantization[..64];
        block = block[..64];
        ReadOnlySpan<byte> positions = JpegZigZag.Positions;
        JpegHuffman table = component.AcTable!;
        int[] lookValue = table.LookValue;
        ulong buffer = bits.Buffer;
        int count = bits.Count;
        int k = 1;
        for (; k < 64; k++)
        {
            bits.Refill(ref buffer, ref count);
            int entry = lookValue[(int)(buffer >> (64 - JpegHuffman.LookBits))];
            int value;
            if (entry != 0)
            {
                buffer <<= entry & 255;
                count -= entry & 255;
                value = entry >> 16;
                if (value == 0)
                {
                    break;
                }

                k += (entry >> 8) & 15;
            }
            else
            {
                entry = bits.Lookup(table, buffer);
                int length = entry >> 8;
                int size = entry & 15;
                k += (entry >> 4) & 15;
                buffer <<= length;
                count -= length;
                if (size == 0)
                {
                    if ((entry & 0xF0) != 0xF0)
                    {
                        break;
                    }

                    continue;
                }

                value = JpegHuffman.Extend((int)(buffer >> (64 - size)), size);
                buffer <<= size;
                count -= size;
            }

            if (k > 63)
            {
                throw bits.Damaged($"a block before offset {bits.Position} has more than 64 coefficients");
            }

            block[positions[k]] = (short)(value * quantization[k]);
        }

        bits.Buffer = buffer;
        bits.Count = count;
        return k > 1;
    }

    /// <summary>First scan of a block's DC coefficient.</summary>
    internal static void FirstDc(ref JpegBits bits, JpegComponent component, int shift, Span<short> block) =>
        block[0] = (short)(NextDc(ref bits, component) << shift);

    /// <summary>One more bit of a block's DC coefficient.</summary>
    internal static void RefineDc(ref JpegBits bits, int shift, Span<short> block)
    {
        if (bits.Take(1) != 0)
        {
            block[0] |= (short)(1 << shift);
        }
    }

    /// <summary>First scan of a band of AC coefficients.</summary>
    /// <param name="bits">The coded data.</param>
    /// <param name="table">The AC table.</param>
    /// <param name="band">First and last coefficient, in zigzag order, and the shift of their values.</param>
    /// <param name="emptyBlocks">Blocks that are known to have nothing more in this band.</param>
    /// <param name="block">64 coefficients, row-major.</param>
    internal static void FirstAc(
        ref JpegBits bits, JpegHuffman table, in JpegBand band, ref int emptyBlocks, Span<short> block)
    {
        if (emptyBlocks > 0)
        {
            emptyBlocks--;
            return;
        }

        ReadOnlySpan<byte> positions = JpegZigZag.Positions;
        for (int k = band.Start; k <= band.End; k++)
        {
            int symbol = bits.Symbol(table);
            (int run, int size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < 15)
            {
                emptyBlocks = RunOfEmptyBlocks(ref bits, run) - 1;
                return;
            }

            k += run;
            if (size > 0)
            {
                if (k > band.End)
                {
                    throw bits.Damaged($"a run before offset {bits.Position} leaves its band of coefficients");
                }

                block[positions[k]] = (short)(JpegHuffman.Extend(bits.Take(size), size) << band.Shift);
            }
        }
    }

    /// <summary>One more bit of a band of AC coefficients: new ones appear, those that are there may grow.</summary>
    /// <remarks>Parameters as for <see cref="FirstAc"/>.</remarks>
    internal static void RefineAc(
        ref JpegBits bits, JpegHuffman table, in JpegBand band, ref int emptyBlocks, Span<short> block)
    {
        int k = band.Start;
        if (emptyBlocks == 0)
        {
            while (k <= band.End)
            {
                int symbol = bits.Symbol(table);
                (int run, int size) = (symbol >> 4, symbol & 15);
                int value = 0;
                if (size == 0 && run < 15)
                {
                    emptyBlocks = RunOfEmptyBlocks(ref bits, run);
                    break;
                }

                if (size > 0)
                {
                    value = bits.Take(1) != 0 ? 1 << band.Shift : -(1 << band.Shift);
                }

                k = SkipZeros(ref bits, band, k, run, block);
                if (value != 0 && k <= band.End)
                {
                    block[JpegZigZag.Positions[k]] = (short)value;
                }

                k++;
            }
        }

        if (emptyBlocks > 0)
        {
            emptyBlocks--;
            SkipZeros(ref bits, band, k, int.MaxValue, block);
        }
    }

    /// <summary>Refines set coefficients from k on up to the zero after so many zeros; returns where that is.</summary>
    private static int SkipZeros(ref JpegBits bits, in JpegBand band, int k, int zeros, Span<short> block)
    {
        ReadOnlySpan<byte> positions = JpegZigZag.Positions;
        int bit = 1 << band.Shift;
        for (; k <= band.End; k++)
        {
            ref short coefficient = ref block[positions[k]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (bits.Take(1) != 0 && (coefficient & bit) == 0)
            {
                coefficient += (short)(coefficient > 0 ? bit : -bit);
            }
        }

        return k;
    }

    private static int RunOfEmptyBlocks(ref JpegBits bits, int size) =>
        size == 0 ? 1 : (1 << size) + bits.Take(size);

    private static int NextDc(ref JpegBits bits, JpegComponent component)
    {
        int size = bits.Symbol(component.DcTable!);
        if (size > 15)
        {
            throw bits.Damaged($"a DC difference before offset {bits.Position} has {size} bits");
        }

        int difference = size == 0 ? 0 : JpegHuffman.Extend(bits.Take(size), size);
        return component.Prediction += difference;
    }
}

/// <summary>Which coefficients a progressive scan holds (zigzag order) and by how much their values are shifted.</summary>
internal readonly record struct JpegBand(int Start, int End, int Shift, bool Refines);
