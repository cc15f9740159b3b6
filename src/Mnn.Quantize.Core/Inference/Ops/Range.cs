namespace Mnn.Quantize.Inference.Ops;

/// <summary>Numbers from a start in steps up to, but without, a limit; each is the one before plus the step.</summary>
internal sealed class Range : Operator
{
    public override void Run(OpContext context)
    {
        Tensor start = context.Input(0);
        Tensor limit = context.Input(1);
        Tensor delta = context.Input(2);
        if (start.Type == ElementType.Float32)
        {
            int count = Count(start.Floats[0], limit.Floats[0], delta.Floats[0]);
            Span<float> floats = context.Output(0, ElementType.Float32, [count], start.Format).Floats;
            float value = start.Floats[0];
            for (int i = 0; i < count; i++)
            {
                floats[i] = value;
                value += delta.Floats[0];
            }

            return;
        }

        int length = Count(start.Ints[0], limit.Ints[0], delta.Ints[0]);
        Span<int> ints = context.Output(0, ElementType.Int32, [length], start.Format).Ints;
        for (int i = 0; i < length; i++)
        {
            ints[i] = start.Ints[0] + (i * delta.Ints[0]);
        }
    }

    // In float even for integers, as the runtime counts.
    private static int Count(float start, float limit, float delta)
    {
        float count = delta > 0 == limit > start ? MathF.Ceiling(MathF.Abs((limit - start) / delta)) : 0;
        return limit == start ? 0
            : delta != 0 && count <= Array.MaxLength ? (int)count
            : throw new TensorShapeException($"a range from {start} to {limit} in steps of {delta}");
    }
}

/// <summary>A number of evenly spaced floats from a first to a last.</summary>
internal sealed class LinSpace : Operator
{
    public override void Run(OpContext context)
    {
        float start = context.Input(0).Floats[0];
        float stop = context.Input(1).Floats[0];
        int count = IntValues.First(context.Input(2));
        if (count < 1)
        {
            throw new TensorShapeException($"{count} values to make, not at least 1");
        }

        Span<float> output = context.Output(0, ElementType.Float32, [count], context.Input(0).Format).Floats;
        float step = (stop - start) / Math.Max(1, count - 1);
        for (int i = 0; i < count; i++)
        {
            output[i] = MathF.FusedMultiplyAdd(i, step, start);
        }

        if (count > 1)
        {
            output[^1] = stop;
        }
    }
}
