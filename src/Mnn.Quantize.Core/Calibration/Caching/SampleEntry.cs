using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration.Caching;

/// <summary>
/// One sample's entry of the cache: which tensors were observed, what is odd about the sample, the outputs if they were
/// wanted, and the statistics of each tensor, in the order in which the operators made them; then SHA-256 over all of it.
/// </summary>
/// <remarks>The form is part of the engine, whose id is part of each entry's name, so that it needs no version.</remarks>
/// <param name="signed">Whether statistics tell negative from positive values.</param>
internal sealed class SampleEntry(bool signed)
{
    private readonly EntryWriter _statistics = new();
    private readonly EntryWriter _whole = new();
    private readonly TensorStatistic _one = new(signed);

    /// <summary>Begins the entry of the next sample.</summary>
    public void Begin() => _statistics.Clear();

    /// <summary>Adds a tensor's values to the entry and to what is known of it so far.</summary>
    /// <param name="id">The tensor.</param>
    /// <param name="tensor">Its values.</param>
    /// <param name="total">What is known of it over all samples.</param>
    /// <returns>False if a value is not finite.</returns>
    public bool Add(int id, Tensor tensor, TensorStatistic total)
    {
        _one.Clear();
        bool finite = _one.Add(tensor);
        total.Merge(_one);
        _statistics.Number((ulong)id + 1);
        _one.Store(_statistics);
        return finite;
    }

    /// <summary>Whether bytes are as <see cref="End"/> returned them.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.Length > SHA256.HashSizeInBytes
        && SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]);

    /// <summary>The entry, until the next sample begins.</summary>
    /// <param name="observed">By tensor id: whether statistics were wanted.</param>
    /// <param name="traits">What is odd about the sample.</param>
    /// <param name="outputs">The outputs; null if they were not wanted.</param>
    public ReadOnlySpan<byte> End(bool[] observed, SampleTraits traits, IReadOnlyList<TensorValue>? outputs)
    {
        _whole.Clear();
        _whole.Number(signed ? 1u : 0);
        _whole.Bytes(MemoryMarshal.AsBytes(observed.AsSpan()));
        traits.Store(_whole);
        _whole.Number((ulong)(outputs?.Count ?? 0));
        foreach (TensorValue output in outputs ?? [])
        {
            Store(output);
        }

        _statistics.Number(0);
        _whole.Raw(_statistics.Written);
        _whole.Raw(SHA256.HashData(_whole.Written));
        return _whole.Written;
    }

    /// <summary>Adds an entry's statistics to what is known, if it has all that is wanted; else changes nothing.</summary>
    /// <param name="path">Where it is, for messages.</param>
    /// <param name="bytes">A whole entry.</param>
    /// <param name="wantsOutputs">Whether the outputs are needed.</param>
    /// <param name="totals">By tensor id: what is known; null where nothing is wanted.</param>
    /// <param name="traits">What is odd about the sample.</param>
    /// <param name="outputs">The outputs, if they are needed.</param>
    /// <exception cref="QuantizeException">It was not written by <see cref="End"/>, though its hash is right.</exception>
    public static bool TryMerge(
        string path,
        ReadOnlySpan<byte> bytes,
        bool wantsOutputs,
        TensorStatistic?[] totals,
        out SampleTraits? traits,
        out IReadOnlyList<TensorValue>? outputs)
    {
        try
        {
            return TryMerge(bytes, wantsOutputs, totals, out traits, out outputs);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw Errors.CacheEntryMalformed(path, e.Message, e);
        }
    }

    private static bool TryMerge(
        ReadOnlySpan<byte> bytes,
        bool wantsOutputs,
        TensorStatistic?[] totals,
        out SampleTraits? traits,
        out IReadOnlyList<TensorValue>? outputs)
    {
        (traits, outputs) = (null, null);
        var reader = new EntryReader(bytes);
        bool hasSigns = reader.Number() == 1;
        ReadOnlySpan<byte> observed = reader.Bytes(totals.Length);
        for (int i = 0; i < totals.Length; i++)
        {
            if (totals[i] is { } total && (observed[i] == 0 || (total.Negatives is not null && !hasSigns)))
            {
                return false;
            }
        }

        traits = SampleTraits.Read(ref reader);
        var found = new TensorValue[reader.Count()];
        if (wantsOutputs && found.Length == 0)
        {
            return false;
        }

        for (int i = 0; i < found.Length; i++)
        {
            found[i] = ReadOutput(ref reader);
        }

        outputs = wantsOutputs ? found : null;
        for (int id = reader.Count(totals.Length); id > 0; id = reader.Count(totals.Length))
        {
            if (totals[id - 1] is { } total)
            {
                total.MergeStored(ref reader);
            }
            else
            {
                TensorStatistic.Skip(ref reader);
            }
        }

        return true;
    }

    private void Store(TensorValue value)
    {
        _whole.Text(value.Name);
        _whole.Number((ulong)value.Shape.Count);
        foreach (int extent in value.Shape)
        {
            _whole.Number((ulong)extent);
        }

        bool isFloat = value.Type == ElementType.Float32;
        _whole.Number(isFloat ? 1u : 0);
        _whole.Bytes(isFloat ? MemoryMarshal.AsBytes<float>(value.Floats) : MemoryMarshal.AsBytes<int>(value.Ints));
    }

    private static TensorValue ReadOutput(ref EntryReader reader)
    {
        string name = reader.Text();
        int[] shape = new int[reader.Count()];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Count(int.MaxValue);
        }

        return reader.Number() == 1
            ? new TensorValue(name, shape, MemoryMarshal.Cast<byte, float>(reader.Bytes()).ToArray())
            : new TensorValue(name, shape, MemoryMarshal.Cast<byte, int>(reader.Bytes()).ToArray());
    }
}
