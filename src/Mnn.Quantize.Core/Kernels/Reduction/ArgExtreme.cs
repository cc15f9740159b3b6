namespace Mnn.Quantize.Kernels;

/// <summary>The index of the largest or least value along an axis of x [outer, axis, inner].</summary>
internal static class ArgExtreme
{
    /// <summary>y[o, i] = the index of the largest of x[o, 0, i], x[o, 1, i], ...; the first of equals; NaN is passed over.</summary>
    /// <param name="x">[outer, axis, inner].</param>
    /// <param name="y">[outer, inner].</param>
    /// <param name="outer">Product of the sizes before the axis.</param>
    /// <param name="axis">Values to choose from.</param>
    /// <param name="inner">Product of the sizes after the axis.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Max(ReadOnlySpan<float> x, Span<int> y, int outer, int axis, int inner) =>
        Run(x, y, outer, axis, inner, least: false);

    /// <summary>y[o, i] = the index of the least of x[o, 0, i], x[o, 1, i], ...; the first of equals; NaN is passed over.</summary>
    /// <param name="x">[outer, axis, inner].</param>
    /// <param name="y">[outer, inner].</param>
    /// <param name="outer">Product of the sizes before the axis.</param>
    /// <param name="axis">Values to choose from.</param>
    /// <param name="inner">Product of the sizes after the axis.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Min(ReadOnlySpan<float> x, Span<int> y, int outer, int axis, int inner) =>
        Run(x, y, outer, axis, inner, least: true);

    private static void Run(ReadOnlySpan<float> x, Span<int> y, int outer, int axis, int inner, bool least)
    {
        Check.That(outer >= 0 && axis > 0 && inner >= 0, "There must be something to choose from.");
        Check.That(x.Length >= (long)outer * axis * inner && y.Length >= (long)outer * inner, "A span is too short.");
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int start = (o * axis * inner) + i, best = 0;
                float extreme = x[start];
                for (int j = 1; j < axis; j++)
                {
                    float value = x[start + (j * inner)];
                    if ((least ? value < extreme : value > extreme) || (float.IsNaN(extreme) && !float.IsNaN(value)))
                    {
                        (best, extreme) = (j, value);
                    }
                }

                y[(o * inner) + i] = best;
            }
        }
    }
}
