namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Counts elements in equal bins between two bounds; the parameters are kept in ArgMax's table (channel, number of bins,
/// bounds). With a channel, only that index of the last dimension counts.
/// </summary>
internal sealed class Histogram(int channel, int bins, int minimum, int maximum) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.ArgMax>();
        return param.OutMaxVal > 0 && param.SoftmaxThreshold < param.TopK
            ? new Histogram(param.Axis, param.OutMaxVal, param.SoftmaxThreshold, param.TopK)
            : throw context.Invalid(
                $"{param.OutMaxVal} bins from {param.SoftmaxThreshold} to {param.TopK} can't be filled");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int step = channel < 0 || input.Rank == 0 ? 1 : input.Shape[^1];
        if (channel >= step && channel >= 0)
        {
            throw new TensorShapeException($"channel {channel} of {step}");
        }

        Span<float> output = context.Output(0, ElementType.Float32, [bins], input.Format).Floats;
        output.Clear();
        float scale = bins / (float)(maximum - minimum);
        for (int i = Math.Max(0, channel); i < input.Count; i += step)
        {
            float value = input.Type switch
            {
                ElementType.Float32 => input.Floats[i],
                ElementType.Int32 => input.Ints[i],
                ElementType.UInt8 => input.Bytes[i],
                _ => input.Int8s[i],
            };
            if (value >= minimum && value <= maximum)
            {
                output[Math.Min((int)((value * scale) - (minimum * scale)), bins - 1)]++;
            }
        }
    }
}

/// <summary>Means of runs of rows: the second input numbers the runs, ascending from 0.</summary>
internal sealed class SegmentMean : Operator
{
    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<int> ids = context.Input(1).Ints;
        if (input.Rank == 0 || ids.IsEmpty || ids.Length != input.Shape[0] || ids[0] != 0)
        {
            throw new TensorShapeException($"{ids.Length} numbers of runs for {Shapes.Text(input.Shape)}");
        }

        int width = input.Count / ids.Length;
        int[] shape = [ids[^1] + 1, .. input.Shape[1..]];
        Span<float> output = context.Output(0, ElementType.Float32, shape, input.Format).Floats;
        output.Clear();
        int count = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (i > 0 && ids[i] != ids[i - 1] && ids[i] != ids[i - 1] + 1)
            {
                throw new TensorShapeException($"the run {ids[i]} behind the run {ids[i - 1]}");
            }

            Span<float> mean = output.Slice(ids[i] * width, width);
            for (int j = 0; j < width; j++)
            {
                mean[j] += input.Floats[(i * width) + j];
            }

            count++;
            if (i == ids.Length - 1 || ids[i + 1] != ids[i])
            {
                for (int j = 0; j < width; j++)
                {
                    mean[j] /= count;
                }

                count = 0;
            }
        }
    }
}
