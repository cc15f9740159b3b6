using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// A convolution's weights in the order in which its kernel reads them: made on first use, then shared by all sessions.
/// </summary>
/// <param name="size">Floats of the packed weights.</param>
/// <param name="pack">Packs weights.</param>
internal sealed class PackedWeights(PackedWeights.SizeOf size, PackedWeights.PackInto pack)
{
    private readonly Lock _packing = new();
    private volatile Entry? _entry;

    /// <summary>Tells the number of floats.</summary>
    internal delegate int SizeOf(in ConvolutionShape shape);

    /// <summary>Packs into as many.</summary>
    internal delegate void PackInto(in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed);

    /// <summary>The packed weights for a shape; of its sizes only the channels and the groups matter to them.</summary>
    /// <param name="shape">The sizes of the run.</param>
    /// <param name="weights">The weights, the same at each call.</param>
    public float[] For(in ConvolutionShape shape, float[] weights)
    {
        Entry? entry = _entry;
        if (entry is not null && entry.Fits(shape))
        {
            return entry.Packed;
        }

        lock (_packing)
        {
            if (_entry is null || !_entry.Fits(shape))
            {
                float[] packed = new float[size(shape)];
                pack(shape, weights, packed);
                _entry = new Entry(packed, shape.InputChannels, shape.OutputChannels, shape.Group);
            }

            return _entry.Packed;
        }
    }

    private sealed record Entry(float[] Packed, int Inputs, int Outputs, int Group)
    {
        public bool Fits(in ConvolutionShape shape) =>
            (Inputs, Outputs, Group) == (shape.InputChannels, shape.OutputChannels, shape.Group);
    }
}
