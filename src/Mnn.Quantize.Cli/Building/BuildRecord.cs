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
/// <param name="Details">What a report shows of the run; null if none was wanted then.</param>
internal sealed record BuildRecord(
    IReadOnlyDictionary<string, string> Parts, string OutputHash, bool IsFloat, RecordedFigures Figures, RecordedDetails? Details)
{
    private const string FirstLine = "mnn-quantize record 3";
    private const string OutputLine = "output";
    private const string DeployedLine = "deployed";
    private const string FiguresLine = "figures";
    private const string DetailsLine = "details";

    /// <summary>What a run made.</summary>
    /// <param name="key">What it is made of.</param>
    /// <param name="result">The run.</param>
    /// <param name="details">Whether what a report shows of it was measured.</param>
    internal static BuildRecord Of(ContentKey key, QuantizeResult result, bool details) => new(
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
            [.. result.Warnings.Select(warning => warning.ToString())]),
        details ? new RecordedDetails(result.Sensitivities, result.Tried) : null);

    /// <summary>The result as if the run had just made <paramref name="destination"/>; warnings are shown by the caller.</summary>
    internal QuantizeResult ToResult(string destination) => Figures.ToResult(destination) with
    {
        Sensitivities = Details?.Sensitivities ?? [],
        Tried = Details?.Tried ?? [],
    };

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
        RecordedDetails? details = null;
        foreach (string[] pair in lines[1..^1].Select(line => line.Split(' ', 2)))
        {
            if (pair.Length == 2 && pair[0] == "warning")
            {
                warnings.Add(pair[1]);
            }
            else if (pair.Length == 2 && pair[0] == DetailsLine)
            {
                details = RecordedDetails.TryParse(pair[1]);
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
            ? new BuildRecord(values, output, deployed == "float", figures, details)
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

        if (Details is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{DetailsLine} {Details}\n");
        }

        AtomicFile.WriteText(file, text.Append("end\n").ToString());
    }
}
