using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Model;

/// <summary>A model in the MNN format: the graph with all its weights, in memory.</summary>
public sealed class MnnModel
{
    private MnnModel(Net net, string path, IReadOnlyList<string> files)
    {
        Net = net;
        Path = path;
        Files = files;
    }

    /// <summary>The graph. It refers to no external weights; whoever changes it changes the model.</summary>
    public Net Net { get; }

    /// <summary>The path the model was loaded from, or the name given with its bytes.</summary>
    public string Path { get; }

    /// <summary>Full paths of all files the model was read from: its own, then those of external weights.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>
    /// Reads a model and, if it keeps weights outside, the files beside it: <c>NAME.mnn.weight</c> or those its
    /// operators name.
    /// </summary>
    /// <param name="path">The <c>.mnn</c> file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="QuantizeException">The file can't be read or is no intact model.</exception>
    public static MnnModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] data;
        try
        {
            (DateTime, long) before = State(path);
            data = File.ReadAllBytes(path);
            if (State(path) != before)
            {
                throw Errors.ModelChanged(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Errors.ModelUnreadable(path, e.Message, e);
        }

        return Parse(data, path, [System.IO.Path.GetFullPath(path)]);
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="data">The bytes of an <c>.mnn</c> file.</param>
    /// <param name="path">
    /// The model's name for messages; external weights, if the model has any, are looked for beside this path.
    /// </param>
    /// <returns>The model.</returns>
    /// <exception cref="QuantizeException">The bytes are no intact model.</exception>
    public static MnnModel FromBytes(ReadOnlySpan<byte> data, string path = "model.mnn")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(data, path, []);
    }

    /// <summary>A model made of a graph.</summary>
    /// <param name="net">The graph; it is not copied. It must not refer to external weights.</param>
    /// <param name="path">The model's name for messages.</param>
    /// <returns>The model.</returns>
    public static MnnModel FromNet(Net net, string path = "model.mnn")
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new MnnModel(net, path, []);
    }

    /// <summary>The model as an <c>.mnn</c> file, weights included. Equal graphs give equal bytes.</summary>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="QuantizeException">The model would exceed 2 GiB.</exception>
    public byte[] ToBytes() => FlatBufferSerializer.Write(NetLayout.Instance, Net, Path);

    /// <summary>
    /// Writes the model as one <c>.mnn</c> file: beside its place under a temporary name, flushed to disk, then renamed.
    /// The file at <paramref name="path"/> is the old one or the new one, never half of one.
    /// </summary>
    /// <param name="path">Where to. Missing folders are created.</param>
    /// <exception cref="QuantizeException">The file can't be written, or the model would exceed 2 GiB.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, FlatBufferSerializer.Write(NetLayout.Instance, Net, path));
    }

    private static (DateTime Written, long Length) State(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private static MnnModel Parse(ReadOnlySpan<byte> data, string path, List<string> files)
    {
        FileKind.RequireModel(data, path);
        Net net = FlatBufferSerializer.Read(NetLayout.Instance, data, path);
        if (net.Oplists is null or { Count: 0 })
        {
            throw Errors.ModelWithoutOperators(path);
        }

        using var weights = new WeightFiles(path);
        new ExternalWeights(weights).Resolve(net);
        files.AddRange(weights.Paths);
        return new MnnModel(net, path, files.AsReadOnly());
    }
}
