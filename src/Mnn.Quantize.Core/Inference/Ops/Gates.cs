using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>The curves of recurrent networks, correct to the last bit or nearly so.</summary>
internal static class Gates
{
    /// <summary>1 / (1 + e^-x).</summary>
    public static float Sigmoid(float x) => (float)(1 / (1 + ScalarMath.Exp(-(double)x)));

    /// <summary>The hyperbolic tangent.</summary>
    public static float Tanh(float x)
    {
        // Beyond 20 it is 1 in float; e^2x - 1 keeps the digits of small arguments.
        double magnitude = Math.Min(20, Math.Abs((double)x));
        double growth = ScalarMath.Expm1(2 * magnitude);
        return float.IsNaN(x) ? x : MathF.CopySign((float)(growth / (growth + 2)), x);
    }
}
