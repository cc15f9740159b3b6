using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Copies a box of elements from one strided array to another: what slicing, padding, concatenation, permutation, tiling
/// and broadcasting all come down to (the runtime's Raster regions).
/// </summary>
internal static class StridedCopy
{
    /// <summary>Most dimensions that a box may have.</summary>
    public const int MaxRank = 10;

    // Bytes from which on a row is worth a call of its own.
    private const int LongRow = 512;

    /// <summary>
    /// dst[dstOffset + sum(i * dstStrides)] = src[srcOffset + sum(i * srcStrides)] for each index i within
    /// <paramref name="extents"/>. Strides and offsets count elements; strides may be 0 (repeat) or negative.
    /// </summary>
    /// <param name="src">Source elements.</param>
    /// <param name="srcOffset">Where the box starts in the source.</param>
    /// <param name="srcStrides">[rank]</param>
    /// <param name="dst">Destination elements; must not overlap the source.</param>
    /// <param name="dstOffset">Where the box starts in the destination.</param>
    /// <param name="dstStrides">[rank]</param>
    /// <param name="extents">[rank], rank at most <see cref="MaxRank"/>; a 0 makes the box empty.</param>
    /// <param name="elementSize">1 or 4 bytes.</param>
    public static void Copy(
        ReadOnlySpan<byte> src,
        int srcOffset,
        ReadOnlySpan<int> srcStrides,
        Span<byte> dst,
        int dstOffset,
        ReadOnlySpan<int> dstStrides,
        ReadOnlySpan<int> extents,
        int elementSize)
    {
        if (elementSize == 4)
        {
            Copy(
                MemoryMarshal.Cast<byte, uint>(src), srcOffset, srcStrides,
                MemoryMarshal.Cast<byte, uint>(dst), dstOffset, dstStrides, extents);
        }
        else
        {
            Copy(src, srcOffset, srcStrides, dst, dstOffset, dstStrides, extents);
        }
    }

    /// <inheritdoc cref="Copy(ReadOnlySpan{byte}, int, ReadOnlySpan{int}, Span{byte}, int, ReadOnlySpan{int}, ReadOnlySpan{int}, int)"/>
    public static void Copy<T>(
        ReadOnlySpan<T> src,
        int srcOffset,
        ReadOnlySpan<int> srcStrides,
        Span<T> dst,
        int dstOffset,
        ReadOnlySpan<int> dstStrides,
        ReadOnlySpan<int> extents)
        where T : unmanaged
    {
        Span<Axis> axes = stackalloc Axis[MaxRank];
        int rank = Collapse(srcStrides, dstStrides, extents, axes);
        if (rank < 0)
        {
            return;
        }

        Check(axes[..rank], srcOffset, src.Length, dstOffset, dst.Length);
        Recurse(
            ref MemoryMarshal.GetReference(src), srcOffset, ref MemoryMarshal.GetReference(dst), dstOffset, axes[..rank]);
    }

