using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Model;

/// <summary>The files in which a model keeps weights: <c>MODEL.weight</c> unless an operator names another.</summary>
/// <param name="model">Path of the model.</param>
internal sealed class WeightFiles(string model) : IDisposable
{
    /// <summary>Weights may be shared, but all vectors together may be at most this many times their file.</summary>
    private const int MaxSharing = 4;

    private readonly Dictionary<string, Source> sources = [];

    /// <summary>Path of the model.</summary>
    internal string Model { get; } = model;

    /// <summary>Full paths of the files opened so far, in the order they were first needed.</summary>
    internal List<string> Paths { get; } = [];

    /// <summary>The vectors that a table refers to, or null if it has its weights itself.</summary>
    /// <param name="op">The operator the table belongs to.</param>
    /// <param name="external">Place of the first byte, then bytes of each vector.</param>
    internal Vectors? Open(Op op, long[]? external)
    {
        if (external is null || external.Length < 2)
        {
            return null;
        }

        string path = op.ExternalPath is { Length: > 0 } named ? Beside(named) : Path.GetFullPath(Model) + ".weight";
        if (!sources.TryGetValue(path, out Source? source))
        {
            source = new Source(Model, path);
            sources.Add(path, source);
            Paths.Add(path);
        }

        return new Vectors(source, op.Name ?? op.Type.ToString(), external);
    }

    // A model must not decide which files of the machine end up in what is made of it.
    private string Beside(string named)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(Model))!;
        string path = named.Contains('\0') ? "" : Path.GetFullPath(named, folder);
        return path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw Errors.ExternalWeightsOutside(Model, named);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Source source in sources.Values)
        {
            source.Dispose();
        }
    }

    /// <summary>Vectors that lie one after the other in a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="owner">The operator they belong to, for messages.</param>
    /// <param name="external">Place of the first byte, then bytes of each vector.</param>
    internal sealed class Vectors(Source source, string owner, long[] external)
    {
        private long position = external[0];
        private int next = 1;

        /// <summary>The next vector, or null if there is none or it has no bytes.</summary>
        internal TValue[]? Next<TValue>()
            where TValue : unmanaged
        {
            if (next >= external.Length)
            {
                return null;
            }

            long bytes = external[next++];
            TValue[] values = source.Read<TValue>(owner, position, bytes);
            position += bytes;
            return values.Length == 0 ? null : values;
        }
    }

    /// <summary>One open file.</summary>
    internal sealed class Source : IDisposable
    {
        private readonly string model;
        private readonly string path;
        private readonly SafeFileHandle handle;
        private readonly long length;
        private long budget;

        internal Source(string model, string path)
        {
            this.model = model;
            this.path = path;
            try
            {
                handle = File.OpenHandle(path);
                length = RandomAccess.GetLength(handle);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw Errors.ExternalWeightsUnreadable(model, path, e.Message, e);
            }

            budget = MaxSharing * length;
        }

        /// <inheritdoc/>
        public void Dispose() => handle.Dispose();

        /// <summary>Reads a vector; its place and size are checked before anything is allocated.</summary>
        internal TValue[] Read<TValue>(string owner, long position, long bytes)
            where TValue : unmanaged
        {
            int size = Unsafe.SizeOf<TValue>();
            if (position < 0 || bytes < 0 || position > length || bytes > length - position)
            {
                throw Errors.ExternalWeightsTooShort(model, path, owner, position, bytes, length);
            }

            budget -= bytes;
            if (bytes % size != 0 || bytes / size > Array.MaxLength || budget < 0)
            {
                throw Errors.ExternalWeightsDamaged(model, path, owner, position, bytes);
            }

            TValue[] values = GC.AllocateUninitializedArray<TValue>((int)(bytes / size));
            Fill(values, position);
            return values;
        }

        private void Fill<TValue>(TValue[] values, long position)
            where TValue : unmanaged
        {
            // In pieces of at most 1 GiB: a span counts bytes in 32 bits.
            int step = (1 << 30) / Unsafe.SizeOf<TValue>();
            for (int start = 0; start < values.Length; start += step)
            {
                Span<byte> rest = MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(step, values.Length - start)));
                while (!rest.IsEmpty)
                {
                    int count = ReadSome(rest, position);
                    position += count;
                    rest = rest[count..];
                }
            }
        }

        private int ReadSome(Span<byte> target, long position)
        {
            try
            {
                int count = RandomAccess.Read(handle, target, position);
                return count > 0 ? count : throw new EndOfStreamException("The file became shorter while it was read.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.ExternalWeightsUnreadable(model, path, e.Message, e);
            }
        }
    }
}
