using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The region proposals of Faster R-CNN (Caffe). Inputs: scores [1, 2 * anchors, H, W] (the second half counts), offsets
/// [1, 4 * anchors, H, W], the picture's height, width and scale. Outputs: boxes [n, 5, 1, 1] (0, x1, y1, x2, y2) and
/// optionally scores [n, 1, 1, 1], 0 beyond the last proposal.
/// </summary>
internal sealed class Proposal(Model.Schema.Proposal param, float[] anchors) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.Proposal>();
        float[] ratios = param.Ratios?.Float32s ?? throw context.Invalid("it lacks aspect ratios");
        float[] scales = param.Scales?.Float32s ?? throw context.Invalid("it lacks scales");
        var anchors = new List<float>();
        float center = param.BaseSize * 0.5f;
        foreach (float ratio in ratios)
        {
            float width = MathF.Round(param.BaseSize / MathF.Sqrt(ratio), MidpointRounding.AwayFromZero);
            float height = MathF.Round(width * ratio, MidpointRounding.AwayFromZero);
            foreach (float scale in scales)
            {
                float halfW = width * scale * 0.5f;
                float halfH = height * scale * 0.5f;
                anchors.AddRange([center - halfW, center - halfH, center + halfW, center + halfH]);
            }
        }

        return new Proposal(param, [.. anchors]);
    }

    public override void Run(OpContext context)
    {
        Tensor scores = context.Input(0);
        Tensor offsets = context.Input(1);
        ReadOnlySpan<float> info = context.Input(2).Floats;
        int count = anchors.Length / 4;
        if (scores.Rank != 4 || scores.Shape[1] != 2 * count || offsets.Count != scores.Count * 2 || info.Length < 3
            || scores.Shape[0] != 1)
        {
            throw new TensorShapeException(
                $"scores {Shapes.Text(scores.Shape)} and offsets {Shapes.Text(offsets.Shape)} for {count} anchors");
        }

        List<(float Score, float[] Box)> candidates = Decode(scores, offsets.Floats, info);
        candidates = [.. candidates.OrderByDescending(c => c.Score)];
        if (param.PreNmsTopN > 0 && candidates.Count > param.PreNmsTopN)
        {
            candidates.RemoveRange(param.PreNmsTopN, candidates.Count - param.PreNmsTopN);
        }

        float[] boxes = [.. candidates.SelectMany(c => c.Box)];
        float[] best = [.. candidates.Select(c => c.Score)];
        List<int> picks =
            NonMaxSuppression.Pick(boxes, best, param.AfterNmsTopN, param.NmsThreshold, float.NegativeInfinity);
        Write(context, picks, boxes, best, scores.Format);
    }

    private void Write(OpContext context, List<int> picks, float[] boxes, float[] scores, MNN_DATA_FORMAT format)
    {
        Span<float> rois = context.Output(0, ElementType.Float32, [param.AfterNmsTopN, 5, 1, 1], format).Floats;
        rois.Clear();
        for (int i = 0; i < picks.Count; i++)
        {
            boxes.AsSpan(picks[i] * 4, 4).CopyTo(rois[((i * 5) + 1)..]);
        }

        if (context.OutputCount > 1)
        {
            Span<float> values = context.Output(1, ElementType.Float32, [param.AfterNmsTopN, 1, 1, 1], format).Floats;
            values.Clear();
            for (int i = 0; i < picks.Count; i++)
            {
                values[i] = scores[picks[i]];
            }
        }
    }

    // Every anchor at every position, moved, stretched and cut to the picture, unless it is too small.
    private List<(float Score, float[] Box)> Decode(Tensor scores, ReadOnlySpan<float> offsets, ReadOnlySpan<float> info)
    {
        int count = anchors.Length / 4;
        int width = scores.Shape[3];
        int cells = scores.Shape[2] * width;
        float least = param.MinSize * info[2];
        var found = new List<(float Score, float[] Box)>();
        for (int i = 0; i < count * cells; i++)
        {
            int anchor = i / cells * 4;
            int cell = i % cells;
            float anchorW = anchors[anchor + 2] - anchors[anchor];
            float anchorH = anchors[anchor + 3] - anchors[anchor + 1];
            float x = anchors[anchor] + (cell % width * param.FeatStride) + (anchorW * (0.5f + offsets[(anchor * cells) + cell]));
            float y = anchors[anchor + 1] + (cell / width * param.FeatStride)
                + (anchorH * (0.5f + offsets[((anchor + 1) * cells) + cell]));
            float halfW = anchorW * (float)ScalarMath.Exp(offsets[((anchor + 2) * cells) + cell]) * 0.5f;
            float halfH = anchorH * (float)ScalarMath.Exp(offsets[((anchor + 3) * cells) + cell]) * 0.5f;
            float[] box =
            [
                Cut(x - halfW, info[1]), Cut(y - halfH, info[0]), Cut(x + halfW, info[1]), Cut(y + halfH, info[0]),
            ];
            if (box[2] - box[0] + 1 >= least && box[3] - box[1] + 1 >= least)
            {
                found.Add((scores.Floats[(count * cells) + i], box));
            }
        }

        return found;
    }

    private static float Cut(float value, float extent) => MathF.Max(MathF.Min(value, extent - 1), 0);
}
