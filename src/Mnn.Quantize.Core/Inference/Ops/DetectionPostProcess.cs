using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// TensorFlow Lite's last layer of a detector. Inputs: encoded boxes [1, n, 4 or more], scores [1, n, classes], anchors
/// [n, 4] (y, x, height, width). Outputs, of which the unused rest is 0: boxes [1, m, 4] (y1, x1, y2, x2), classes [1, m],
/// scores [1, m], their number [1].
/// </summary>
internal sealed class DetectionPostProcess(DetectionPostProcessParam param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<DetectionPostProcessParam>();
        if (param.UseRegularNMS)
        {
            throw context.Invalid("it asks for suppression class by class, which the runtime doesn't support either");
        }

        return param is { MaxClassesPerDetection: > 0, NumClasses: > 0, MaxDetections: >= 0, CenterSizeEncoding.Length: >= 4 }
            ? new DetectionPostProcess(param)
            : throw context.Invalid("its numbers of classes and detections or its scales aren't usable");
    }

    public override void Run(OpContext context)
    {
        Tensor encoded = context.Input(0);
        Tensor scores = context.Input(1);
        Tensor anchors = context.Input(2);
        if (encoded.Rank != 3 || encoded.Shape[2] < 4 || scores.Rank != 3 || anchors.Count != encoded.Shape[1] * 4
            || scores.Shape[1] != encoded.Shape[1] || scores.Shape[2] < param.NumClasses)
        {
            throw new TensorShapeException(
                $"boxes {Shapes.Text(encoded.Shape)}, scores {Shapes.Text(scores.Shape)}, anchors {Shapes.Text(anchors.Shape)}");
        }

        int count = encoded.Shape[1];
        float[] boxes = Decode(encoded, anchors, count);
        int offset = scores.Shape[2] - param.NumClasses;
        int each = Math.Min(param.MaxClassesPerDetection, param.NumClasses);
        int[][] order = new int[count][];
        float[] best = new float[count];
        for (int i = 0; i < count; i++)
        {
            float[] own = scores.Floats.Slice((i * scores.Shape[2]) + offset, param.NumClasses).ToArray();
            order[i] = [.. Enumerable.Range(0, own.Length).OrderByDescending(c => own[c]).Take(each)];
            best[i] = own[order[i][0]];
        }

        List<int> picks =
            NonMaxSuppression.Pick(boxes, best, param.MaxDetections, param.IouThreshold, param.NmsScoreThreshold);
        int rows = param.MaxDetections * param.MaxClassesPerDetection;
        Span<float> outBoxes = Make(context, 0, [encoded.Shape[0], rows, 4]);
        Span<float> outClasses = Make(context, 1, [encoded.Shape[0], rows]);
        Span<float> outScores = Make(context, 2, [encoded.Shape[0], rows]);
        int row = 0;
        foreach (int pick in picks)
        {
            foreach (int c in order[pick])
            {
                boxes.AsSpan(pick * 4, 4).CopyTo(outBoxes[(row * 4)..]);
                outClasses[row] = c;
                outScores[row] = scores.Floats[(pick * scores.Shape[2]) + offset + c];
                row++;
            }
        }

        Make(context, 3, [1])[0] = row;
    }

    private static Span<float> Make(OpContext context, int index, int[] shape)
    {
        Span<float> output = context.Output(index, ElementType.Float32, shape, MNN_DATA_FORMAT.NHWC).Floats;
        output.Clear();
        return output;
    }

    private float[] Decode(Tensor encoded, Tensor anchors, int count)
    {
        float[] scale = param.CenterSizeEncoding!;
        float[] boxes = new float[count * 4];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> code = encoded.Floats.Slice(i * encoded.Shape[2], 4);
            ReadOnlySpan<float> anchor = anchors.Floats.Slice(i * 4, 4);
            float y = (code[0] / scale[0] * anchor[2]) + anchor[0];
            float x = (code[1] / scale[1] * anchor[3]) + anchor[1];
            float halfH = 0.5f * (float)ScalarMath.Exp(code[2] / scale[2]) * anchor[2];
            float halfW = 0.5f * (float)ScalarMath.Exp(code[3] / scale[3]) * anchor[3];
            ReadOnlySpan<float> box = [y - halfH, x - halfW, y + halfH, x + halfW];
            box.CopyTo(boxes.AsSpan(i * 4));
        }

        return boxes;
    }
}
