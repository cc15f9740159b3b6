using System.Globalization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows the models that mode <c>auto</c> has tried.</summary>
public static class TriedText
{
    // Names of convolutions in the closing line: a line has its limits.
    private const int Named = 12;

    /// <summary>Writes a table, in the order of the trials, and what stays float by choice.</summary>
    /// <param name="tried">The models.</param>
    /// <param name="sourceBytes">Bytes of the float model.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(
        IReadOnlyList<TriedModel> tried, long sourceBytes, TextWriter writer, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(tried);
        ArgumentNullException.ThrowIfNull(writer);
        bool labelled = tried.Any(t => t.Accuracy is not null);
        TableColumn[] accuracy = labelled ? [new("right")] : [];
        var table = new TextTable(
        [
            new("", AlignsRight: false), new("tried", AlignsRight: false, MayShrink: true), new("cosine"), new("top-1"), .. accuracy,
            new("bytes"), new("of float"), new("best for its size", AlignsRight: false),
        ]);
        foreach (TriedModel model in tried)
        {
            string[] right = labelled ? [TextTable.Number(model.Accuracy, "0.000")] : [];
            table.Add(
            [
                model.IsChosen ? "*" : "",
                model.Name,
                TextTable.Number(model.Cosine, "0.00000"),
                TextTable.Number(model.Top1Agreement, "0.000"),
                .. right,
                model.Bytes.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{100.0 * model.Bytes / Math.Max(1, sourceBytes):0.0}%"),
                model.IsOnFrontier(tried) ? "yes" : "",
            ]);
        }

        table.Write(writer, width, colors);
        if (labelled)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Of the labelled samples that are judged, which calibrate as well, the float model has {tried[0].FloatAccuracy:0.000} right"));
        }

        TriedModel? chosen = tried.FirstOrDefault(t => t.IsChosen);
        if (chosen is { FloatConvolutions.Count: > 0 })
        {
            long cost = chosen.Bytes - tried.Min(t => t.Bytes);
            int more = chosen.FloatConvolutions.Count - Named;
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{chosen.FloatConvolutions.Count} convolutions compute in float, for {cost:N0} bytes more than the smallest model: "
                + $"{string.Join(", ", chosen.FloatConvolutions.Take(Named))}{(more > 0 ? $" and {more} more" : "")}"));
        }
    }
}
