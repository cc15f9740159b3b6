using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The default boxes of an SSD detector: for each position of the first input's picture a set of sizes and aspect ratios,
/// in fractions of the second input's picture. [1, 2, 4 * boxes, 1]: boxes (x1, y1, x2, y2), then variances.
/// </summary>
internal sealed class PriorBox(Model.Schema.PriorBox param, float[] ratios) : Operator
{
    private const float SameRatio = 1e-6f;

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.PriorBox>();
        if (param.Variances is not { Length: >= 4 } || (param.MaxSizes ?? []).Length > (param.MinSizes ?? []).Length)
        {
            throw context.Invalid("it lacks variances, or has more greatest than least sizes");
        }

        var ratios = new List<float> { 1 };
        foreach (float ratio in param.AspectRatios ?? [])
        {
            if (!ratios.Exists(r => MathF.Abs(r - ratio) < SameRatio))
            {
                ratios.Add(ratio);
                if (param.Flip)
                {
                    ratios.Add(1 / ratio);
                }
            }
        }

        return new PriorBox(param, [.. ratios]);
    }

    public override void Run(OpContext context)
    {
        ImageShape map = ImageShape.Of(context.Input(0));
        ImageShape picture = ImageShape.Of(context.Input(1));
        float[] minimums = param.MinSizes ?? [];
        float[] maximums = param.MaxSizes ?? [];
        float imageW = param.ImageWidth > 0 ? param.ImageWidth : picture.Width;
        float imageH = param.ImageHeight > 0 ? param.ImageHeight : picture.Height;
        float stepW = param.StepWidth > 0 ? param.StepWidth : imageW / map.Width;
        float stepH = param.StepHeight > 0 ? param.StepHeight : imageH / map.Height;
        int count = (minimums.Length * ratios.Length) + maximums.Length;
        int length = 4 * map.Width * map.Height * count;
        Span<float> output = context.Output(
            0, ElementType.Float32, [1, 2, length, 1], MNN_DATA_FORMAT.NC4HW4).Floats;
        output.Clear();
        int next = 0;
        for (int i = 0; i < map.Height * map.Width; i++)
        {
            float x = (param.Offset + (i % map.Width)) * stepW;
            float y = (param.Offset + (i / map.Width)) * stepH;
            for (int k = 0; k < minimums.Length; k++)
            {
                foreach ((float w, float h) in Sizes(minimums[k], k < maximums.Length ? maximums[k] : null))
                {
                    ReadOnlySpan<float> box =
                    [
                        (x - (w * 0.5f)) / imageW, (y - (h * 0.5f)) / imageH, (x + (w * 0.5f)) / imageW,
                        (y + (h * 0.5f)) / imageH,
                    ];
                    box.CopyTo(output[next..]);
                    next += 4;
                }
            }
        }

        Finish(output, length);
    }

    private List<(float Width, float Height)> Sizes(float minimum, float? maximum)
    {
        List<(float Width, float Height)> sizes = [(minimum, minimum)];
        if (maximum is { } max)
        {
            float middle = MathF.Sqrt(minimum * max);
            sizes.Add((middle, middle));
        }

        foreach (float ratio in ratios)
        {
            float root = MathF.Sqrt(ratio);
            if (MathF.Abs(root - 1) >= SameRatio)
            {
                sizes.Add((minimum * root, minimum / root));
            }
        }

        return sizes;
    }

    private void Finish(Span<float> output, int length)
    {
        for (int i = 0; i < length; i++)
        {
            output[i] = param.Clip ? MathF.Min(MathF.Max(output[i], 0), 1) : output[i];
            output[length + i] = param.Variances![i % 4];
        }
    }
}
