using System.Globalization;
using System.Text;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Cli.Building;

/// <summary>
/// What is remembered of one int8 model, beside it (<c>x.mnn.key</c>) and in the cache: what it was made of, what it
/// hashes to and the figures of the run that made it. Lines of <c>name value</c>.
/// </summary>
/// <param name="Parts">The parts of its <see cref="ContentKey"/>.</param>
/// <param name="OutputHash">SHA-256 of the model beside which it lies.</param>
/// <param name="IsFloat">Whether that model is the float one, since the int8 model was not good enough.</param>
/// <param name="Figures">Numbers for the summary line, and the run's warnings.</param>
internal sealed record BuildRecord(
    IReadOnlyDictionary<string, string> Parts, string OutputHash, bool IsFloat, RecordedFigures Figures)
{
    private const string FirstLine = "mnn-quantize record 3";
    private const string OutputLine = "output";
    private const string DeployedLine = "deployed";
    private const string FiguresLine = "figures";

    internal static BuildRecord Of(ContentKey key, QuantizeResult result) => new(
        key.Parts.ToDictionary(StringComparer.Ordinal),
        ContentKey.HashFile(result.Destination),
        IsFloat: false,
        new RecordedFigures(
            result.SourceBytes,
            result.DestinationBytes,
            result.Seconds,
            result.Cosine,
            result.Top1Agreement,
            result.Convolutions.Quantized,
            result.Convolutions.All,
            result.Pictures,
            result.Mode,
            result.ComparedOn,
            [.. result.Warnings.Select(warning => warning.ToString())]));

    /// <summary>Whether <paramref name="file"/> is there, whole, and made of what <paramref name="key"/> says.</summary>
    internal bool Describes(string file, ContentKey key) =>
        key.DifferenceFrom(Parts).Length == 0 && File.Exists(file) && ContentKey.HashFile(file) == OutputHash;

    /// <returns>The record, or null if there is none or it is damaged: then the model is made again.</returns>
    internal static BuildRecord? Read(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        string[] lines = File.ReadAllLines(file);
        if (lines.Length < 2 || lines[0] != FirstLine || lines[^1] != "end")
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var warnings = new List<string>();
        foreach (string[] pair in lines[1..^1].Select(line => line.Split(' ', 2)))
        {
            if (pair.Length == 2 && pair[0] == "warning")
            {
                warnings.Add(pair[1]);
            }
            else if (pair.Length == 2)
            {
                values[pair[0]] = pair[1];
            }
        }

        return values.Remove(OutputLine, out string? output) &&
            values.Remove(DeployedLine, out string? deployed) &&
            values.Remove(FiguresLine, out string? line) &&
            RecordedFigures.TryParse(line, warnings) is { } figures
            ? new BuildRecord(values, output, deployed == "float", figures)
            : null;
    }

    internal void Write(string file)
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach ((string name, string value) in Parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{OutputLine} {OutputHash}\n{DeployedLine} {(IsFloat ? "float" : "int8")}\n");
        text.Append(CultureInfo.InvariantCulture, $"{FiguresLine} {Figures}\n");
        foreach (string warning in Figures.Warnings)
        {
            text.Append(CultureInfo.InvariantCulture, $"warning {warning}\n");
        }

        AtomicFile.WriteText(file, text.Append("end\n").ToString());
    }
}
