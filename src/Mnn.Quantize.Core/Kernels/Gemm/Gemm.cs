using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// The matrix product C = clamp(A B + bias, lo, hi) of floats in row-major order, with B packed once.
/// Each element of C starts at its bias (or 0) and takes a[i, 0] b[0, j], a[i, 1] b[1, j], ... one after another with
/// fused multiply-add; so it has the same bits whatever the family, the tiling or the number of threads.
/// Letters: m rows of A and C, n columns of B and C, k the length of the sums.
/// </summary>
internal static partial class Gemm
{
    /// <summary>Rows of a tile: callers that cut m into parts should cut at multiples of it.</summary>
    public const int RowTile = 12;

    /// <summary>Floats that a packed B takes.</summary>
    /// <param name="k">Rows of B.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="level">The kernel family.</param>
    /// <returns>The length that <c>PackB</c> needs.</returns>
    public static int PackedSize(int k, int n, SimdLevel level = SimdLevel.Active)
    {
        Check.That(k >= 0 && n >= 0, "Sizes must not be negative.");
        return checked(k * PaddedColumns(n, SimdLevels.Resolve(level)));
    }

    /// <summary>Brings B into the order in which the kernels of a family read it.</summary>
    /// <param name="b">B: [k, n]; or [n, k] if <paramref name="transposed"/>.</param>
    /// <param name="transposed">Whether B comes transposed.</param>
    /// <param name="k">Rows of B.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="packed">Receives the packed B; at least <see cref="PackedSize"/> floats.</param>
    /// <param name="level">The kernel family; the same is to be used in <see cref="Multiply"/>.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackB(
        ReadOnlySpan<float> b, bool transposed, int k, int n, Span<float> packed, SimdLevel level = SimdLevel.Active)
    {
        PackB(b, transposed ? k : n, transposed, k, n, packed, level);
    }

    /// <summary>The same for a B whose rows are apart.</summary>
    /// <param name="b">B: [k, n] with rows <paramref name="ldb"/> apart; or [n, k] if <paramref name="transposed"/>.</param>
    /// <param name="ldb">Floats from one row of <paramref name="b"/> to the next.</param>
    /// <param name="transposed">Whether B comes transposed.</param>
    /// <param name="k">Rows of B.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="packed">Receives the packed B; at least <see cref="PackedSize"/> floats.</param>
    /// <param name="level">The kernel family; the same is to be used in <see cref="Multiply"/>.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackB(
        ReadOnlySpan<float> b, int ldb, bool transposed, int k, int n, Span<float> packed,
        SimdLevel level = SimdLevel.Active)
    {
        level = SimdLevels.Resolve(level);
        (int rows, int columns) = transposed ? (n, k) : (k, n);
        Check.That(ldb >= columns, "Rows of B overlap.");
        Check.That(b.Length >= Extent(rows, columns, ldb), "B is too short.");
        Check.That(packed.Length >= PackedSize(k, n, level), "The packed B is too short.");
        if (k > 0 && n > 0)
        {
            Pack(b, ldb, transposed, k, n, packed, level);
        }
    }

    /// <summary>C = clamp(A B + bias, lo, hi).</summary>
    /// <param name="a">A: [m, k], rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">Floats from one row of A to the next.</param>
    /// <param name="packed">B as <c>PackB</c> left it.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="c">C: [m, n], rows <paramref name="ldc"/> apart; what lies between the rows is left alone.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family that packed B.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static unsafe void Multiply(
        ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, Span<float> c, int ldc,
        int m, int k, int n, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        level = SimdLevels.Resolve(level);
        Check.That(m >= 0 && k >= 0 && n >= 0, "Sizes must not be negative.");
        Check.That(lda >= k && ldc >= n, "Rows overlap.");
        Check.That(a.Length >= Extent(m, k, lda), "A is too short.");
        Check.That(packed.Length >= PackedSize(k, n, level), "The packed B is too short.");
        Check.That(bias.IsEmpty || bias.Length >= n, "The bias is too short.");
        Check.That(c.Length >= Extent(m, n, ldc), "C is too short.");
        if (m == 0 || n == 0)
        {
            return;
        }

        fixed (float* pa = a, pb = packed, pBias = bias, pc = c)
        {
            Product product = new(pa, lda, pb, pBias, pc, ldc, m, k, n, lo, hi);
            switch (level)
            {
                case SimdLevel.Vector512:
                    Multiply<Simd512, Vector512<float>>(product);
                    break;
                case SimdLevel.Vector256:
                    Multiply<Simd256, Vector256<float>>(product);
                    break;
                case SimdLevel.Vector128:
                    Multiply<Simd128, Vector128<float>>(product);
                    break;
                default:
                    MultiplyScalar(product);
                    break;
            }
        }
    }

    /// <summary>C = clamp(A B + bias, lo, hi) for a B that is used once: packs it into the scratch first.</summary>
    /// <param name="a">A: [m, k], rows <paramref name="lda"/> apart.</param>
    /// <param name="lda">Floats from one row of A to the next.</param>
    /// <param name="b">B: [k, n] with rows <paramref name="ldb"/> apart; or [n, k] if <paramref name="transposed"/>.</param>
    /// <param name="ldb">Floats from one row of <paramref name="b"/> to the next.</param>
    /// <param name="transposed">Whether B comes transposed.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="c">C: [m, n], rows <paramref name="ldc"/> apart.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="scratch">At least <see cref="PackedSize"/> floats, overwritten.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void MultiplyUnpacked(
        ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, bool transposed, ReadOnlySpan<float> bias,
        Span<float> c, int ldc, int m, int k, int n, Span<float> scratch,
        float lo = float.NegativeInfinity, float hi = float.PositiveInfinity, SimdLevel level = SimdLevel.Active)
    {
        PackB(b, ldb, transposed, k, n, scratch, level);
        Multiply(a, lda, scratch, bias, c, ldc, m, k, n, lo, hi, level);
    }

    private static long Extent(int rows, int columns, int stride) =>
        rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * stride) + columns;

    /// <summary>The arguments of one product, checked.</summary>
    private readonly unsafe struct Product(
        float* a, nint lda, float* b, float* bias, float* c, nint ldc, int m, int k, int n, float lo, float hi)
    {
        public float* A { get; } = a;

        public nint Lda { get; } = lda;

        public float* B { get; } = b;

        public float* Bias { get; } = bias;

        public float* C { get; } = c;

        public nint Ldc { get; } = ldc;

        public int M { get; } = m;

        public int K { get; } = k;

        public int N { get; } = n;

        public float Lo { get; } = lo;

        public float Hi { get; } = hi;

        public bool Clamp { get; } = lo > float.NegativeInfinity || hi < float.PositiveInfinity;
    }
}
