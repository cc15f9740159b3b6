using System.Diagnostics;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>What the first call of a kernel costs a short-lived command: compiling it.</summary>
internal static class StartupBench
{
    /// <summary>Prints a line a kernel; run it alone, since a kernel starts once.</summary>
    public static void Run()
    {
        float[] a = new float[4096], b = new float[4096], c = new float[4096];
        ConvolutionShape shape = new()
        {
            Batch = 1,
            InputHeight = 12,
            InputWidth = 12,
            InputChannels = 16,
            OutputHeight = 10,
            OutputWidth = 10,
            OutputChannels = 16,
            KernelHeight = 3,
            KernelWidth = 3,
        };
        ConvolutionShape depthwise = shape with { Group = 16 };
        float[] scratch = new float[Convolution2D.ScratchSize(shape)];
        First("packing", () => Gemm.PackB(a, true, 16, 32, c));
        First("gemm 12 x 32", () => Gemm.Multiply(a, 16, b, [], c, 32, 12, 16, 32));
        First("gemm 12 x 32 again", () => Gemm.Multiply(a, 16, b, [], c, 32, 12, 16, 32));
        First("gemm 29 x 56", () => Gemm.Multiply(a, 16, b, [], c, 56, 29, 16, 56));
        First("convolution", () => Convolution2D.Run(shape, a, b, [], c, scratch));
        First("depthwise", () => DepthwiseConvolution2D.Run(depthwise, a, b, [], c));
        First("average pooling", () => Pooling2D.Run(PoolingKind.AverageOfInside, shape, 0, 0, a, c));
        First("add", () => Elementwise.Binary(new BinaryOperators.Add(), a, b, c));
        First("sigmoid", () => Elementwise.Unary(new UnaryOperators.Sigmoid(), a, c));
        First("softmax", () => Softmax.Run(a, c, 4, 1024, 1));
        First("transposition", () => Layout.Transpose<float>(a, c, 1, 64, 64));
    }

    private static void First(string name, Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        Console.WriteLine($"first {name}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F2} ms");
    }
}
