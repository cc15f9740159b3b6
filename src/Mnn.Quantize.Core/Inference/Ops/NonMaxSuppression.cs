namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Picks boxes by falling score and drops those that overlap an earlier pick too much. Inputs: boxes [n, 4] as (y, x, y,
/// x) of opposite corners, scores [n], how many to pick, and optionally the overlap allowed and the least score. The
/// output has one index a pick. With boxes [batch, n, 4] and scores [batch, classes, n], as in ONNX, it picks for each
/// class and the output has a row (batch, class, index) a pick.
/// </summary>
internal sealed class NonMaxSuppression : Operator
{
    public override void Run(OpContext context)
    {
        Tensor boxes = context.Input(0);
        Tensor scores = context.Input(1);
        bool isOnnx = scores.Rank == 3;
        (int batches, int classes) = isOnnx ? (scores.Shape[0], scores.Shape[1]) : (1, 1);
        int count = scores.Rank is 1 or 3 ? scores.Shape[^1] : -1;
        if (boxes.Count != (long)batches * count * 4)
        {
            throw new TensorShapeException($"boxes {Shapes.Text(boxes.Shape)} and scores {Shapes.Text(scores.Shape)}");
        }

        int limit = IntValues.First(context.Input(2));
        float overlap = context.HasInput(3) ? context.Input(3).Floats[0] : 0;
        float least = context.HasInput(4) ? context.Input(4).Floats[0] : float.MinValue;
        var rows = new List<int>();
        for (int line = 0; line < batches * classes; line++)
        {
            int batch = line / classes;
            foreach (int pick in Pick(
                boxes.Floats.Slice(batch * count * 4, count * 4), scores.Floats.Slice(line * count, count), limit, overlap,
                least))
            {
                rows.AddRange(isOnnx ? [batch, line % classes, pick] : [pick]);
            }
        }

        int[] shape = isOnnx ? [rows.Count / 3, 3] : [rows.Count];
        rows.CopyTo(context.Output(0, ElementType.Int32, shape, boxes.Format).Ints);
    }

    /// <summary>The picked indices, best first.</summary>
    /// <param name="boxes">[n, 4]</param>
    /// <param name="scores">[n]</param>
    /// <param name="limit">Most picks.</param>
    /// <param name="overlap">Greatest intersection over union with an earlier pick.</param>
    /// <param name="least">Scores must be greater than this.</param>
    public static List<int> Pick(
        ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, int limit, float overlap, float least)
    {
        var order = new List<(float Score, int Index)>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > least)
            {
                order.Add((scores[i], i));
            }
        }

        order.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Index.CompareTo(b.Index));
        var picks = new List<int>();
        foreach ((float _, int index) in order)
        {
            if (picks.Count >= limit)
            {
                break;
            }

            bool isFree = true;
            foreach (int pick in picks)
            {
                isFree &= IntersectionOverUnion(boxes.Slice(index * 4, 4), boxes.Slice(pick * 4, 4)) <= overlap;
            }

            if (isFree)
            {
                picks.Add(index);
            }
        }

        return picks;
    }

    /// <summary>The area that two boxes share over the area that they cover; 0 if either is empty.</summary>
    public static float IntersectionOverUnion(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float areaA = MathF.Abs(a[2] - a[0]) * MathF.Abs(a[3] - a[1]);
        float areaB = MathF.Abs(b[2] - b[0]) * MathF.Abs(b[3] - b[1]);
        if (areaA <= 0 || areaB <= 0)
        {
            return 0;
        }

        float shared = Shared(a[0], a[2], b[0], b[2]) * Shared(a[1], a[3], b[1], b[3]);
        return shared / (areaA + areaB - shared);
    }

    // Length of the overlap of two intervals whose ends come in any order.
    private static float Shared(float a0, float a1, float b0, float b1) =>
        MathF.Max(0, MathF.Min(MathF.Max(a0, a1), MathF.Max(b0, b1)) - MathF.Max(MathF.Min(a0, a1), MathF.Min(b0, b1)));
}
