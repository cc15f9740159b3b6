namespace Mnn.Quantize.Kernels;

/// <summary>The reductions. Sums start at -0, which leaves every value as it is.</summary>
internal static class Reductions
{
    /// <summary>The sum; 0 of nothing.</summary>
    public readonly struct Sum : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => -0f;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => x;

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, b);

        /// <inheritdoc/>
        public static double Join(double a, double b) => a + b;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined + 0;
    }

    /// <summary>The arithmetic mean; NaN of nothing.</summary>
    public readonly struct Mean : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => -0f;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => x;

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, b);

        /// <inheritdoc/>
        public static double Join(double a, double b) => a + b;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined / n;
    }

    /// <summary>The sum of the squares.</summary>
    public readonly struct SumOfSquares : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => -0f;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => S.Mul(x, x);

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, b);

        /// <inheritdoc/>
        public static double Join(double a, double b) => a + b;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined + 0;
    }

    /// <summary>The sum of the magnitudes.</summary>
    public readonly struct SumOfMagnitudes : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => -0f;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => MathKernels.Abs<S, V>(x);

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, b);

        /// <inheritdoc/>
        public static double Join(double a, double b) => a + b;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined + 0;
    }

    /// <summary>The product; 1 of nothing.</summary>
    public readonly struct Product : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => 1f;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => x;

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Mul(a, b);

        /// <inheritdoc/>
        public static double Join(double a, double b) => a * b;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined;
    }

    /// <summary>The largest value; NaN is passed over.</summary>
    public readonly struct Max : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => float.NegativeInfinity;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => x;

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Max(b, a);

        /// <inheritdoc/>
        public static double Join(double a, double b) => b > a ? b : a;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined;
    }

    /// <summary>The least value; NaN is passed over.</summary>
    public readonly struct Min : IReduction
    {
        /// <inheritdoc/>
        public static float Identity => float.PositiveInfinity;

        /// <inheritdoc/>
        public static V Map<S, V>(V x)
            where S : struct, ISimd<V>
            where V : struct => x;

        /// <inheritdoc/>
        public static V Join<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Min(b, a);

        /// <inheritdoc/>
        public static double Join(double a, double b) => b < a ? b : a;

        /// <inheritdoc/>
        public static double Finish(double joined, int n) => joined;
    }
}
