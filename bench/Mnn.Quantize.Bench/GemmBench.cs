using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>The float matrix product on a cube, on the 1x1 convolutions of MobileNetV2 and on awkward sizes.</summary>
internal static class GemmBench
{
    private static readonly (int M, int K, int N)[] Shapes =
    [
        (512, 512, 512), (3136, 144, 24), (784, 192, 32), (196, 576, 96), (49, 960, 320), (49, 320, 1280),
        (12544, 32, 16), (12544, 16, 96), (3136, 24, 144), (196, 96, 576), (49, 160, 960), (196, 1024, 256),
        (12544, 27, 32), (1, 1280, 1000), (100, 300, 77), (64, 4608, 512),
    ];

    /// <summary>Prints a line a shape.</summary>
    public static void Run(double peak)
    {
        foreach ((int m, int k, int n) in Shapes)
        {
            Random random = new(1);
            float[] a = Fill(random, m * k), b = Fill(random, k * n), bias = Fill(random, n), c = new float[m * n];
            float[] packed = new float[Gemm.PackedSize(k, n)];
            Gemm.PackB(b, transposed: false, k, n, packed);
            double seconds = Clock.Seconds(() => Gemm.Multiply(a, k, packed, bias, c, n, m, k, n, 0, 6));
            double pack = Clock.Seconds(() => Gemm.PackB(b, transposed: true, k, n, packed));
            double flops = 2.0 * m * k * n;
            Console.WriteLine(
                $"gemm m={m} k={k} n={n}: {seconds * 1e3:F3} ms, {flops / seconds * 1e-9:F1} GFLOP/s, " +
                $"{flops / seconds / peak:P0} of peak; packing B transposed {pack * 1e3:F3} ms");
        }
    }

    internal static float[] Fill(Random random, int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return values;
    }
}
