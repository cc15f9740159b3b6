using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The casts of old int8 models: q = clamp(round(x * scale) + zero point), halves away from zero, and x = (q - zero point)
/// * scale, with one scale or one for each channel.
/// </summary>
internal sealed class Int8Cast(QuantizedFloatParam param, float[] scales, bool toInt8) : Operator
{
    public static Operator CreateToInt8(OpBuildContext context) => Create(context, toInt8: true);

    public static Operator CreateToFloat(OpBuildContext context) => Create(context, toInt8: false);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int channels = input.Rank < 2 ? 1 : input.Format == MNN_DATA_FORMAT.NHWC ? input.Shape[^1] : input.Shape[1];
        int inner = input.Rank < 2 || input.Format == MNN_DATA_FORMAT.NHWC ? 1 : Shapes.Product(input.Shape.AsSpan(2));
        if (scales.Length > 1 && scales.Length < channels)
        {
            throw new TensorShapeException($"{channels} channels with {scales.Length} scales");
        }

        Tensor output = context.Output(
            0, toInt8 ? ElementType.Int8 : ElementType.Float32, input.Shape, input.Format);
        for (int i = 0; i < input.Count; i++)
        {
            float scale = scales[scales.Length == 1 ? 0 : i / inner % channels];
            if (toInt8)
            {
                float rounded = MathF.Round(input.Floats[i] * scale, MidpointRounding.AwayFromZero) + param.ZeroPoint;
                output.Int8s[i] = (sbyte)MathF.Max(param.ClampMin, MathF.Min(param.ClampMax, rounded));
            }
            else
            {
                output.Floats[i] = (input.Int8s[i] - param.ZeroPoint) * scale;
            }
        }
    }

    private static Operator Create(OpBuildContext context, bool toInt8)
    {
        var param = context.Param<QuantizedFloatParam>();
        return param.TensorScale is { Length: > 0 } scales
            ? new Int8Cast(param, scales, toInt8)
            : throw context.Invalid("it lacks its scales");
    }
}
