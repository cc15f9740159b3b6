using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>The float matrix product on a cube, on the 1x1 convolutions of MobileNetV2 and on awkward sizes; and packing.</summary>
internal static class GemmCases
{
    private static readonly (int M, int K, int N)[] Shapes =
    [
        (512, 512, 512), (3136, 144, 24), (784, 192, 32), (196, 576, 96), (49, 960, 320), (49, 320, 1280),
        (12544, 32, 16), (12544, 16, 96), (3136, 24, 144), (196, 96, 576), (49, 160, 960), (196, 1024, 256),
        (12544, 27, 32), (1, 1280, 1000), (100, 300, 77), (64, 4608, 512),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All =>
        [.. Shapes.Select(s => Product(s.M, s.K, s.N)), Packing(512, 512), Packing(960, 320), Packing(1280, 1000)];

    private static KernelCase Product(int m, int k, int n)
    {
        return new KernelCase($"gemm m={m} k={k} n={n}", Prepare)
        {
            Operations = 2.0 * m * k * n,
            Bytes = sizeof(float) * (((double)m * k) + ((double)k * n) + ((double)m * n)),
        };

        Action Prepare()
        {
            Memory<float> a = Aligned.Floats(m * k), bias = Aligned.Floats(n), c = Aligned.Of<float>(m * n);
            float[] packed = new float[Gemm.PackedSize(k, n)];
            Gemm.PackB(Aligned.Floats(k * n).Span, transposed: false, k, n, packed);
            return () => Gemm.Multiply(a.Span, k, packed, bias.Span, c.Span, n, m, k, n, 0, 6);
        }
    }

    private static KernelCase Packing(int k, int n)
    {
        return new KernelCase($"packing k={k} n={n}, transposed", Prepare) { Bytes = 2.0 * k * n * sizeof(float) };

        Action Prepare()
        {
            Memory<float> b = Aligned.Floats(k * n);
            float[] packed = new float[Gemm.PackedSize(k, n)];
            return () => Gemm.PackB(b.Span, transposed: true, k, n, packed);
        }
    }
}
