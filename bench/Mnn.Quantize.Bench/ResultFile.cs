using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mnn.Quantize.Bench;

/// <summary>
/// Passes on what is printed and keeps it: each line "name: 1.5 ms, 3 GB/s of something" becomes a result with its figures.
/// </summary>
/// <param name="console">Where lines go on to.</param>
internal sealed partial class ResultFile(TextWriter console) : TextWriter
{
    private readonly List<Result> _results = [];

    /// <inheritdoc/>
    public override Encoding Encoding => console.Encoding;

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        console.WriteLine(value);
        if (value?.Split(": ", 2) is [var name, var rest])
        {
            Figure[] figures = [.. Numbers().Matches(rest).Select(Parse)];
            _results.Add(new Result(name.Trim(), figures));
        }
    }

    /// <summary>Writes all results as JSON.</summary>
    public void Save(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new { processors = Environment.ProcessorCount, runtime = Environment.Version.ToString(), results = _results },
            new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase }));

    private static Figure Parse(Match match) =>
        new(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value);

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z%][A-Za-z/]*)")]
    private static partial Regex Numbers();

    private sealed record Result(string Name, Figure[] Figures);

    private sealed record Figure(double Value, string Unit);
}
