using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>The integer matrix product, beside the same product in floats.</summary>
internal static class Int8Bench
{
    /// <summary>Prints a line a shape.</summary>
    public static void Run(double peak)
    {
        foreach ((int m, int k, int n) in
            new[] { (512, 512, 512), (3136, 144, 24), (784, 192, 32), (196, 576, 96), (49, 320, 1280), (12544, 32, 16) })
        {
            Random random = new(1);
            sbyte[] a = [.. GemmBench.Fill(random, m * k).Select(value => (sbyte)(value * 127))];
            sbyte[] b = [.. GemmBench.Fill(random, k * n).Select(value => (sbyte)(value * 127))];
            short[] packed = new short[GemmInt8.PackedSize(k, n)];
            int[] c = new int[m * n];
            GemmInt8.PackB(b, transposed: false, k, n, packed);
            double seconds = Clock.Seconds(() => GemmInt8.Multiply(a, k, packed, [], c, n, m, k, n));
            double operations = 2.0 * m * k * n;
            Console.WriteLine(
                $"int8 gemm m={m} k={k} n={n}: {seconds * 1e3:F3} ms, {operations / seconds * 1e-9:F1} Gop/s, " +
                $"{operations / seconds / peak:F2} of the float peak");
        }
    }
}
