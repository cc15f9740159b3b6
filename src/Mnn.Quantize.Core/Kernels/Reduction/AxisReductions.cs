using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>An associative operation on floats, as <see cref="AxisReduce"/> applies it.</summary>
internal interface IAxisReduction
{
    /// <summary>What changes nothing.</summary>
    static abstract float Start { get; }

    /// <summary>A result so far joined by one more element.</summary>
    static abstract float Step(float total, float element);

    /// <summary>The same for a vector of results.</summary>
    static abstract Vector256<float> Step(Vector256<float> total, Vector256<float> element);

    /// <summary>Two results joined.</summary>
    static abstract float Join(float a, float b);
}

/// <summary>x0 + x1 + ...</summary>
internal readonly struct SumReduction : IAxisReduction
{
    public static float Start => 0;

    public static float Step(float total, float element) => total + element;

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) => total + element;

    public static float Join(float a, float b) => a + b;
}

/// <summary>|x0| + |x1| + ...</summary>
internal readonly struct AbsoluteSumReduction : IAxisReduction
{
    public static float Start => 0;

    public static float Step(float total, float element) => total + MathF.Abs(element);

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) =>
        total + Vector256.Abs(element);

    public static float Join(float a, float b) => a + b;
}

/// <summary>x0² + x1² + ..., with fused multiply-add.</summary>
internal readonly struct SquareSumReduction : IAxisReduction
{
    public static float Start => 0;

    public static float Step(float total, float element) => MathF.FusedMultiplyAdd(element, element, total);

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) =>
        Vector256.FusedMultiplyAdd(element, element, total);

    public static float Join(float a, float b) => a + b;
}

/// <summary>x0 x1 ...</summary>
internal readonly struct ProductReduction : IAxisReduction
{
    public static float Start => 1;

    public static float Step(float total, float element) => total * element;

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) => total * element;

    public static float Join(float a, float b) => a * b;
}

/// <summary>The greatest; NaN if there is one.</summary>
internal readonly struct MaximumReduction : IAxisReduction
{
    public static float Start => float.NegativeInfinity;

    public static float Step(float total, float element) => MathF.Max(total, element);

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) =>
        Vector256.Max(total, element);

    public static float Join(float a, float b) => MathF.Max(a, b);
}

/// <summary>The least; NaN if there is one.</summary>
internal readonly struct MinimumReduction : IAxisReduction
{
    public static float Start => float.PositiveInfinity;

    public static float Step(float total, float element) => MathF.Min(total, element);

    public static Vector256<float> Step(Vector256<float> total, Vector256<float> element) =>
        Vector256.Min(total, element);

    public static float Join(float a, float b) => MathF.Min(a, b);
}
