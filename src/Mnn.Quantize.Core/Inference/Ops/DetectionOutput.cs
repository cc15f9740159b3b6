using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The last layer of an SSD detector. Inputs: offsets of boxes, scores [boxes * classes], prior boxes with variances
/// [1, 2, 4 * boxes, 1]; for RefineDet also scores [boxes * 2] and offsets of a first stage. Output [1, 1, n, 6]: class,
/// score, x1, y1, x2, y2, best first.
/// </summary>
internal sealed class DetectionOutput(Model.Schema.DetectionOutput param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.DetectionOutput>();
        return param is { ClassCount: > 0, KeepTopK: >= 0 }
            ? new DetectionOutput(param)
            : throw context.Invalid($"there are {param.ClassCount} classes and {param.KeepTopK} boxes to keep");
    }

    public override void Run(OpContext context)
    {
        Tensor priors = context.Input(2);
        int count = priors.Rank == 4 ? priors.Shape[2] / 4 : 0;
        bool refines = context.HasInput(4);
        if (priors.Count < 8 * count || context.Input(0).Count < 4 * count
            || context.Input(1).Count < count * param.ClassCount
            || (refines && (context.Input(3).Count < 2 * count || context.Input(4).Count < 4 * count)))
        {
            throw new TensorShapeException(
                $"offsets {Shapes.Text(context.Input(0).Shape)} and scores {Shapes.Text(context.Input(1).Shape)} for {count} boxes");
        }

        float[] boxes = priors.Floats[..(4 * count)].ToArray();
        ReadOnlySpan<float> variances = priors.Floats.Slice(4 * count, 4 * count);
        if (refines)
        {
            Decode(boxes, variances, context.Input(4).Floats);
        }

        Decode(boxes, variances, context.Input(0).Floats);
        List<Detection> found = Select(boxes, context.Input(1).Floats, refines ? context.Input(3).Floats : default, count);
        Span<float> output = context.Output(
            0, ElementType.Float32, [1, 1, found.Count, 6], MNN_DATA_FORMAT.NC4HW4).Floats;
        for (int i = 0; i < found.Count; i++)
        {
            output[i * 6] = found[i].Class;
            output[(i * 6) + 1] = found[i].Score;
            boxes.AsSpan(found[i].Box * 4, 4).CopyTo(output[((i * 6) + 2)..]);
        }
    }

    // Moves and stretches each box: centre by fractions of its size, size by powers of e.
    private static void Decode(Span<float> boxes, ReadOnlySpan<float> variances, ReadOnlySpan<float> offsets)
    {
        for (int i = 0; i < boxes.Length; i += 4)
        {
            float width = boxes[i + 2] - boxes[i];
            float height = boxes[i + 3] - boxes[i + 1];
            float x = (variances[i] * offsets[i] * width) + ((boxes[i] + boxes[i + 2]) * 0.5f);
            float y = (variances[i + 1] * offsets[i + 1] * height) + ((boxes[i + 1] + boxes[i + 3]) * 0.5f);
            float halfW = (float)ScalarMath.Exp(variances[i + 2] * offsets[i + 2]) * width * 0.5f;
            float halfH = (float)ScalarMath.Exp(variances[i + 3] * offsets[i + 3]) * height * 0.5f;
            (boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]) = (x - halfW, y - halfH, x + halfW, y + halfH);
        }
    }

    private List<Detection> Select(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<float> objectness, int count)
    {
        var all = new List<Detection>();
        for (int c = 1; c < param.ClassCount; c++)
        {
            float[] own = new float[count];
            for (int j = 0; j < count; j++)
            {
                bool isObject = objectness.IsEmpty || !(objectness[(2 * j) + 1] < param.ObjectnessScore);
                own[j] = isObject ? scores[(j * param.ClassCount) + c] : 0;
            }

            foreach (int pick in NonMaxSuppression.Pick(
                boxes, own, param.KeepTopK, param.NmsThresholdold, param.ConfidenceThreshold))
            {
                all.Add(new Detection(c, own[pick], pick));
            }
        }

        return [.. all.OrderByDescending(d => d.Score).Take(param.KeepTopK)];
    }

    private readonly record struct Detection(int Class, float Score, int Box);
}
