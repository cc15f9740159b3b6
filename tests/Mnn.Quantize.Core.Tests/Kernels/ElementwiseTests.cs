using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class ElementwiseTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 41), 63, 64, 65, 1000];

    [TestMethod]
    public void Unary_functions_have_the_bits_of_the_scalar_twin()
    {
        Unary(new UnaryOperators.Abs());
        Unary(new UnaryOperators.Negate());
        Unary(new UnaryOperators.Square());
        Unary(new UnaryOperators.Sqrt());
        Unary(new UnaryOperators.Rsqrt());
        Unary(new UnaryOperators.Reciprocal());
        Unary(new UnaryOperators.Floor());
        Unary(new UnaryOperators.Ceiling());
        Unary(new UnaryOperators.RoundEven());
        Unary(new UnaryOperators.RoundAway());
        Unary(new UnaryOperators.Truncate());
        Unary(new UnaryOperators.Sign());
        Unary(new UnaryOperators.Affine(1.7f, -0.3f));
        Unary(new UnaryOperators.Exp());
        Unary(new UnaryOperators.Expm1());
        Unary(new UnaryOperators.Log());
        Unary(new UnaryOperators.Log1p());
        Unary(new UnaryOperators.Relu());
        Unary(new UnaryOperators.Clamp(-0.5f, 6));
        Unary(new UnaryOperators.LeakyRelu(0.1f));
        Unary(new UnaryOperators.Tanh());
        Unary(new UnaryOperators.Sigmoid());
        Unary(new UnaryOperators.Erf());
        Unary(new UnaryOperators.Silu());
        Unary(new UnaryOperators.HardSigmoid(0.2f, 0.5f));
        Unary(new UnaryOperators.HardSwish());
        Unary(new UnaryOperators.Softplus());
        Unary(new UnaryOperators.Elu(1.3f));
        Unary(new UnaryOperators.Selu(1.0507f, 1.67326f));
        Unary(new UnaryOperators.GeluErf());
        Unary(new UnaryOperators.GeluTanh());
    }

    [TestMethod]
    public void Binary_functions_have_the_bits_of_the_scalar_twin()
    {
        Binary(new BinaryOperators.Add());
        Binary(new BinaryOperators.Sub());
        Binary(new BinaryOperators.Mul());
        Binary(new BinaryOperators.Div());
        Binary(new BinaryOperators.Max());
        Binary(new BinaryOperators.Min());
        Binary(new BinaryOperators.SquaredDifference());
        Binary(new BinaryOperators.FloorDivide());
        Binary(new BinaryOperators.Prelu());
        Binary(new BinaryOperators.Less());
        Binary(new BinaryOperators.LessOrEqual());
        Binary(new BinaryOperators.Equal());
        Binary(new BinaryOperators.NotEqual());
        Binary(default(PerLane<ScalarFunctions.Pow>));
        Binary(default(PerLane<ScalarFunctions.FloorModulo>));
    }

    [TestMethod]
    public void A_broadcast_is_what_indices_say()
    {
        int[] sizes = [2, 3, 1, 4, 5];
        foreach (int mask in Enumerable.Range(0, 1024))
        {
            int[] aStrides = Strides(sizes, mask & 31), bStrides = Strides(sizes, mask >> 5);
            float[] a = KernelTest.Uniform(120, 1), b = KernelTest.Uniform(120, 2), expected = new float[120];
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = a[At(sizes, aStrides, i)] - b[At(sizes, bStrides, i)];
            }

            float[] actual = new float[120];
            Elementwise.BinaryBroadcast(new BinaryOperators.Sub(), a, aStrides, b, bStrides, sizes, actual);
            KernelTest.SameBits(expected, actual, $"mask {mask}");
        }
    }

    [TestMethod]
    public void Rows_take_a_vector_each()
    {
        float[] a = KernelTest.Uniform(60), b = KernelTest.Uniform(20, 2), y = new float[60];
        Elementwise.BinaryRows(new BinaryOperators.Mul(), a, b, y);
        KernelTest.SameBits([.. a.Select((value, i) => value * b[i % 20])], y, "rows");
    }

    [TestMethod]
    public void Rounding_of_halves_is_to_even_or_away()
    {
        float[] x = [0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 0.49999997f, 8388609f, -0f];
        float[] even = new float[x.Length], away = new float[x.Length];
        Elementwise.Unary(new UnaryOperators.RoundEven(), x, even);
        Elementwise.Unary(new UnaryOperators.RoundAway(), x, away);
        KernelTest.SameBits([0, 2, 2, -0f, -2, -2, 0, 8388609f, -0f], even, "even");
        KernelTest.SameBits([1, 2, 3, -1, -2, -3, 0, 8388609f, -0f], away, "away");
    }

    private static void Unary<T>(T op)
        where T : struct, IUnaryOperator
    {
        foreach (int n in Lengths)
        {
            float[] x = KernelTest.Mixed(n, n), expected = new float[n];
            Elementwise.Unary(op, x, expected, SimdLevel.Scalar);
            foreach (SimdLevel level in KernelTest.VectorLevels)
            {
                float[] actual = new float[n], inPlace = [.. x];
                Elementwise.Unary(op, x, actual, level);
                KernelTest.SameBits(expected, actual, $"{typeof(T).Name} {level} n={n}");
                Elementwise.Unary(op, inPlace, inPlace, level);
                KernelTest.SameBits(expected, inPlace, $"{typeof(T).Name} {level} n={n} in place");
            }
        }
    }

    private static void Binary<T>(T op)
        where T : struct, IBinaryOperator
    {
        foreach (int n in Lengths.Where(n => n > 0))
        {
            foreach ((int na, int nb) in new[] { (n, n), (1, n), (n, 1) })
            {
                float[] a = KernelTest.Mixed(na, n), b = KernelTest.Mixed(nb, n + 1), expected = new float[n];
                Elementwise.Binary(op, a, b, expected, SimdLevel.Scalar);
                foreach (SimdLevel level in KernelTest.VectorLevels)
                {
                    float[] actual = new float[n], inPlace = na == n ? [.. a] : [.. b];
                    Elementwise.Binary(op, a, b, actual, level);
                    KernelTest.SameBits(expected, actual, $"{typeof(T).Name} {level} {na}, {nb}");
                    Elementwise.Binary(op, na == n ? inPlace : a, na == n ? b : inPlace, inPlace, level);
                    KernelTest.SameBits(expected, inPlace, $"{typeof(T).Name} {level} {na}, {nb} in place");
                }
            }
        }
    }

    private static int[] Strides(int[] sizes, int repeated)
    {
        int[] strides = new int[sizes.Length];
        int stride = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            bool once = ((repeated >> i) & 1) != 0;
            strides[i] = once ? 0 : stride;
            stride *= once ? 1 : sizes[i];
        }

        return strides;
    }

    private static int At(int[] sizes, int[] strides, int index)
    {
        int at = 0;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            at += index % sizes[i] * strides[i];
            index /= sizes[i];
        }

        return at;
    }
}
