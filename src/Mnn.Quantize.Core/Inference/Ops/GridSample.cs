using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Reads a picture [N, C, H, W] (or volume [N, C, D, H, W]) at the places of a grid [N, ..., 2 or 3], whose coordinates
/// (x, y and z) run from -1 to 1. Outside lies 0 or the nearest edge; like the runtime it takes the edge for reflection.
/// </summary>
internal sealed class GridSample(Model.Schema.GridSample param) : Operator
{
    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.GridSample>();
        return param.Backward ? throw context.Invalid("it is a gradient, which only training needs") : new GridSample(param);
    }

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        Tensor grid = context.Input(1);
        int axes = input.Rank - 2;
        if (axes is not (2 or 3) || grid.Rank != input.Rank || grid.Shape[^1] != axes || grid.Shape[0] != input.Shape[0])
        {
            throw new TensorShapeException($"input {Shapes.Text(input.Shape)} and grid {Shapes.Text(grid.Shape)}");
        }

        int[] shape = [input.Shape[0], input.Shape[1], .. grid.Shape[1..^1]];
        Tensor output = context.Output(0, ElementType.Float32, shape, input.Format);
        (int batch, int channels) = (shape[0], shape[1]);
        int[] extents = input.Shape[2..];
        int plane = Shapes.Product(extents);
        int points = Shapes.Product(shape.AsSpan(2));
        Span<int> places = stackalloc int[8];
        Span<float> weights = stackalloc float[8];
        for (int p = 0; p < batch * points; p++)
        {
            int corners = Locate(grid.Floats.Slice(p * axes, axes), extents, places, weights);
            for (int c = 0; c < channels; c++)
            {
                int start = ((p / points * channels) + c) * plane;
                float sum = 0;
                for (int i = 0; i < corners; i++)
                {
                    sum = places[i] < 0 ? sum : MathF.FusedMultiplyAdd(weights[i], input.Floats[start + places[i]], sum);
                }

                output.Floats[(((p / points * channels) + c) * points) + (p % points)] = sum;
            }
        }
    }

    // The elements of a plane that a point is made of, -1 for those outside, and their weights; returns how many.
    private int Locate(ReadOnlySpan<float> point, int[] extents, Span<int> places, Span<float> weights)
    {
        bool nearest = param.Mode == SampleMode.NEAREST;
        int corners = 1;
        places[0] = 0;
        weights[0] = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            // The grid names x first, the picture has it last.
            float position = Position(point[extents.Length - 1 - axis], extents[axis]);
            float low = MathF.Floor(nearest ? position + 0.5f : position);
            float share = nearest ? 0 : position - low;
            int index = (int)Math.Clamp(low, -2, extents[axis] + 1f);
            if (nearest)
            {
                Extend(places, corners, 0, index, extents[axis]);
                continue;
            }

            places[..corners].CopyTo(places[corners..]);
            weights[..corners].CopyTo(weights[corners..]);
            Extend(places, corners, 0, index, extents[axis]);
            Extend(places, corners, corners, index + 1, extents[axis]);
            for (int i = 0; i < corners; i++)
            {
                weights[i] *= 1 - share;
                weights[corners + i] *= share;
            }

            corners *= 2;
        }

        return corners;
    }

    private float Position(float coordinate, int extent) => param.AlignCorners
        ? MathF.FusedMultiplyAdd(coordinate, 0.5f * (extent - 1), 0.5f * (extent - 1))
        : MathF.FusedMultiplyAdd(coordinate, 0.5f * extent, 0.5f * (extent - 1));

    private void Extend(Span<int> places, int count, int from, int index, int extent)
    {
        bool outside = param.PaddingMode == BorderMode.ZEROS && (uint)index >= (uint)extent;
        int inside = Math.Clamp(index, 0, extent - 1);
        for (int i = from; i < from + count; i++)
        {
            places[i] = outside || places[i] < 0 ? -1 : (places[i] * extent) + inside;
        }
    }
}
