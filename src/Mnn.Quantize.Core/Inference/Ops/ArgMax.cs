using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The index of the greatest (ArgMax) or least (ArgMin) element along an axis, the first of equals. On NC4HW4 tensors it
/// is Caffe's operator: the indices of the topK greatest as floats, followed by their values if the model asks for them.
/// </summary>
internal sealed class ArgMax(Model.Schema.ArgMax param, bool least) : Operator
{
    public static Operator Create(OpBuildContext context) => new ArgMax(context.Param<Model.Schema.ArgMax>(), false);

    public static Operator CreateMin(OpBuildContext context) => new ArgMax(context.Param<Model.Schema.ArgMax>(), true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Format == MNN_DATA_FORMAT.NC4HW4)
        {
            RunCaffe(context, input);
            return;
        }

        int axis = Shapes.Axis(param.Axis, input.Rank);
        int[] shape = [.. input.Shape[..axis], .. input.Shape[(axis + 1)..]];
        Span<int> output = context.Output(0, ElementType.Int32, shape, input.Format).Ints;
        (int outer, int length, int inner) = Shapes.Around(input.Shape, axis);
        if (input.Type != ElementType.Float32)
        {
            RunInts(input.Ints, output, length, inner);
        }
        else if (least)
        {
            ArgExtreme.Min(input.Floats, output, outer, length, inner);
        }
        else
        {
            ArgExtreme.Max(input.Floats, output, outer, length, inner);
        }
    }

    private void RunInts(ReadOnlySpan<int> source, Span<int> output, int length, int inner)
    {
        for (int i = 0; i < output.Length; i++)
        {
            int start = (i / inner * length * inner) + (i % inner);
            int best = 0;
            for (int j = 1; j < length; j++)
            {
                int order = source[start + (j * inner)].CompareTo(source[start + (best * inner)]);
                best = (least ? order < 0 : order > 0) ? j : best;
            }

            output[i] = best;
        }
    }

    private void RunCaffe(OpContext context, Tensor input)
    {
        // Axis 0 is what old models say for "the last dimension that is not 1".
        int axis = param.Axis != 0 ? Shapes.Axis(param.Axis, input.Rank)
            : input.Rank > 3 && input.Shape[3] > 1 ? 3 : input.Rank > 2 && input.Shape[2] > 1 ? 2 : 1;
        int keys = param.OutMaxVal != 0 ? 2 * param.TopK : param.TopK;
        int[] shape = [.. input.Shape];
        shape[axis] = keys;
        (int outer, int length, int inner) = Shapes.Around(input.Shape, axis);
        float threshold = param.SoftmaxThreshold != 0 ? 1f / length : float.NegativeInfinity;
        ReadOnlySpan<float> source = input.Floats;
        Span<float> output = context.Output(0, ElementType.Float32, shape, input.Format).Floats;
        output.Clear();
        var candidates = new List<(float Value, int Index)>();
        for (int line = 0; line < outer * inner; line++)
        {
            candidates.Clear();
            for (int j = 0; j < length; j++)
            {
                float value = source[(line / inner * length * inner) + (j * inner) + (line % inner)];
                if (value >= threshold)
                {
                    candidates.Add((value, j));
                }
            }

            candidates.Sort((a, b) => b.Value.CompareTo(a.Value) is var c && c != 0 ? c : a.Index.CompareTo(b.Index));

            // One line's keys lie together, whatever the axis.
            Span<float> target = output.Slice(line * keys, keys);
            for (int j = 0; j < Math.Min(param.TopK, candidates.Count); j++)
            {
                target[j] = candidates[j].Index;
                if (param.OutMaxVal != 0)
                {
                    target[param.TopK + j] = candidates[j].Value;
                }
            }
        }
    }
}
