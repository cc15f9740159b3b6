namespace Mnn.Quantize.Kernels;

internal static unsafe partial class Elementwise
{
    /// <summary>The most axes of a broadcast.</summary>
    public const int MaxAxes = 8;

    /// <summary>
    /// y[i0, i1, ...] = op(a[i0 sa0 + i1 sa1 + ...], b[i0 sb0 + i1 sb1 + ...]); y is dense, in row-major order. An axis
    /// along which an argument is repeated has the stride 0 there.
    /// </summary>
    /// <typeparam name="T">The function.</typeparam>
    /// <param name="op">The function.</param>
    /// <param name="a">First arguments.</param>
    /// <param name="aStrides">Floats from element to element of a along each axis; not negative.</param>
    /// <param name="b">Second arguments.</param>
    /// <param name="bStrides">Floats from element to element of b along each axis; not negative.</param>
    /// <param name="sizes">Sizes of y, at most <see cref="MaxAxes"/>.</param>
    /// <param name="y">Results; must not lie in the place of a repeated argument.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The sizes don't fit.</exception>
    public static void BinaryBroadcast<T>(
        T op, ReadOnlySpan<float> a, ReadOnlySpan<int> aStrides, ReadOnlySpan<float> b, ReadOnlySpan<int> bStrides,
        ReadOnlySpan<int> sizes, Span<float> y, SimdLevel level = SimdLevel.Active)
        where T : struct, IBinaryOperator
    {
        Check.That(sizes.Length <= MaxAxes, "There are too many axes.");
        Check.That(aStrides.Length == sizes.Length && bStrides.Length == sizes.Length, "Each axis needs two strides.");
        Span<int> n = stackalloc int[MaxAxes], sa = stackalloc int[MaxAxes], sb = stackalloc int[MaxAxes];
        long length = 1, lastA = 0, lastB = 0;
        int axes = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            Check.That(sizes[i] >= 0 && aStrides[i] >= 0 && bStrides[i] >= 0, "Sizes and strides must not be negative.");
            length *= sizes[i];
            lastA += (long)Math.Max(sizes[i] - 1, 0) * aStrides[i];
            lastB += (long)Math.Max(sizes[i] - 1, 0) * bStrides[i];
            axes = AddAxis(n, sa, sb, axes, sizes[i], aStrides[i], bStrides[i]);
        }

        Check.That(y.Length >= length, "y is too short.");
        if (length == 0)
        {
            return;
        }

        Check.That(a.Length > lastA && b.Length > lastB, "An argument is too short.");
        fixed (float* pa = a, pb = b, py = y)
        {
            if (axes == 0)
            {
                Line(op, pa, 1, pb, 1, py, 1, SimdLevels.Resolve(level));
                return;
            }

            float* target = py;
            Axis(op, pa, pb, ref target, n[..axes], sa, sb, SimdLevels.Resolve(level));
        }
    }

    /// <summary>Leaves out axes of size 1 and joins an axis to the one before if both arguments run on through them.</summary>
    private static int AddAxis(Span<int> n, Span<int> sa, Span<int> sb, int axes, int size, int aStride, int bStride)
    {
        if (size == 1)
        {
            return axes;
        }

        bool joins = axes > 0 && sa[axes - 1] == (long)aStride * size && sb[axes - 1] == (long)bStride * size;
        int axis = joins ? axes - 1 : axes;
        n[axis] = joins ? n[axis] * size : size;
        sa[axis] = aStride;
        sb[axis] = bStride;
        return axis + 1;
    }

    private static void Axis<T>(
        T op, float* a, float* b, ref float* y, ReadOnlySpan<int> n, ReadOnlySpan<int> sa, ReadOnlySpan<int> sb,
        SimdLevel level)
        where T : struct, IBinaryOperator
    {
        nint aStep = sa[0], bStep = sb[0];
        if (n.Length == 2 && aStep == n[1] && sa[1] == 1 && bStep == 0 && sb[1] == 1)
        {
            Rows(op, a, b, y, n[0], n[1], level);
            y += (nint)n[0] * n[1];
            return;
        }

        if (n.Length > 1)
        {
            for (int i = 0; i < n[0]; i++, a += aStep, b += bStep)
            {
                Axis(op, a, b, ref y, n[1..], sa[1..], sb[1..], level);
            }

            return;
        }

        if (aStep <= 1 && bStep <= 1 && aStep + bStep > 0)
        {
            Line(op, a, aStep, b, bStep, y, n[0], level);
            y += n[0];
            return;
        }

        for (int i = 0; i < n[0]; i++, a += aStep, b += bStep)
        {
            *y++ = op.Apply<SimdScalar, float>(*a, *b);
        }
    }
}
