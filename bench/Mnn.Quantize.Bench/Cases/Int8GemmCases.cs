using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>The integer matrix product.</summary>
internal static class Int8GemmCases
{
    private static readonly (int M, int K, int N)[] Shapes =
        [(512, 512, 512), (3136, 144, 24), (784, 192, 32), (196, 576, 96), (49, 320, 1280), (12544, 32, 16)];

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All => Shapes.Select(s => Product(s.M, s.K, s.N));

    private static KernelCase Product(int m, int k, int n)
    {
        return new KernelCase($"int8 gemm m={m} k={k} n={n}", Prepare)
        {
            Operations = 2.0 * m * k * n,
            IsInteger = true,
            Bytes = ((double)m * k) + ((double)k * n) + ((double)m * n * sizeof(int)),
        };

        Action Prepare()
        {
            Memory<sbyte> a = Aligned.Bytes(m * k);
            Memory<int> c = Aligned.Of<int>(m * n);
            short[] packed = new short[GemmInt8.PackedSize(k, n)];
            GemmInt8.PackB(Aligned.Bytes(k * n).Span, transposed: false, k, n, packed);
            return () => GemmInt8.Multiply(a.Span, k, packed, [], c.Span, n, m, k, n);
        }
    }
}
