using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Every n-th element of a box, with TensorFlow's masks (inputs: data, begin, end, strides) or ONNX's axes (data, begin,
/// end, axes, steps). With a fifth input TensorFlow's form writes that input into the box instead.
/// </summary>
internal sealed class StridedSlice(StridedSliceParam param) : Operator
{
    private const int FromOnnx = 1;

    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new StridedSlice(context.Param<StridedSliceParam>());

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        List<Step> steps = param.FromType == FromOnnx ? OnnxSteps(context, input) : TensorFlowSteps(context, input);
        int[] extents = [.. steps.Select(s => s.Count)];
        int[] walk = new int[steps.Count];
        Span<int> inputStrides = stackalloc int[input.Rank];
        input.Strides(inputStrides);
        int offset = 0;
        for (int i = 0; i < walk.Length; i++)
        {
            if (steps[i].Axis >= 0)
            {
                offset += steps[i].Begin * inputStrides[steps[i].Axis];
                walk[i] = steps[i].Stride * inputStrides[steps[i].Axis];
            }
        }

        if (param.FromType != FromOnnx && context.HasInput(4))
        {
            Write(context, input, context.Input(4), extents, offset, walk);
            return;
        }

        int[] shape = [.. steps.Where(s => !s.IsDropped).Select(s => s.Count)];
        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        Span<int> outputStrides = stackalloc int[shape.Length];
        output.Strides(outputStrides);
        Span<int> target = stackalloc int[walk.Length];
        for (int i = 0, next = 0; i < walk.Length; i++)
        {
            target[i] = steps[i].IsDropped ? 0 : outputStrides[next++];
        }

        StridedCopy.Copy(input.Bytes, offset, walk, output.Bytes, 0, target, extents, input.Type.Size());
    }

    private static void Write(OpContext context, Tensor input, Tensor values, int[] extents, int offset, int[] walk)
    {
        Tensor output = context.OutputOfType(0, input, input.Shape, input.Format);
        input.Bytes.CopyTo(output.Bytes);
        int[] shape = Shapes.Broadcast(values.Shape, extents);
        if (!shape.AsSpan().SequenceEqual(extents))
        {
            throw new TensorShapeException($"{Shapes.Text(values.Shape)} to write into {Shapes.Text(extents)}");
        }

        Span<int> own = stackalloc int[values.Rank];
        Span<int> source = stackalloc int[extents.Length];
        values.Strides(own);
        Shapes.BroadcastStrides(values.Shape, own, extents, source);
        StridedCopy.Copy(values.Bytes, 0, source, output.Bytes, offset, walk, extents, input.Type.Size());
    }

    private static List<Step> OnnxSteps(OpContext context, Tensor input)
    {
        ReadOnlySpan<int> begins = context.Input(1).Ints;
        ReadOnlySpan<int> ends = context.Input(2).Ints;
        ReadOnlySpan<int> axes = context.HasInput(3) ? context.Input(3).Ints : default;
        ReadOnlySpan<int> strides = context.HasInput(4) ? context.Input(4).Ints : default;
        List<Step> steps = [.. input.Shape.Select((extent, axis) => new Step(axis, 0, 1, extent, false))];
        for (int i = 0; i < begins.Length; i++)
        {
            int axis = Shapes.Axis(axes.IsEmpty ? i : axes[i], input.Rank);
            int extent = input.Shape[axis];
            int begin = begins[i] < 0 ? begins[i] + extent : begins[i];
            int end = ends[i] < 0 ? ends[i] + extent : ends[i];

            // An end before the first element stays there; counted from the end again it would be the last one.
            end = Math.Max(end, -1);
            steps[axis] = Resolve(axis, extent, begin, end, strides.IsEmpty ? 1 : strides[i], endCounts: false);
        }

        return steps;
    }

    private List<Step> TensorFlowSteps(OpContext context, Tensor input)
    {
        ReadOnlySpan<int> begins = context.Input(1).Ints;
        ReadOnlySpan<int> ends = context.Input(2).Ints;
        ReadOnlySpan<int> strides = context.HasInput(3) ? context.Input(3).Ints : default;
        int named = 0;
        for (int i = 0; i < begins.Length; i++)
        {
            named += IsSet(param.EllipsisMask, i) || IsSet(param.NewAxisMask, i) ? 0 : 1;
        }

        var steps = new List<Step>();
        int axis = 0;
        for (int i = 0; i < begins.Length; i++)
        {
            if (IsSet(param.EllipsisMask, i))
            {
                for (int rest = input.Rank - named; rest > 0; rest--, axis++)
                {
                    steps.Add(new Step(axis, 0, 1, input.Shape[axis], false));
                }
            }
            else if (IsSet(param.NewAxisMask, i))
            {
                steps.Add(new Step(-1, 0, 0, 1, false));
            }
            else if (axis >= input.Rank)
            {
                throw new TensorShapeException($"{named} ranges for {input.Rank} dimensions");
            }
            else
            {
                steps.Add(TensorFlowStep(axis, input.Shape[axis], i, begins[i], ends[i], strides.IsEmpty ? 1 : strides[i]));
                axis++;
            }
        }

        for (; axis < input.Rank; axis++)
        {
            steps.Add(new Step(axis, 0, 1, input.Shape[axis], false));
        }

        return steps;
    }

    private Step TensorFlowStep(int axis, int extent, int bit, int begin, int end, int stride)
    {
        bool dropped = IsSet(param.ShrinkAxisMask, bit);
        stride = dropped ? 1 : stride;
        begin = IsSet(param.BeginMask, bit) ? (stride < 0 ? extent - 1 : 0) : begin;
        bool open = IsSet(param.EndMask, bit);
        end = open ? (stride < 0 ? -1 : extent) : end;
        Step step = Resolve(axis, extent, begin, end, stride, endCounts: !open && stride > 0);
        return dropped ? step with { Count = Math.Min(1, extent), IsDropped = true } : step;
    }

    // The runtime's limits: a begin far below 0 is taken modulo the extent; a negative end with a negative stride means
    // "through the first element".
    private static Step Resolve(int axis, int extent, int begin, int end, int stride, bool endCounts)
    {
        if (stride == 0)
        {
            throw new TensorShapeException($"a stride of 0 along axis {axis}");
        }

        if (extent == 0)
        {
            return new Step(axis, 0, stride, 0, false);
        }

        if (stride > 0)
        {
            begin = Math.Min(extent, begin);
            begin = begin < 0 ? ((begin % extent) + extent) % extent : begin;
            end = Math.Clamp(endCounts && end < 0 ? end + extent : end, 0, extent);
            return new Step(axis, begin, stride, end > begin ? ((end - begin - 1) / stride) + 1 : 0, false);
        }

        begin = Math.Clamp(begin, -extent, extent - 1);
        begin = begin < 0 ? begin + extent : begin;
        end = Math.Clamp(end, -1, extent);
        return new Step(axis, begin, stride, begin > end ? ((begin - end - 1) / -stride) + 1 : 0, false);
    }

    private static bool IsSet(int mask, int bit) => (mask & (1 << bit)) != 0;

    // One dimension of the result: the axis that it walks (-1 for a new one), from where, how far a step, how many.
    private readonly record struct Step(int Axis, int Begin, int Stride, int Count, bool IsDropped);
}
