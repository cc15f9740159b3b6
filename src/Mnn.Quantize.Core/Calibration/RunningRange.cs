using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// A tensor's range as an average over batches: the mean of all up to the hundredth, from there on each moves it by a
/// hundredth. The reference's EMA method (tools/train/source/nn/NN.cpp, ConvBNReluFusedModule) does the latter from the
/// second batch on, so that of a few batches all but the first count for nothing.
/// </summary>
internal struct RunningRange
{
    // Greatest share of the old value that a new batch leaves.
    private const float Momentum = 0.99f;

    // Smallest normal number: below it 1 / scale overflows.
    private const float LeastScale = 1.17549435e-38f;

    private int _batches;
    private float _low;
    private float _high;

    /// <summary>True if a batch was added.</summary>
    public readonly bool HasData => _batches > 0;

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

    /// <summary>Adds a batch by its own range; the bounds followed are those that its zero point can express.</summary>
    public void Add(float low, float high, int clamp)
    {
        QuantParameters quant = Quantize(low, high, clamp);
        bool empty = MathF.Min(0, low) == MathF.Max(0, high);
        float nudgedLow = empty ? 0 : MathF.Min(0, (-clamp - quant.ZeroPoint) * quant.Scale);
        float nudgedHigh = empty ? 0 : MathF.Max(0, (clamp - quant.ZeroPoint) * quant.Scale);
        _batches++;
        float kept = MathF.Min(Momentum, 1 - (1f / _batches));
        _low = (_low * kept) + (nudgedLow * (1 - kept));
        _high = (_high * kept) + (nudgedHigh * (1 - kept));
    }

    /// <summary>Scale and zero point of the range so far.</summary>
    public readonly QuantParameters Quantize(int clamp) => Quantize(_low, _high, clamp);

    /// <summary>True if all batches held nothing but zeros.</summary>
    public readonly bool IsZero => _low == _high;
}
