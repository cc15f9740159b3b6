namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>What <c>--input NAME=FILE[:SHAPE]</c> says. Names and paths may hold <c>=</c> and <c>:</c> themselves.</summary>
/// <param name="Name">Name of the model's input.</param>
/// <param name="File">Full path of the file.</param>
/// <param name="Shape">Dimensions, or null where none are given.</param>
internal sealed record InputArgument(string Name, string File, int[]? Shape)
{
    /// <summary>
    /// Takes the longest of the model's input names that stands before an equals sign. Without one, the text is a file
    /// for the only input.
    /// </summary>
    /// <param name="text">The argument.</param>
    /// <param name="model">The model's path, for messages.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <exception cref="Diagnostics.QuantizeException">No input is meant, or several could be.</exception>
    internal static InputArgument Parse(string text, string model, IReadOnlyList<string> inputs)
    {
        string? name = inputs
            .Where(i => text.StartsWith(i + "=", StringComparison.Ordinal))
            .MaxBy(i => i.Length);
        string rest = name is null ? text : text[(name.Length + 1)..];
        (string file, int[]? shape) = SplitShape(rest);
        if (name is null)
        {
            bool looksNamed = text.Contains('=', StringComparison.Ordinal) && !System.IO.File.Exists(file);
            name = inputs.Count == 1 && !looksNamed ? inputs[0] : throw CommandErrors.InputUnknown(model, text, inputs);
        }

        return new InputArgument(name, Path.GetFullPath(file), shape);
    }

    // The shape is behind the last colon, unless the file's own name ends like that.
    private static (string File, int[]? Shape) SplitShape(string text)
    {
        int colon = text.LastIndexOf(':');
        int[]? shape = colon > 0 ? ShapeText.Parse(text[(colon + 1)..]) : null;
        return shape is null || (System.IO.File.Exists(text) && !System.IO.File.Exists(text[..colon]))
            ? (text, null)
            : (text[..colon], shape);
    }
}
