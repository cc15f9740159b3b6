using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// A tensor's range as an average over batches: the mean of all up to the hundredth, from there on each moves it by a
/// hundredth. The reference's EMA method (tools/train/source/nn/NN.cpp, ConvBNReluFusedModule) does the latter from the
/// second batch on, so that of a few batches all but the first count for nothing.
/// </summary>
internal struct RunningRange
{
    /// <summary>Greatest share of the old value that a new batch leaves.</summary>
    public const float UsualMomentum = 0.99f;

    // Smallest normal number: below it 1 / scale overflows.
    private const float LeastScale = 1.17549435e-38f;

    /// <summary>A range that was kept.</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="batches">Batches that were added.</param>
    public RunningRange(float low, float high, int batches) => (Low, High, Batches) = (low, high, batches);

    /// <summary>Lower bound, at most 0.</summary>
    public float Low { get; private set; }

    /// <summary>Upper bound, at least 0.</summary>
    public float High { get; private set; }

    /// <summary>Batches that were added.</summary>
    public int Batches { get; private set; }

    /// <summary>True if a batch was added.</summary>
    public readonly bool HasData => Batches > 0;

    /// <summary>
    /// Scale and zero point of a range that always holds 0: s = (hi - lo) / (2 clamp), z = round(-lo / s - clamp).
    /// </summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Greatest value.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    /// <returns>The parameters; a tensor of zeros has the scale 1, where the reference divides by 0.</returns>
    public static QuantParameters Quantize(float low, float high, int clamp)
    {
        low = MathF.Min(0, low);
        high = MathF.Max(0, high);
        float scale = (high - low) / (2 * clamp);
        if (!(scale >= LeastScale))
        {
            return new QuantParameters(1, 0, -clamp, clamp);
        }

        float zero = MathF.Round((-low / scale) - clamp, MidpointRounding.AwayFromZero);
        return new QuantParameters(scale, (int)Math.Clamp(zero, -clamp, clamp), -clamp, clamp);
    }

    /// <summary>Adds the ranges of constants, which no batch changes.</summary>
    /// <param name="ranges">By tensor id.</param>
    /// <param name="graph">The model.</param>
    /// <param name="observed">By tensor id: whether its range is wanted.</param>
    /// <param name="clamp">Greatest level, 1 to 127.</param>
    public static void AddConstants(RunningRange[] ranges, Graph graph, bool[] observed, int clamp)
    {
        foreach ((int id, Tensor constant) in graph.Constants)
        {
            if (id < ranges.Length && observed[id] && constant is { Type: ElementType.Float32, Count: > 0 }
                && MagnitudeHistogram.Range(constant.Floats) is (var low, var high, true))
            {
                ranges[id].Add(low, high, clamp);
            }
        }
    }

    /// <summary>Adds a batch by its own range; the bounds followed are those that its zero point can express.</summary>
    public void Add(float low, float high, int clamp, float momentum = UsualMomentum)
    {
        (float nudgedLow, float nudgedHigh) = Nudge(low, high, clamp);
        Batches++;
        float kept = MathF.Min(momentum, 1 - (1f / Batches));
        Low = (Low * kept) + (nudgedLow * (1 - kept));
        High = (High * kept) + (nudgedHigh * (1 - kept));
    }

    /// <summary>
    /// Widens the range to a batch's own. The reference takes the greater of the lower bounds too, which shrinks the
    /// range; here it is the smaller.
    /// </summary>
    public void Widen(float low, float high, int clamp)
    {
        (float nudgedLow, float nudgedHigh) = Nudge(low, high, clamp);
        Low = HasData ? MathF.Min(Low, nudgedLow) : nudgedLow;
        High = HasData ? MathF.Max(High, nudgedHigh) : nudgedHigh;
        Batches++;
    }

    /// <summary>Scale and zero point of the range so far.</summary>
    public readonly QuantParameters Quantize(int clamp) => Quantize(Low, High, clamp);

    /// <summary>True if all batches held nothing but zeros.</summary>
    public readonly bool IsZero => Low == High;

    private static (float Low, float High) Nudge(float low, float high, int clamp)
    {
        QuantParameters quant = Quantize(low, high, clamp);
        return MathF.Min(0, low) == MathF.Max(0, high)
            ? (0, 0)
            : (MathF.Min(0, (-clamp - quant.ZeroPoint) * quant.Scale), MathF.Max(0, (clamp - quant.ZeroPoint) * quant.Scale));
    }
}
