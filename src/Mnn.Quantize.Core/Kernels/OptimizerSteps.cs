using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>One step of an optimizer over all elements of a parameter. Elements are independent.</summary>
internal static unsafe class OptimizerSteps
{
    /// <summary>
    /// Gradient descent with momentum and weight decay, as in the reference (SGD.cpp):
    /// h = rate * (g + decay * w) + momentum * h; w = w - h.
    /// </summary>
    /// <param name="gradient">g: [n].</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="momentum">Part of the last change that is made again.</param>
    /// <param name="decay">Part of a weight that counts as gradient.</param>
    /// <param name="history">h: [n], zeros at first.</param>
    /// <param name="weights">w: [n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sgd(
        ReadOnlySpan<float> gradient,
        float rate,
        float momentum,
        float decay,
        Span<float> history,
        Span<float> weights,
        SimdLevel level = SimdLevel.Active)
    {
        Check.That(history.Length == gradient.Length && weights.Length == gradient.Length, "The lengths differ.");
        fixed (float* g = gradient, h = history, w = weights)
        {
            var step = new SgdStep(rate, momentum, decay);
            Run(step, g, h, h, w, gradient.Length, level);
        }
    }

    /// <summary>
    /// Adam (Kingma and Ba 2015, algorithm 1, with the corrections of both means in the rate):
    /// m = b1 * m + (1 - b1) * g; v = b2 * v + (1 - b2) * g^2; w = w - rate * m / (sqrt(v) + epsilon), where g has decay * w added.
    /// </summary>
    /// <param name="gradient">g: [n].</param>
    /// <param name="rate">Learning rate times sqrt(1 - b2^t) / (1 - b1^t).</param>
    /// <param name="beta1">Part of the mean that stays.</param>
    /// <param name="beta2">Part of the mean square that stays.</param>
    /// <param name="decay">Part of a weight that counts as gradient.</param>
    /// <param name="mean">m: [n], zeros at first.</param>
    /// <param name="square">v: [n], zeros at first.</param>
    /// <param name="weights">w: [n].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Adam(
        ReadOnlySpan<float> gradient,
        float rate,
        float beta1,
        float beta2,
        float decay,
        Span<float> mean,
        Span<float> square,
        Span<float> weights,
        SimdLevel level = SimdLevel.Active)
    {
        Check.That(
            mean.Length == gradient.Length && square.Length == gradient.Length && weights.Length == gradient.Length,
            "The lengths differ.");
        fixed (float* g = gradient, m = mean, v = square, w = weights)
        {
            var step = new AdamStep(rate, beta1, beta2, decay);
            Run(step, g, m, v, w, gradient.Length, level);
        }
    }

    /// <summary>A step of one vector of elements: gradient, two memories, weights.</summary>
    private interface IStep
    {
        void Apply<S, V>(float* g, float* a, float* b, float* w)
            where S : struct, ISimd<V>
            where V : struct;
    }

    private static void Run<T>(T step, float* g, float* a, float* b, float* w, nint n, SimdLevel level)
        where T : struct, IStep
    {
        nint done = SimdLevels.Resolve(level) switch
        {
            SimdLevel.Vector512 => Loop<T, Simd512, Vector512<float>>(step, g, a, b, w, 0, n),
            SimdLevel.Vector256 => Loop<T, Simd256, Vector256<float>>(step, g, a, b, w, 0, n),
            SimdLevel.Vector128 => Loop<T, Simd128, Vector128<float>>(step, g, a, b, w, 0, n),
            _ => 0,
        };
        Loop<T, SimdScalar, float>(step, g, a, b, w, done, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Loop<T, S, V>(T step, float* g, float* a, float* b, float* w, nint i, nint n)
        where T : struct, IStep
        where S : struct, ISimd<V>
        where V : struct
    {
        for (; i + S.Width <= n; i += S.Width)
        {
            step.Apply<S, V>(g + i, a + i, b + i, w + i);
        }

        return i;
    }

    private readonly struct SgdStep(float rate, float momentum, float decay) : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<S, V>(float* g, float* a, float* b, float* w)
            where S : struct, ISimd<V>
            where V : struct
        {
            V weight = S.Load(w);
            V gradient = S.Fma(S.Broadcast(decay), weight, S.Load(g));
            V change = S.Fma(S.Broadcast(momentum), S.Load(a), S.Mul(S.Broadcast(rate), gradient));
            S.Store(a, change);
            S.Store(w, S.Sub(weight, change));
        }
    }

    private readonly struct AdamStep(float rate, float beta1, float beta2, float decay) : IStep
    {
        private const float Epsilon = 1e-8f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<S, V>(float* g, float* a, float* b, float* w)
            where S : struct, ISimd<V>
            where V : struct
        {
            V weight = S.Load(w);
            V gradient = S.Fma(S.Broadcast(decay), weight, S.Load(g));
            V mean = S.Fma(S.Broadcast(beta1), S.Load(a), S.Mul(S.Broadcast(1 - beta1), gradient));
            V square = S.Fma(S.Broadcast(beta2), S.Load(b), S.Mul(S.Broadcast(1 - beta2), S.Mul(gradient, gradient)));
            S.Store(a, mean);
            S.Store(b, square);
            V change = S.Div(S.Mul(S.Broadcast(rate), mean), S.Add(S.Sqrt(square), S.Broadcast(Epsilon)));
            S.Store(w, S.Sub(weight, change));
        }
    }
}
