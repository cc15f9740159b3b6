using System.Diagnostics;

namespace Mnn.Quantize.Inference;

/// <summary>
/// The memory of one session. Blocks go round: what one operator frees the next one takes, still warm in the cache,
/// and a second run allocates nothing. Not thread-safe: a session is used by one thread at a time.
/// </summary>
/// <param name="limit">Most bytes; what a damaged model wants must not bring the machine down.</param>
internal sealed class TensorPool(long limit = TensorPool.DefaultLimit)
{
    /// <summary>16 GiB: a hundred times what models for devices need.</summary>
    public const long DefaultLimit = 16L << 30;

    private readonly List<TensorBuffer> _free = [];

    /// <summary>Bytes allocated so far, which is the peak as nothing is given back before the session ends.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>A block of at least <paramref name="bytes"/> bytes with no reference yet; its content is undefined.</summary>
    /// <exception cref="TensorShapeException">It doesn't fit the limit.</exception>
    public TensorBuffer Rent(int bytes)
    {
        int best = -1;
        for (int i = _free.Count - 1; i >= 0; i--)
        {
            // Twice the size at most: a little tensor must not occupy the block that a big one needs.
            int capacity = _free[i].Capacity;
            if (capacity >= bytes && capacity / 2 <= Math.Max(bytes, 4096)
                && (best < 0 || capacity < _free[best].Capacity))
            {
                best = i;
            }
        }

        if (best >= 0)
        {
            TensorBuffer found = _free[best];
            _free.RemoveAt(best);
            return found;
        }

        int rounded = (int)Math.Min(((long)bytes + TensorBuffer.Alignment - 1) / TensorBuffer.Alignment
            * TensorBuffer.Alignment, Array.MaxLength - TensorBuffer.Alignment);
        if (AllocatedBytes + rounded > limit)
        {
            throw new TensorShapeException($"tensors of more than {limit >> 20:N0} MiB together");
        }

        AllocatedBytes += rounded;
        return new TensorBuffer(rounded, this);
    }

    /// <summary>Takes a block back; called by the block itself.</summary>
    public void Return(TensorBuffer buffer)
    {
        Debug.Assert(!_free.Contains(buffer), "a block is returned once");
        _free.Add(buffer);
    }
}