    // Drops dimensions of extent 1 and merges neighbours that step on seamlessly; -1 for an empty box.
    private static int Collapse(
        ReadOnlySpan<int> srcStrides, ReadOnlySpan<int> dstStrides, ReadOnlySpan<int> extents, Span<Axis> axes)
    {
        int rank = 0;
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] == 0)
            {
                return -1;
            }

            if (extents[i] == 1)
            {
                continue;
            }

            var axis = new Axis(extents[i], srcStrides[i], dstStrides[i]);
            if (rank > 0 && axes[rank - 1] is var outer
                && outer.Src == axis.Src * axis.Extent && outer.Dst == axis.Dst * axis.Extent)
            {
                axes[rank - 1] = axis with { Extent = outer.Extent * axis.Extent };
            }
            else
            {
                axes[rank++] = axis;
            }
        }

        return rank;
    }

    private static void Check(ReadOnlySpan<Axis> axes, int srcOffset, int srcLength, int dstOffset, int dstLength)
    {
        (long srcLow, long srcHigh, long dstLow, long dstHigh) = (srcOffset, srcOffset, dstOffset, dstOffset);
        foreach (Axis axis in axes)
        {
            long src = (axis.Extent - 1L) * axis.Src;
            long dst = (axis.Extent - 1L) * axis.Dst;
            srcLow += Math.Min(0, src);
            srcHigh += Math.Max(0, src);
            dstLow += Math.Min(0, dst);
            dstHigh += Math.Max(0, dst);
        }

        if (srcLow < 0 || srcHigh >= srcLength || dstLow < 0 || dstHigh >= dstLength)
        {
            throw new ArgumentException("The box reaches outside the arrays.");
        }
    }

    private static void Recurse<T>(ref T src, int srcOffset, ref T dst, int dstOffset, ReadOnlySpan<Axis> axes)
        where T : unmanaged
    {
        if (axes.Length <= 1)
        {
            Axis axis = axes.Length == 0 ? new Axis(1, 1, 1) : axes[0];
            Line(ref Unsafe.Add(ref src, srcOffset), axis.Src, ref Unsafe.Add(ref dst, dstOffset), axis.Dst, axis.Extent);
            return;
        }

        if (axes.Length == 2 && axes[1].Dst != 1 && axes[0].Dst == 1)
        {
            // Writes that run on beat reads that run on: swap a transposition's loops.
            Span<Axis> swapped = [axes[1], axes[0]];
            Outer(ref src, srcOffset, ref dst, dstOffset, swapped);
            return;
        }

        Outer(ref src, srcOffset, ref dst, dstOffset, axes);
    }

    private static void Outer<T>(ref T src, int srcOffset, ref T dst, int dstOffset, ReadOnlySpan<Axis> axes)
        where T : unmanaged
    {
        Axis outer = axes[0];
        if (axes.Length == 2 && axes[1] is { Src: 1, Dst: 1 })
        {
            Rows(ref Unsafe.Add(ref src, srcOffset), ref Unsafe.Add(ref dst, dstOffset), outer, axes[1].Extent);
            return;
        }

        for (int i = 0; i < outer.Extent; i++)
        {
            if (axes.Length == 2)
            {
                Axis inner = axes[1];
                Line(
                    ref Unsafe.Add(ref src, srcOffset), inner.Src, ref Unsafe.Add(ref dst, dstOffset), inner.Dst,
                    inner.Extent);
            }
            else
            {
                Recurse(ref src, srcOffset, ref dst, dstOffset, axes[1..]);
            }

            srcOffset += outer.Src;
            dstOffset += outer.Dst;
        }
    }

    // Rows that lie apart; the usual ones, pixels of some channels, are too short for a call each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T>(ref T src, ref T dst, Axis outer, int count)
        where T : unmanaged
    {
        int bytes = count * Unsafe.SizeOf<T>();
        nint srcStep = (nint)outer.Src * Unsafe.SizeOf<T>(), dstStep = (nint)outer.Dst * Unsafe.SizeOf<T>();
        ref byte from = ref Unsafe.As<T, byte>(ref src);
        ref byte to = ref Unsafe.As<T, byte>(ref dst);
        for (int row = 0; row < outer.Extent; row++)
        {
            CopyBytes(ref Unsafe.Add(ref from, row * srcStep), ref Unsafe.Add(ref to, row * dstStep), bytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBytes(ref byte from, ref byte to, int bytes)
    {
        if (bytes > LongRow)
        {
            MemoryMarshal.CreateReadOnlySpan(ref from, bytes).CopyTo(MemoryMarshal.CreateSpan(ref to, bytes));
            return;
        }

        int i = 0;
        for (; i <= bytes - 16; i += 16)
        {
            Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i <= bytes - 4; i += 4)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i), Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, i)));
        }

        for (; i < bytes; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
        }
    }

    private static void Line<T>(ref T src, int srcStride, ref T dst, int dstStride, int count)
        where T : unmanaged
    {
        if (dstStride == 1 && srcStride == 1)
        {
            MemoryMarshal.CreateReadOnlySpan(ref src, count).CopyTo(MemoryMarshal.CreateSpan(ref dst, count));
        }
        else if (dstStride == 1 && srcStride == 0)
        {
            MemoryMarshal.CreateSpan(ref dst, count).Fill(src);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref dst, (nint)i * dstStride) = Unsafe.Add(ref src, (nint)i * srcStride);
            }
        }
    }

    private readonly record struct Axis(int Extent, int Src, int Dst);
}
