using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Where an output position of a resize lies in the input along one axis: position * scale + offset.</summary>
/// <param name="Scale">Input positions from one output position to the next.</param>
/// <param name="Offset">Input position of output position 0.</param>
internal readonly record struct InterpCoordinates(float Scale, float Offset)
{
    /// <summary>The map for a coordinate transformation mode (ConvertUtils.hpp).</summary>
    /// <param name="interp">The operator's parameters.</param>
    /// <param name="input">Input positions.</param>
    /// <param name="output">Output positions.</param>
    /// <param name="given">The factor that the model gives for this axis, or 0: then the sizes tell it.</param>
    public static InterpCoordinates For(Model.Schema.Interp interp, int input, int output, float given)
    {
        float bySize = given > 0 ? 1 / given : (float)input / output;
        float aligned = output == 1 ? 0 : (float)(input - 1) / (output - 1);
        switch (interp.Ctm)
        {
            case CoordinateTransformationMode.AlignCorners:
                return new InterpCoordinates(aligned, 0);
            case CoordinateTransformationMode.HalfPixels:
                return HalfPixels(bySize);
            case CoordinateTransformationMode.PytorchHalfPixels:
                return output > 1 ? HalfPixels(bySize) : new InterpCoordinates(0, 0);
            case CoordinateTransformationMode.TensorflowHalfPixels:
                return new InterpCoordinates(bySize, 0.5f * bySize);
            case CoordinateTransformationMode.NotSet when interp.HalfPixelCenters && interp.ResizeType != 1:
                // Old models' nearest neighbours know no half pixels.
                return HalfPixels(bySize);
            case CoordinateTransformationMode.NotSet when interp.AlignCorners:
                return new InterpCoordinates(aligned, 0);
            default:
                return new InterpCoordinates(bySize, 0);
        }
    }

    /// <summary>The input position of an output position.</summary>
    public float At(int position) => (position * Scale) + Offset;

    private static InterpCoordinates HalfPixels(float scale) => new(scale, (0.5f * scale) - 0.5f);
}
