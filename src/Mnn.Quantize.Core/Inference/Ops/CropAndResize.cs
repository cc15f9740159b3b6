using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Cuts boxes out of images [N, H, W, C] and resizes each to one size. Inputs: images, boxes [n, 4] as (y1, x1, y2, x2) in
/// fractions of height - 1 and width - 1, the image of each box, the size. Places outside get a fixed value.
/// </summary>
internal sealed class CropAndResize(CropAndResizeMethod method, float outside) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.CropAndResize>();
        return new CropAndResize(param.Method, param.ExtrapolationValue);
    }

    public override void Run(OpContext context)
    {
        Tensor image = context.Input(0);
        Tensor boxes = context.Input(1);
        ReadOnlySpan<int> owners = context.Input(2).Ints;
        ReadOnlySpan<int> size = context.Input(3).Ints;
        if (image.Rank != 4 || boxes.Count != 4 * owners.Length || size.Length != 2 || size[0] <= 0 || size[1] <= 0)
        {
            throw new TensorShapeException(
                $"images {Shapes.Text(image.Shape)}, boxes {Shapes.Text(boxes.Shape)}, size {Shapes.Text(size)}");
        }

        int channels = image.Shape[3];
        Tensor output = context.OutputOfType(0, image, [owners.Length, size[0], size[1], channels], image.Format);
        output.Bytes.Clear();
        for (int b = 0; b < owners.Length; b++)
        {
            if ((uint)owners[b] < (uint)image.Shape[0])
            {
                int pixels = image.Shape[1] * image.Shape[2] * channels;
                int results = size[0] * size[1] * channels;
                CropOne(
                    image.Floats.Slice(owners[b] * pixels, pixels), image.Shape, boxes.Floats.Slice(4 * b, 4),
                    output.Floats.Slice(b * results, results), size);
            }
        }
    }

    private void CropOne(
        ReadOnlySpan<float> image, int[] shape, ReadOnlySpan<float> box, Span<float> output, ReadOnlySpan<int> size)
    {
        int channels = shape[3];
        for (int y = 0; y < size[0]; y++)
        {
            float inY = Position(box[0], box[2], y, size[0], shape[1]);
            for (int x = 0; x < size[1]; x++)
            {
                float inX = Position(box[1], box[3], x, size[1], shape[2]);
                Span<float> target = output.Slice(((y * size[1]) + x) * channels, channels);
                if (!(inY >= 0 && inY <= shape[1] - 1 && inX >= 0 && inX <= shape[2] - 1))
                {
                    target.Fill(outside);
                }
                else if (method == CropAndResizeMethod.NEAREST)
                {
                    int nearest = ((Round(inY) * shape[2]) + Round(inX)) * channels;
                    image.Slice(nearest, channels).CopyTo(target);
                }
                else
                {
                    Interpolate(image, shape[2], channels, inY, inX, target);
                }
            }
        }
    }

    private static float Position(float from, float to, int index, int count, int extent)
    {
        if (count == 1)
        {
            return 0.5f * (from + to) * (extent - 1);
        }

        float scale = (to - from) * (extent - 1) / (count - 1);
        return (from * (extent - 1)) + (index * scale);
    }

    private static int Round(float value) => (int)(value + 0.5f);

    private static void Interpolate(
        ReadOnlySpan<float> image, int width, int channels, float y, float x, Span<float> target)
    {
        int top = (int)y;
        int left = (int)x;
        int below = (int)MathF.Ceiling(y) - top;
        int right = (int)MathF.Ceiling(x) - left;
        ReadOnlySpan<float> corner = image[(((top * width) + left) * channels)..];
        for (int c = 0; c < channels; c++)
        {
            float upper = Mix(corner[c], corner[(right * channels) + c], x - left);
            float lower = Mix(
                corner[(below * width * channels) + c], corner[(((below * width) + right) * channels) + c], x - left);
            target[c] = Mix(upper, lower, y - top);
        }
    }

    private static float Mix(float a, float b, float t) => MathF.FusedMultiplyAdd(b - a, t, a);
}
