using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Normalizes each group of channels of [N, C, ...], scales and shifts by channel, and applies x * sigmoid(x) if asked. A
/// second input [N, C] is added to every position first.
/// </summary>
internal sealed class GroupNorm(Model.Schema.GroupNorm param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.GroupNorm>();
        return param.Group > 0
            ? new GroupNorm(param)
            : throw context.Invalid($"the number of groups is {param.Group}, not positive");
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        int channels = input.Rank > 1 ? input.Shape[1] : 0;
        if (channels == 0 || channels % param.Group != 0
            || (param.Gamma is { } g && g.Length != channels) || (param.Beta is { } b && b.Length != channels))
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} in {param.Group} groups of channels");
        }

        Span<float> output = context.Output(0, ElementType.Float32, input.Shape, input.Format).Floats;
        input.Floats.CopyTo(output);
        int planes = input.Shape[0] * channels;
        int spatial = planes == 0 ? 0 : input.Count / planes;
        if (context.HasInput(1))
        {
            AddToPlanes(output, context.Input(1), planes, spatial);
        }

        int line = spatial * channels / param.Group;
        for (int i = 0; line > 0 && i < output.Length; i += line)
        {
            Normalization.Line(output.Slice(i, line), output.Slice(i, line), default, default, param.Epsilon, false);
        }

        for (int i = 0; i < planes; i++)
        {
            Finish(output.Slice(i * spatial, spatial), i % channels);
        }
    }

    private static void AddToPlanes(Span<float> output, Tensor addends, int planes, int spatial)
    {
        if (addends.Count != planes)
        {
            throw new TensorShapeException($"{addends.Count} addends for {planes} channels");
        }

        ReadOnlySpan<float> values = addends.Floats;
        for (int i = 0; i < output.Length; i++)
        {
            output[i] += values[i / spatial];
        }
    }

    private void Finish(Span<float> plane, int channel)
    {
        float factor = param.Gamma?[channel] ?? 1;
        float addend = param.Beta?[channel] ?? 0;
        for (int i = 0; i < plane.Length; i++)
        {
            float value = MathF.FusedMultiplyAdd(plane[i], factor, addend);
            plane[i] = param.BSwish != 0 ? value * Gates.Sigmoid(value) : value;
        }
    }
}
