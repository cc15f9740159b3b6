using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench;

/// <summary>Functions of each element, reductions, pooling and changes of layout, in GB/s beside a plain copy.</summary>
internal static class ElementwiseBench
{
    private const int Length = 112 * 112 * 32;

    /// <summary>Prints a line a kernel.</summary>
    public static void Run(double peak)
    {
        float[] x = GemmBench.Fill(new Random(1), Length), z = GemmBench.Fill(new Random(2), Length), y = new float[Length];
        float[] channels = new float[32];
        Print("copy", 2, () => x.AsSpan().CopyTo(y));
        Print("relu", 2, () => Elementwise.Unary(new UnaryOperators.Relu(), x, y));
        Print("add", 3, () => Elementwise.Binary(new BinaryOperators.Add(), x, z, y));
        Print("add by channel", 2, () => Elementwise.BinaryRows(new BinaryOperators.Add(), x, channels, y));
        Print("exp", 2, () => Elementwise.Unary(new UnaryOperators.Exp(), x, y));
        Print("log", 2, () => Elementwise.Unary(new UnaryOperators.Log(), x, y));
        Print("sigmoid", 2, () => Elementwise.Unary(new UnaryOperators.Sigmoid(), x, y));
        Print("tanh", 2, () => Elementwise.Unary(new UnaryOperators.Tanh(), x, y));
        Print("gelu by erf", 2, () => Elementwise.Unary(new UnaryOperators.GeluErf(), x, y));
        Print("hard swish", 2, () => Elementwise.Unary(new UnaryOperators.HardSwish(), x, y));
        Print("sine", 2, () => Elementwise.Scalar(default(ScalarFunctions.Sin), x, y));
        Print("softmax of 392 rows", 2, () => Softmax.Run(x, y, 392, 1024, 1));
        Print("sum of 392 rows", 1, () => Reduction.Run<Reductions.Sum>(x, y, 392, 1024, 1));
        Print("mean by channel", 1, () => Reduction.Run<Reductions.Mean>(x, y, 1, Length / 32, 32));
        Print("NCHW to NHWC", 2, () => Layout.ToChannelsLast<float>(x, y, 1, 32, Length / 32));
        Print("NHWC to NCHW", 2, () => Layout.ToChannelsFirst<float>(x, y, 1, 32, Length / 32));
        Print("NHWC to NCHW, 3 channels", 2, () => Layout.ToChannelsFirst<float>(x, y, 1, 3, Length / 3));
        ConvolutionShape pool = new()
        {
            Batch = 1,
            InputHeight = 112,
            InputWidth = 112,
            InputChannels = 32,
            OutputHeight = 56,
            OutputWidth = 56,
            OutputChannels = 32,
            KernelHeight = 3,
            KernelWidth = 3,
            StrideHeight = 2,
            StrideWidth = 2,
            PadTop = 1,
            PadLeft = 1,
        };
        Print("max pooling 3x3, stride 2", 1.25, () => Pooling2D.Run(PoolingKind.Max, pool, 1, 1, x, y));
        Print("average pooling 3x3", 1.25, () => Pooling2D.Run(PoolingKind.AverageOfInside, pool, 1, 1, x, y));
    }

    private static void Print(string name, double passes, Action work)
    {
        double seconds = Clock.Seconds(work);
        Console.WriteLine($"{name}: {seconds * 1e3:F3} ms, {passes * Length * sizeof(float) / seconds * 1e-9:F1} GB/s");
    }
}
