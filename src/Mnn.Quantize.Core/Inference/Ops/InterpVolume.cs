using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// How <see cref="Interp"/> resizes volumes [N, C, D, H, W]: by nearest neighbours, which is the only way that the runtime
/// has. The size is a parameter, or an input with all extents (int32) or all factors (float).
/// </summary>
internal readonly struct InterpVolume(Model.Schema.Interp param)
{
    // The runtime rounds with a little less than a half (CPUResize.hpp).
    private const float NearestRounding = 0.499f;

    /// <summary>Resizes input 0 of the running operator to its output 0; both lie as their formats ask for.</summary>
    public void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (param.ResizeType is not (1 or 4))
        {
            throw new TensorShapeException(
                $"volumes, which can only be resized by nearest neighbours, with resize type {param.ResizeType}");
        }

        int first = input.Format == MNN_DATA_FORMAT.NHWC ? 1 : 2;
        int[] shape = [.. input.Shape];
        var sources = new int[3][];
        for (int i = 0; i < 3; i++)
        {
            int extent = input.Shape[first + i];
            (int size, float factor) = Size(context, i, first, extent);
            if (size <= 0 || extent == 0)
            {
                throw new TensorShapeException($"{Shapes.Text(input.Shape)} to resize to {size} along axis {first + i}");
            }

            shape[first + i] = size;
            sources[i] = Sources(InterpCoordinates.For(param, extent, size, factor), extent, size);
        }

        Tensor output = context.OutputOfType(0, input, shape, input.Format);
        Copy(input, output, sources, first);
    }

    private (int Size, float Factor) Size(OpContext context, int i, int first, int extent)
    {
        if (context.HasInput(1))
        {
            Tensor size = context.Input(1);
            if (size.Count < first + i + 1)
            {
                throw new TensorShapeException($"{size.Count} sizes for volumes");
            }

            return size.Type == ElementType.Int32
                ? (size.Ints[first + i], 0)
                : ((int)(size.Floats[first + i] * extent), size.Floats[first + i]);
        }

        int given = i == 0 ? param.OutputDepth : i == 1 ? param.OutputHeight : param.OutputWidth;
        float factor = i == 0 ? param.DepthScale : i == 1 ? param.HeightScale : param.WidthScale;
        return given > 0 ? (given, 0) : ((int)(extent * factor), 0);
    }

    private int[] Sources(InterpCoordinates coordinates, int extent, int count)
    {
        float rounding = param.ResizeType == 4 ? NearestRounding : 0;
        int[] sources = new int[count];
        for (int i = 0; i < count; i++)
        {
            sources[i] = Math.Clamp((int)MathF.Floor(coordinates.At(i) + rounding), 0, extent - 1);
        }

        return sources;
    }

    private static void Copy(Tensor input, Tensor output, int[][] sources, int first)
    {
        (int depth, int height, int width) = (input.Shape[first], input.Shape[first + 1], input.Shape[first + 2]);
        bool channelsLast = input.IsChannelsLast || first == 1;
        int channels = input.Shape[first == 1 ? 4 : 1];
        int outer = channelsLast ? input.Shape[0] : input.Shape[0] * channels;
        int bytes = channelsLast ? channels * input.Type.Size() : input.Type.Size();
        int target = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach (int z in sources[0])
            {
                foreach (int y in sources[1])
                {
                    int row = ((((o * depth) + z) * height) + y) * width;
                    foreach (int x in sources[2])
                    {
                        input.Bytes.Slice((row + x) * bytes, bytes).CopyTo(output.Bytes[target..]);
                        target += bytes;
                    }
                }
            }
        }
    }
}
