using System.Security.Cryptography;
using System.Text;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// What an int8 model is made of, as hashes: equal keys give equal bytes, on any machine. No path and no time is in
/// it, so that a touched file, another checkout or a reformatted config cost a look and no run.
/// </summary>
/// <param name="Parts">Name and SHA-256 of each ingredient, in a fixed order.</param>
internal sealed record ContentKey(IReadOnlyList<KeyValuePair<string, string>> Parts)
{
    /// <summary>The key itself: 64 hexadecimal digits.</summary>
    internal string Text { get; } = Hash(string.Concat(Parts.Select(part => $"{part.Key} {part.Value}\n")));

    /// <summary>Reads and hashes all that <paramref name="inputs"/> names.</summary>
    /// <remarks>
    /// The names of pictures below their folder belong to it: pictures are used in the order of their names, the extension
    /// tells the format, and arrays of one folder are one sample. The model's own name changes nothing. The engine's module id is new with each change to its code.
    /// </remarks>
    internal static ContentKey Compute(QuantizeInputs inputs, CancellationToken cancellation) => new(
    [
        .. inputs.Labels.Length > 0 ? [new("labels", HashFile(inputs.Labels))] : (KeyValuePair<string, string>[])[],
        .. inputs.Lock.Length > 0 ? [new("lock", HashFile(inputs.Lock))] : (KeyValuePair<string, string>[])[],
        new("engine", typeof(QuantizePipeline).Module.ModuleVersionId.ToString("N")),
        new("model", HashAll(inputs.Model, HashFile, cancellation)),
        new("settings", Hash(inputs.Settings)),
        new("pictures", HashAll(inputs.Pictures, file => HashFile(file) + ' ' + NameOf(inputs, file), cancellation)),
    ]);

    /// <summary>The ingredients that differ from <paramref name="other"/>, such as <c>model, pictures</c>.</summary>
    internal string DifferenceFrom(IReadOnlyDictionary<string, string> other) => string.Join(
        ", ", Parts.Where(part => other.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key));

    /// <summary>SHA-256 of a file's content, 64 hexadecimal digits.</summary>
    internal static string HashFile(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandErrors.InputNotRead(file, exception);
        }
    }

    private static string NameOf(QuantizeInputs inputs, string file) =>
        Path.GetRelativePath(inputs.DataRoot, file).Replace(Path.DirectorySeparatorChar, '/');

    private static string HashAll(IReadOnlyList<string> files, Func<string, string> hash, CancellationToken cancellation)
    {
        var hashes = new string[files.Count];
        for (int i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            hashes[i] = hash(files[i]);
        }

        return Hash(string.Join('\n', hashes));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
