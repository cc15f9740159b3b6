using Mnn.Quantize.Data;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>Writes outputs as <c>NAME.npy</c> into one folder.</summary>
/// <param name="folder">Where to; null writes nothing.</param>
internal sealed class OutputFiles(string? folder)
{
    // '/' and ':' on every system, so that scripts find the same names; the others where the system refuses them.
    private static readonly HashSet<char> s_replaced = ['/', ':', .. Path.GetInvalidFileNameChars()];

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes one output.</summary>
    /// <returns>The file's full path; null if there is no folder.</returns>
    /// <exception cref="Diagnostics.QuantizeException">The file can't be written.</exception>
    internal string? Write(TensorValue output)
    {
        if (folder is null)
        {
            return null;
        }

        string stem = string.Concat(output.Name.Select(c => s_replaced.Contains(c) ? '_' : c));
        string name = stem;
        for (int i = 2; !_taken.Add(name); i++)
        {
            name = $"{stem}_{i}";
        }

        string path = Path.Combine(folder, name + ".npy");
        byte[] bytes = NpyFile.Write(output);
        AtomicFile.Write(path, bytes);
        return path;
    }
}
