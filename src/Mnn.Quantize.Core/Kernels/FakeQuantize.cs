using System.Numerics;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Rounds real values to those that an int8 tensor can stand for.</summary>
internal static class FakeQuantize
{
    /// <summary>x = (q - zero) * scale with q = clamp(round(x / scale + zero)), halves away from zero.</summary>
    /// <param name="values">Changed in place; none is NaN.</param>
    /// <param name="scale">Step between neighbours, positive.</param>
    /// <param name="zero">The q that stands for 0.</param>
    /// <param name="min">Smallest q.</param>
    /// <param name="max">Greatest q.</param>
    public static void Run(Span<float> values, float scale, int zero, int min, int max)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var half = new Vector<float>(0.5f);
        var sign = new Vector<float>(-0.0f);
        var scales = new Vector<float>(scale);
        var zeros = new Vector<float>(zero);
        for (int i = 0; i < vectors.Length; i++)
        {
            Vector<float> steps = (vectors[i] / scales) + zeros;
            Vector<float> rounded = Vector.Truncate(steps + (half | (steps & sign)));
            Vector<float> q = Vector.Max(new Vector<float>(min), Vector.Min(new Vector<float>(max), rounded));
            vectors[i] = (q - zeros) * scales;
        }

        foreach (ref float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            float steps = (value / scale) + zero;
            float rounded = MathF.Truncate(steps + MathF.CopySign(0.5f, steps));
            value = (MathF.Max(min, MathF.Min(max, rounded)) - zero) * scale;
        }
    }
}
