using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Calibration;

/// <summary>What calibration knows of one tensor. Several threads may add to it.</summary>
/// <param name="signed">Whether values of both signs are told apart, which takes twice the memory.</param>
/// <param name="countsLittle">
/// Whether values of tensors with few positions are counted too: the KL method looks at their extremes alone.
/// </param>
internal sealed class TensorStatistic(bool signed = false, bool countsLittle = true)
{
    private const int LittleArea = 100;

    /// <summary>How often each magnitude occurred.</summary>
    public MagnitudeHistogram Histogram { get; } = new();

    /// <summary>The same for the negative values alone; null if signs were not asked for.</summary>
    public MagnitudeHistogram? Negatives { get; } = signed ? new() : null;

    /// <summary>
    /// True if the tensor has fewer than 100 positions (width times height), too few for a histogram to mean much; as in
    /// the reference (TensorStatistic.cpp).
    /// </summary>
    public bool IsLittle { get; private set; }

    /// <summary>True for an NC4HW4 tensor with positions, be it one.</summary>
    public bool IsPackedPicture { get; private set; }

    /// <summary>True if it has seen a float tensor.</summary>
    public bool HasData { get; private set; }

    /// <summary>True if all values were counted; else only their extremes are known.</summary>
    public bool IsCounted => countsLittle || !IsLittle;

    /// <summary>Adds a tensor's values.</summary>
    /// <returns>False if one of them is not finite.</returns>
    public bool Add(Tensor tensor)
    {
        // Where shapes differ between pictures, neither their order nor the number of workers may decide.
        Note(Area(tensor) < LittleArea, tensor.IsChannelsLast);
        return IsCounted
            ? Histogram.Add(tensor.Floats) && Negatives?.Add(tensor.Floats, negated: true) != false
            : Histogram.AddExtremes(tensor.Floats);
    }

    /// <summary>Adds what another statistic has seen, to which nobody adds meanwhile.</summary>
    public void Merge(TensorStatistic other)
    {
        if (other.HasData)
        {
            Note(other.IsLittle, other.IsPackedPicture);
        }

        Histogram.Merge(other.Histogram);
        Negatives?.Merge(other.Negatives!);
    }

    /// <summary>Forgets all it has seen.</summary>
    public void Clear()
    {
        (HasData, IsLittle, IsPackedPicture) = (false, false, false);
        Histogram.Clear();
        Negatives?.Clear();
    }

    /// <summary>Writes all it has seen.</summary>
    public void Store(EntryWriter to)
    {
        to.Number((IsLittle ? 1u : 0) | (IsPackedPicture ? 2u : 0) | (Negatives is null ? 0 : 4u));
        Histogram.Store(to);
        Negatives?.Store(to);
    }

    /// <summary>
    /// Adds what <see cref="Store"/> wrote of a statistic that had seen a tensor, and told signs apart if this one does.
    /// </summary>
    public void MergeStored(ref EntryReader from)
    {
        ulong flags = from.Number();
        Note((flags & 1) != 0, (flags & 2) != 0);
        Histogram.MergeStored(ref from);
        MergeNegatives((flags & 4) != 0, Negatives, ref from);
    }

    /// <summary>Passes over what <see cref="Store"/> wrote.</summary>
    public static void Skip(ref EntryReader from)
    {
        ulong flags = from.Number();
        MagnitudeHistogram.Skip(ref from);
        MergeNegatives((flags & 4) != 0, null, ref from);
    }

    // Never from true to false, whatever another thread does at the same time.
    private void Note(bool isLittle, bool isPackedPicture)
    {
        HasData = true;
        if (isLittle)
        {
            IsLittle = true;
        }

        if (isPackedPicture)
        {
            IsPackedPicture = true;
        }
    }

    private static void MergeNegatives(bool areStored, MagnitudeHistogram? into, ref EntryReader from)
    {
        if (areStored && into is not null)
        {
            into.MergeStored(ref from);
        }
        else if (areStored)
        {
            MagnitudeHistogram.Skip(ref from);
        }
    }

    // Dimensions 1 and 2 of NHWC tensors, 2 and 3 of all others, whatever the rank.
    private static long Area(Tensor tensor)
    {
        int first = tensor.Format == MNN_DATA_FORMAT.NHWC ? 1 : 2;
        return tensor.Rank > first + 1 ? (long)tensor.Shape[first] * tensor.Shape[first + 1] : 1;
    }
}
