using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Bench.Cases;

/// <summary>Functions of each element, reductions and changes of layout, of 112 x 112 x 32 values, beside a plain copy.</summary>
internal static class ElementwiseCases
{
    private const int Length = 112 * 112 * 32;

    private delegate void OfOne(ReadOnlySpan<float> x, Span<float> y);

    private delegate void OfTwo(ReadOnlySpan<float> x, ReadOnlySpan<float> z, Span<float> y);

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All =>
    [
        One("copy", 2, (x, y) => x.CopyTo(y)),
        One("relu", 2, (x, y) => Elementwise.Unary(new UnaryOperators.Relu(), x, y)),
        Two("add", 3, Length, (x, z, y) => Elementwise.Binary(new BinaryOperators.Add(), x, z, y)),
        Two("add by channel", 2, 32, (x, z, y) => Elementwise.BinaryRows(new BinaryOperators.Add(), x, z, y)),
        One("exp", 2, (x, y) => Elementwise.Unary(new UnaryOperators.Exp(), x, y)),
        One("log", 2, (x, y) => Elementwise.Unary(new UnaryOperators.Log(), x, y)),
        One("sigmoid", 2, (x, y) => Elementwise.Unary(new UnaryOperators.Sigmoid(), x, y)),
        One("tanh", 2, (x, y) => Elementwise.Unary(new UnaryOperators.Tanh(), x, y)),
        One("gelu by erf", 2, (x, y) => Elementwise.Unary(new UnaryOperators.GeluErf(), x, y)),
        One("hard swish", 2, (x, y) => Elementwise.Unary(new UnaryOperators.HardSwish(), x, y)),
        One("sine", 2, (x, y) => Elementwise.Scalar(default(ScalarFunctions.Sin), x, y)),
        One("softmax of 392 rows", 2, (x, y) => Softmax.Run(x, y, 392, 1024, 1)),
        One("sum of 392 rows", 1, (x, y) => Reduction.Run<Reductions.Sum>(x, y, 392, 1024, 1)),
        One("mean by channel", 1, (x, y) => Reduction.Run<Reductions.Mean>(x, y, 1, Length / 32, 32)),
        One("NCHW to NHWC", 2, (x, y) => Layout.ToChannelsLast(x, y, 1, 32, Length / 32)),
        One("NHWC to NCHW", 2, (x, y) => Layout.ToChannelsFirst(x, y, 1, 32, Length / 32)),
        One("NHWC to NCHW, 3 channels", 2, (x, y) => Layout.ToChannelsFirst(x, y, 1, 3, Length / 3)),
    ];

    private static KernelCase One(string name, int passes, OfOne kernel)
    {
        return new KernelCase(name, Prepare) { Bytes = (double)passes * Length * sizeof(float) };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats(Length), y = Aligned.Of<float>(Length);
            return () => kernel(x.Span, y.Span);
        }
    }

    private static KernelCase Two(string name, int passes, int second, OfTwo kernel)
    {
        return new KernelCase(name, Prepare) { Bytes = (double)passes * Length * sizeof(float) };

        Action Prepare()
        {
            Memory<float> x = Aligned.Floats(Length), z = Aligned.Floats(second), y = Aligned.Of<float>(Length);
            return () => kernel(x.Span, z.Span, y.Span);
        }
    }
}
