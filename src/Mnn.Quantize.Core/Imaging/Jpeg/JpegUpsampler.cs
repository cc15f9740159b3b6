using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Imaging.Jpeg;

/// <summary>
/// Brings one component to the picture's size, row by row. Halved directions are widened by a triangle filter, 3/4 of
/// the near sample and 1/4 of the far one, as in the reference's decoder; any other ratio repeats samples.
/// </summary>
internal sealed class JpegUpsampler
{
    private readonly JpegComponent _component;
    private readonly JpegFrame _frame;
    private readonly bool _halfAcross;
    private readonly bool _halfDown;
    private readonly bool _same;

    /// <param name="frame">Gives the size to reach.</param>
    /// <param name="component">Gives the samples.</param>
    internal JpegUpsampler(JpegFrame frame, JpegComponent component)
    {
        (_frame, _component) = (frame, component);
        bool sameAcross = component.Horizontal == frame.MaxHorizontal;
        bool sameDown = component.Vertical == frame.MaxVertical;
        _halfAcross = component.Horizontal * 2 == frame.MaxHorizontal;
        _halfDown = component.Vertical * 2 == frame.MaxVertical;
        _same = sameAcross && sameDown;

        // The filter applies only where every direction is whole or halved.
        bool filtered = (sameAcross || _halfAcross) && (sameDown || _halfDown);
        (_halfAcross, _halfDown) = (_halfAcross && filtered, _halfDown && filtered);
    }

    /// <summary>Elements that <see cref="Row"/> needs as scratch space: a row, its two borders and the last odd sample.</summary>
    internal static int ScratchLength(JpegFrame frame) => frame.Width + 4;

    /// <summary>One row at the picture's size.</summary>
    /// <param name="y">The picture's row.</param>
    /// <param name="row">Space for the row, at least the picture's width and 1.</param>
    /// <param name="scratch">See <see cref="ScratchLength"/>.</param>
    /// <returns>At least the picture's width of samples: in <paramref name="row"/> or where they are stored.</returns>
    internal ReadOnlySpan<byte> Row(int y, Span<byte> row, Span<ushort> scratch)
    {
        if (_same)
        {
            return Stored(y);
        }

        if (!_halfAcross && !_halfDown)
        {
            return Repeated(y, row);
        }

        int near = _halfDown ? y / 2 : y;
        int far = _halfDown ? Math.Clamp((y & 1) == 0 ? near - 1 : near + 1, 0, _component.Height - 1) : near;
        int width = _component.Width;
        if (!_halfAcross)
        {
            Vertical(Stored(near)[..width], Stored(far)[..width], row);
        }
        else if (_halfDown)
        {
            Span<ushort> mixed = Mix(Stored(near)[..width], Stored(far)[..width], scratch);
            Horizontal(mixed, row, rounding: 8, shift: 4);
        }
        else
        {
            Span<ushort> mixed = Copy(Stored(near)[..width], scratch);
            Horizontal(mixed, row, rounding: 2, shift: 2);
            if (width > 1)
            {
                // A slip in the reference: in this case alone, the last but one sample weighs its neighbours the other way round.
                row[(2 * width) - 2] = (byte)(((3 * mixed[width - 1]) + mixed[width] + 2) >> 2);
            }
        }

        return row;
    }

    private ReadOnlySpan<byte> Stored(int y) => _component.Samples.AsSpan(y * _component.Stride, _component.Stride);

    private Span<byte> Repeated(int y, Span<byte> row)
    {
        ReadOnlySpan<byte> stored = Stored(y * _component.Vertical / _frame.MaxVertical);
        for (int x = 0; x < _frame.Width; x++)
        {
            row[x] = stored[x * _component.Horizontal / _frame.MaxHorizontal];
        }

        return row;
    }

    private static void Vertical(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> row)
    {
        for (int x = 0; x < near.Length; x++)
        {
            row[x] = (byte)(((3 * near[x]) + far[x] + 2) >> 2);
        }
    }

    /// <summary>3 near + far, with a copy of the first and last element as borders: element x is at x + 1.</summary>
    private static Span<ushort> Mix(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<ushort> scratch)
    {
        int width = near.Length;
        ref byte nears = ref MemoryMarshal.GetReference(near);
        ref byte fars = ref MemoryMarshal.GetReference(far[..width]);
        Span<ushort> mixed = scratch[..(width + 2)];
        ref ushort target = ref MemoryMarshal.GetReference(mixed);
        int x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; x <= width - 16; x += 16)
            {
                Vector128<byte> n = Vector128.LoadUnsafe(ref nears, (nuint)x);
                Vector128<byte> f = Vector128.LoadUnsafe(ref fars, (nuint)x);
                ((Vector128.WidenLower(n) * 3) + Vector128.WidenLower(f)).StoreUnsafe(ref target, (nuint)x + 1);
                ((Vector128.WidenUpper(n) * 3) + Vector128.WidenUpper(f)).StoreUnsafe(ref target, (nuint)x + 9);
            }
        }

        for (; x < width; x++)
        {
            mixed[x + 1] = (ushort)((3 * near[x]) + far[x]);
        }

        (mixed[0], mixed[width + 1]) = (mixed[1], mixed[width]);
        return mixed;
    }

    private static Span<ushort> Copy(ReadOnlySpan<byte> near, Span<ushort> scratch)
    {
        int width = near.Length;
        for (int x = 0; x < width; x++)
        {
            scratch[x + 1] = near[x];
        }

        (scratch[0], scratch[width + 1]) = (scratch[1], scratch[width]);
        return scratch[..(width + 2)];
    }

    /// <summary>Two samples from each: mixed with the one on the left, mixed with the one on the right.</summary>
    private static void Horizontal(ReadOnlySpan<ushort> mixed, Span<byte> row, int rounding, int shift)
    {
        int width = mixed.Length - 2;
        ref ushort source = ref MemoryMarshal.GetReference(mixed);
        Span<ushort> pairs = MemoryMarshal.Cast<byte, ushort>(row[..(2 * width)]);
        int x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref ushort target = ref MemoryMarshal.GetReference(pairs);
            Vector128<ushort> round = Vector128.Create((ushort)rounding);
            for (; x <= width - 8; x += 8)
            {
                Vector128<ushort> middle = (Vector128.LoadUnsafe(ref source, (nuint)x + 1) * 3) + round;
                Vector128<ushort> left = (middle + Vector128.LoadUnsafe(ref source, (nuint)x)) >> shift;
                Vector128<ushort> right = (middle + Vector128.LoadUnsafe(ref source, (nuint)x + 2)) >> shift;
                (left | (right << 8)).StoreUnsafe(ref target, (nuint)x);
            }
        }

        for (; x < width; x++)
        {
            int middle = (3 * mixed[x + 1]) + rounding;
            pairs[x] = (ushort)(((middle + mixed[x]) >> shift) | (((middle + mixed[x + 2]) >> shift) << 8));
        }
    }
}
