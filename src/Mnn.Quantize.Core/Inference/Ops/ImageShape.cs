using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// A tensor seen as pictures: [N, H, W, C] whatever the order of its dimensions. Tensors of fewer than four dimensions
/// have H or W of 1.
/// </summary>
/// <param name="Batch">N</param>
/// <param name="Height">H</param>
/// <param name="Width">W</param>
/// <param name="Channels">C</param>
internal readonly record struct ImageShape(int Batch, int Height, int Width, int Channels)
{
    /// <summary>Reads a tensor's dimensions by its format.</summary>
    public static ImageShape Of(Tensor tensor)
    {
        if (tensor.Rank is < 2 or > 4)
        {
            throw new TensorShapeException($"[{string.Join(", ", tensor.Shape)}] where pictures of 4 dimensions are expected");
        }

        int[] s = tensor.Shape;
        return tensor.Format == MNN_DATA_FORMAT.NHWC
            ? new ImageShape(s[0], s.Length > 2 ? s[1] : 1, s.Length > 3 ? s[2] : 1, s[^1])
            : new ImageShape(s[0], s.Length > 2 ? s[2] : 1, s.Length > 3 ? s[3] : 1, s[1]);
    }

    /// <summary>The dimensions in the order of a tensor like <paramref name="tensor"/>, as many as that has.</summary>
    /// <param name="tensor">Tells order and number.</param>
    /// <param name="memory">[4], where they are written.</param>
    public ReadOnlySpan<int> DimensionsLike(Tensor tensor, Span<int> memory)
    {
        bool last = tensor.Format == MNN_DATA_FORMAT.NHWC;
        (memory[0], memory[1]) = (Batch, last ? Height : Channels);
        (memory[2], memory[3]) = last ? (Width, Channels) : (Height, Width);
        if (last)
        {
            memory[tensor.Rank - 1] = Channels;
        }

        return memory[..tensor.Rank];
    }
}
