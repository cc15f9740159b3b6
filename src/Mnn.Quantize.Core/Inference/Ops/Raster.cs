using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Copies one box of each input to a place of the output; the runtime turns all data movement into this, and models may
/// contain it. Without parameters it passes its input on.
/// </summary>
internal sealed class Raster(int[]? shape, int[] regions) : Operator
{
    // Offset and three strides of the source, the same of the destination, three extents.
    private const int RegionSize = 11;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context)
    {
        List<Model.Schema.Attribute>? attributes = context.ParamOrNull<Extra>()?.Attr;
        if (attributes is null)
        {
            return new Raster(null, []);
        }

        int[] regions = attributes.Find(a => a.Key == "region")?.List?.I ?? [];
        return regions.Length == RegionSize * context.InputCount
            ? new Raster(attributes.Find(a => a.Key == "shape")?.List?.I ?? [], regions)
            : throw context.Invalid($"{regions.Length} numbers don't describe regions of {context.InputCount} inputs");
    }

    public override void Run(OpContext context)
    {
        Tensor first = context.Input(0);
        if (shape is null)
        {
            context.View(0, first, first.Shape, first.Format);
            return;
        }

        Tensor output = context.OutputOfType(0, first, shape, first.Format);
        output.Bytes.Fill((byte)(output.Quant?.ZeroPoint ?? 0));
        for (int i = 0; i < context.InputCount; i++)
        {
            ReadOnlySpan<int> region = regions.AsSpan(i * RegionSize, RegionSize);
            Tensor input = context.Input(i);
            try
            {
                StridedCopy.Copy(
                    input.Bytes, region[0], region[1..4], output.Bytes, region[4], region[5..8], region[8..],
                    input.Type.Size());
            }
            catch (ArgumentException e)
            {
                throw new TensorShapeException($"{Shapes.Text(input.Shape)}, which region {i} reaches outside of", e);
            }
        }
    }
}
