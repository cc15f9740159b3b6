using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Normal random numbers, the same in every run: Marsaglia's polar method on the runtime's uniform ones, two at a time. The
/// parameters "low" and "high" are mean and standard deviation.
/// </summary>
internal sealed class RandomNormal(Model.Schema.RandomUniform param) : Operator
{
    public static Operator Create(OpBuildContext context) =>
        new RandomNormal(context.Param<Model.Schema.RandomUniform>());

    public override void Run(OpContext context)
    {
        Tensor shape = context.Input(0);
        Span<float> output = context.Output(0, ElementType.Float32, shape.Ints, shape.Format).Floats;
        using IEnumerator<float> draws = RandomDraws.Of(param).GetEnumerator();
        float saved = 0;
        for (int i = 0; i < output.Length; i++)
        {
            float value = saved;
            if (i % 2 == 0)
            {
                (value, saved) = Pair(draws);
            }

            output[i] = (value * param.High) + param.Low;
        }
    }

    private static (float First, float Second) Pair(IEnumerator<float> draws)
    {
        while (true)
        {
            float x = (2 * Next(draws)) - 1;
            float y = (2 * Next(draws)) - 1;
            float square = (x * x) + (y * y);
            if (square is <= 1 and > 0)
            {
                float factor = MathF.Sqrt(-2 * (float)ScalarMath.Log(square) / square);
                return (y * factor, x * factor);
            }
        }
    }

    private static float Next(IEnumerator<float> draws)
    {
        draws.MoveNext();
        return draws.Current;
    }
}
