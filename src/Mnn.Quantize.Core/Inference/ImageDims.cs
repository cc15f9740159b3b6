using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>Which dimensions of a 4-dimensional tensor are channel, height and width.</summary>
/// <param name="Channel">1, or 3 for NHWC.</param>
/// <param name="Height">2, or 1 for NHWC.</param>
/// <param name="Width">3, or 2 for NHWC.</param>
internal readonly record struct ImageDims(int Channel, int Height, int Width)
{
    /// <summary>Those of tensors of a format.</summary>
    public static ImageDims Of(MNN_DATA_FORMAT format) =>
        format == MNN_DATA_FORMAT.NHWC ? new(3, 1, 2) : new(1, 2, 3);
}
