using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Uniform random numbers, the same in every run: the runtime draws them from a fresh generator each time, a Mersenne
/// twister with seed 1 if the model names any seed, else Park and Miller's, and so does this.
/// </summary>
internal sealed class RandomUniform(Model.Schema.RandomUniform param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.RandomUniform>();
        return param.Low < param.High
            ? new RandomUniform(param)
            : throw context.Invalid($"the range from {param.Low} to {param.High} is empty");
    }

    public override void Run(OpContext context)
    {
        bool isInt = param.Type is not (DataType.DT_FLOAT or DataType.DT_DOUBLE or DataType.DT_HALF);
        Tensor output = context.Output(
            0, isInt ? ElementType.Int32 : ElementType.Float32, context.Input(0).Ints, context.Input(0).Format);
        using IEnumerator<float> draws = RandomDraws.Of(param).GetEnumerator();
        for (int i = 0; i < output.Count; i++)
        {
            draws.MoveNext();
            float value = (draws.Current * (param.High - param.Low)) + param.Low;
            if (isInt)
            {
                output.Ints[i] = (int)value;
            }
            else
            {
                output.Floats[i] = value;
            }
        }
    }
}
