using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Training.Optimizing;

namespace Mnn.Quantize.Training.Loop;

/// <summary>
/// A training that is not finished, in a file: what it is of, <see cref="TrainState"/>, then all numbers of net and
/// optimizer and, if there is one, the best net; at the end SHA-256 of what comes before. Little-endian. Written whole or
/// not at all.
/// </summary>
internal static class Checkpoint
{
    private static readonly byte[] s_magic = Encoding.ASCII.GetBytes("MNNQTRN1");

    /// <summary>Writes a file.</summary>
    /// <exception cref="QuantizeException">It can't be written.</exception>
    public static void Write(
        string file,
        IReadOnlyList<KeyValuePair<string, string>> identity,
        TrainState state,
        ITrainableNet net,
        IOptimizer optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(s_magic);
            writer.Write(identity.Count);
            foreach ((string name, string value) in identity)
            {
                writer.Write(name);
                writer.Write(value);
            }

            WriteState(writer, state);
            WriteArrays(writer, NetArrays(net));
            WriteArrays(writer, optimizer.State);
            WriteArrays(writer, state.Best?.Arrays ?? []);
            writer.Flush();
            writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        }

        AtomicFile.Write(file, bytes.WriteTo);
    }

    /// <summary>Reads a file back into net and optimizer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="identity">What the training is of.</param>
    /// <param name="net">Gets its numbers.</param>
    /// <param name="optimizer">Gets its numbers.</param>
    /// <returns>The rest.</returns>
    /// <exception cref="QuantizeException">It can't be read, is damaged, or of another training.</exception>
    public static TrainState Read(
        string file, IReadOnlyList<KeyValuePair<string, string>> identity, ITrainableNet net, IOptimizer optimizer)
    {
        byte[] bytes = ReadBytes(file);
        try
        {
            return Read(file, bytes, identity, net, optimizer);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Errors.CheckpointDamaged(file, e.Message.TrimEnd('.'));
        }
    }

    private static TrainState Read(
        string file, byte[] bytes, IReadOnlyList<KeyValuePair<string, string>> identity, ITrainableNet net, IOptimizer optimizer)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        reader.BaseStream.Position = s_magic.Length;
        CheckIdentity(file, identity, ReadIdentity(reader));
        TrainState state = ReadState(reader);
        ReadArrays(file, reader, NetArrays(net));
        ReadArrays(file, reader, optimizer.State);
        if (state.BestSoFar is not null)
        {
            state.Best = NetSnapshot.Of(net);
            ReadArrays(file, reader, state.Best.Arrays);
        }

        net.AfterUpdate();
        return state;
    }

    /// <summary>What of a training is not as in a checkpoint, such as <c>settings, data</c>; empty if all is.</summary>
    /// <exception cref="QuantizeException">The file can't be read or is damaged.</exception>
    public static string Difference(string file, IReadOnlyList<KeyValuePair<string, string>> identity)
    {
        using var reader = new BinaryReader(new MemoryStream(ReadBytes(file)), Encoding.UTF8);
        reader.BaseStream.Position = s_magic.Length;
        try
        {
            return Difference(identity, ReadIdentity(reader));
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Errors.CheckpointDamaged(file, e.Message.TrimEnd('.'));
        }
    }

    // Its hash is right, but that any program can write.
    private static bool IsMalformed(Exception e) => e is IOException or FormatException or ArgumentException or InvalidDataException;

    private static byte[] ReadBytes(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CheckpointDamaged(file, e.Message);
        }

        int content = bytes.Length - SHA256.HashSizeInBytes;
        return content > s_magic.Length && bytes.AsSpan().StartsWith(s_magic)
            && SHA256.HashData(bytes.AsSpan(0, content)).AsSpan().SequenceEqual(bytes.AsSpan(content))
            ? bytes
            : throw Errors.CheckpointDamaged(file, "it is no checkpoint, or was changed since it was written");
    }

    private static Dictionary<string, string> ReadIdentity(BinaryReader reader)
    {
        var identity = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = reader.ReadInt32(); i > 0; i--)
        {
            identity[reader.ReadString()] = reader.ReadString();
        }

        return identity;
    }

    private static string Difference(
        IReadOnlyList<KeyValuePair<string, string>> wanted, Dictionary<string, string> found) => string.Join(
        ", ", wanted.Where(part => found.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key));

    private static void CheckIdentity(
        string file, IReadOnlyList<KeyValuePair<string, string>> wanted, Dictionary<string, string> found)
    {
        string different = Difference(wanted, found);
        if (different.Length > 0)
        {
            throw Errors.CheckpointOfOther(file, different);
        }
    }

    private static void WriteState(BinaryWriter writer, TrainState state)
    {
        writer.Write(state.Step);
        writer.Write(state.LossSum);
        writer.Write(state.Right);
        writer.Write(state.Seen);
        writer.Write(state.Seconds);
        writer.Write(state.BestEpoch);
        writer.Write(state.Untrained is not null);
        if (state.Untrained is { } untrained)
        {
            WriteEpoch(writer, untrained);
        }

        writer.Write(state.Epochs.Count);
        state.Epochs.ForEach(epoch => WriteEpoch(writer, epoch));
    }

    private static void WriteEpoch(BinaryWriter writer, TrainEpoch epoch)
    {
        writer.Write(epoch.Epoch);
        writer.Write(epoch.LearningRate);
        writer.Write(epoch.Loss);
        writer.Write(epoch.ValidationLoss);
        writer.Write(epoch.Accuracy ?? double.NaN);
    }

    private static TrainEpoch ReadEpoch(BinaryReader reader)
    {
        var epoch = new TrainEpoch(
            reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        return double.IsNaN(epoch.Accuracy!.Value) ? epoch with { Accuracy = null } : epoch;
    }

    private static TrainState ReadState(BinaryReader reader)
    {
        var state = new TrainState
        {
            Step = reader.ReadInt64(),
            LossSum = reader.ReadDouble(),
            Right = reader.ReadInt64(),
            Seen = reader.ReadInt64(),
            Seconds = reader.ReadDouble(),
            BestEpoch = reader.ReadInt32(),
            Untrained = reader.ReadBoolean() ? ReadEpoch(reader) : null,
        };
        int epochs = reader.ReadInt32();
        if (state.Step < 0 || state.Seen < 0 || state.BestEpoch < -1 || state.BestEpoch >= epochs)
        {
            throw new InvalidDataException("it counts what can't be counted");
        }

        for (int i = epochs; i > 0; i--)
        {
            state.Epochs.Add(ReadEpoch(reader));
        }

        return state;
    }

    private static List<float[]> NetArrays(ITrainableNet net) => [.. net.Parameters.Select(p => p.Value), .. net.State];

    private static void WriteArrays(BinaryWriter writer, IReadOnlyList<float[]> arrays)
    {
        writer.Write(arrays.Count);
        foreach (float[] array in arrays)
        {
            writer.Write(array.Length);
            writer.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }

    private static void ReadArrays(string file, BinaryReader reader, IReadOnlyList<float[]> arrays)
    {
        bool fits = reader.ReadInt32() == arrays.Count;
        for (int i = 0; fits && i < arrays.Count; i++)
        {
            fits = reader.ReadInt32() == arrays[i].Length
                && reader.Read(MemoryMarshal.AsBytes(arrays[i].AsSpan())) == arrays[i].Length * sizeof(float);
        }

        if (!fits)
        {
            throw Errors.CheckpointOfOther(file, "parameters");
        }
    }
}
