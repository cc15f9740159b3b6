namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * scale + bias with mean and variance of each channel as inputs.
/// </summary>
internal sealed class InstanceNorm(Model.Schema.BatchNorm param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.BatchNorm>();
        return param.SlopeData?.Length >= param.Channels && param.BiasData?.Length >= param.Channels
            ? new InstanceNorm(param)
            : throw context.Invalid($"it lacks scales or biases of its {param.Channels} channels");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> means = context.Input(1).Floats;
        ReadOnlySpan<float> variances = context.Input(2).Floats;
        int channels = input.Rank > 1 ? input.Shape[1] : 0;
        int planes = channels == 0 ? 0 : input.Shape[0] * channels;
        if (channels != param.Channels || means.Length != planes || variances.Length != planes)
        {
            throw new TensorShapeException(
                $"{Shapes.Text(input.Shape)} with {means.Length} means for {param.Channels} channels");
        }

        ReadOnlySpan<float> source = input.Floats;
        Span<float> target = context.Output(0, ElementType.Float32, input.Shape, input.Format).Floats;
        int spatial = planes == 0 ? 0 : input.Count / planes;
        for (int i = 0; i < target.Length; i++)
        {
            int plane = i / spatial;
            float factor = param.SlopeData![plane % channels] / MathF.Sqrt(variances[plane] + param.Epsilon);
            float addend = MathF.FusedMultiplyAdd(-factor, means[plane], param.BiasData![plane % channels]);
            target[i] = MathF.FusedMultiplyAdd(source[i], factor, addend);
        }
    }
}
