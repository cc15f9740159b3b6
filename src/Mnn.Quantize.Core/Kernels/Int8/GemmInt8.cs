using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The matrix product C = A B + bias of 8-bit integers in 32-bit integers, exact (modulo 2^32), with B packed once as
/// 16-bit integers: two neighbours along k lie side by side, since that is what one instruction multiplies and adds
/// without saturating.
/// </summary>
internal static partial class GemmInt8
{
    /// <summary>16-bit integers that a packed B takes.</summary>
    /// <param name="k">Rows of B.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="level">The kernel family.</param>
    /// <returns>The length that <see cref="PackB"/> needs.</returns>
    public static int PackedSize(int k, int n, SimdLevel level = SimdLevel.Active)
    {
        Check.That(k >= 0 && n >= 0, "Sizes must not be negative.");
        int width = VectorWidth(SimdLevels.Resolve(level));
        return checked((k + 1) / 2 * 2 * ((n + width - 1) / width * width));
    }

    /// <summary>Brings B into the order in which the kernels of a family read it.</summary>
    /// <param name="b">B: [k, n]; or [n, k] if <paramref name="transposed"/>.</param>
    /// <param name="transposed">Whether B comes transposed.</param>
    /// <param name="k">Rows of B.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="packed">Receives panels of up to two vectors of columns: [k / 2, columns, 2].</param>
    /// <param name="level">The kernel family; the same is to be used in <see cref="Multiply"/>.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackB(
        ReadOnlySpan<sbyte> b, bool transposed, int k, int n, Span<short> packed, SimdLevel level = SimdLevel.Active)
    {
        Check.That(b.Length >= (long)k * n, "B is too short.");
        Check.That(packed.Length >= PackedSize(k, n, level), "The packed B is too short.");
        int vector = VectorWidth(SimdLevels.Resolve(level)), depth = (k + 1) / 2 * 2, i = 0;
        for (int first = 0; first < n; first += 2 * vector)
        {
            int width = n - first > vector ? 2 * vector : vector;
            for (int l = 0; l < depth; l += 2)
            {
                for (int j = first; j < first + width; j++)
                {
                    for (int h = l; h < l + 2; h++)
                    {
                        packed[i++] = h < k && j < n ? b[transposed ? (j * k) + h : (h * n) + j] : (short)0;
                    }
                }
            }
        }
    }

    /// <summary>C = A B + bias.</summary>
    /// <param name="a">A: [m, k], rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">Elements from one row of A to the next.</param>
    /// <param name="packed">B as <see cref="PackB"/> left it.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="c">C: [m, n], rows <paramref name="ldc"/> apart.</param>
    /// <param name="ldc">Elements from one row of C to the next.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="level">The kernel family that packed B.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static unsafe void Multiply(
        ReadOnlySpan<sbyte> a, int lda, ReadOnlySpan<short> packed, ReadOnlySpan<int> bias, Span<int> c, int ldc,
        int m, int k, int n, SimdLevel level = SimdLevel.Active)
    {
        level = SimdLevels.Resolve(level);
        Check.That(m >= 0 && k >= 0 && n >= 0 && lda >= k && ldc >= n, "Sizes are negative, or rows overlap.");
        Check.That(a.Length >= (m == 0 ? 0 : ((long)(m - 1) * lda) + k), "A is too short.");
        Check.That(packed.Length >= PackedSize(k, n, level), "The packed B is too short.");
        Check.That(bias.IsEmpty || bias.Length >= n, "The bias is too short.");
        Check.That(c.Length >= (m == 0 ? 0 : ((long)(m - 1) * ldc) + n), "C is too short.");
        for (int i = 0; i < m; i++)
        {
            Span<int> row = c.Slice(i * ldc, n);
            if (bias.IsEmpty)
            {
                row.Clear();
            }
            else
            {
                bias[..n].CopyTo(row);
            }
        }

        fixed (sbyte* pa = a)
        fixed (short* pb = packed)
        fixed (int* pc = c)
        {
            Product product = new(pa, lda, pb, pc, ldc, m, k, n);
            switch (level)
            {
                case SimdLevel.Vector512:
                    MultiplyVector<SimdInt8By512, Vector512<int>>(product);
                    break;
                case SimdLevel.Vector256:
                    MultiplyVector<SimdInt8By256, Vector256<int>>(product);
                    break;
                case SimdLevel.Vector128:
                    MultiplyVector<SimdInt8By128, Vector128<int>>(product);
                    break;
                default:
                    MultiplyScalar(product);
                    break;
            }
        }
    }

    private static int VectorWidth(SimdLevel level) => level switch
    {
        SimdLevel.Vector512 => 16,
        SimdLevel.Vector256 => 8,
        SimdLevel.Vector128 => 4,
        _ => 1,
    };

    /// <summary>The arguments of one product, checked; C holds the bias.</summary>
    private readonly unsafe struct Product(sbyte* a, nint lda, short* b, int* c, nint ldc, int m, int k, int n)
    {
        public sbyte* A { get; } = a;

        public nint Lda { get; } = lda;

        public short* B { get; } = b;

        public int* C { get; } = c;

        public nint Ldc { get; } = ldc;

        public int M { get; } = m;

        public int K { get; } = k;

        public int N { get; } = n;
    }
}
