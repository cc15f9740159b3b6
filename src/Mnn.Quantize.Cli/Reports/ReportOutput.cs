using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Reporting.Html;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Cli.Reports;

/// <summary>Where reports go and in which forms.</summary>
internal static class ReportOutput
{
    /// <summary>What is added to a model's path.</summary>
    internal const string Html = ".report.html";

    /// <summary>What is added to a model's path.</summary>
    internal const string Json = ".report.json";

    /// <summary>What is added to a model's path.</summary>
    internal const string Markdown = ".report.md";

    /// <summary>What the options that take a path say of it.</summary>
    internal const string PathDescription =
        "Write a report: FILE.html, FILE.json or FILE.md, or all three into a folder, under the model's name.";

    private static readonly Dictionary<string, Func<ModelReport, byte[]>> Forms = new()
    {
        [".html"] = HtmlReport.Write,
        [".json"] = ReportJson.Write,
        [".md"] = ReportMarkdown.Write,
    };

    /// <summary>Writes one file if the path has the extension of a form, else all into a folder of that name.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="path">A file or a folder.</param>
    /// <returns>Full paths of the files.</returns>
    /// <exception cref="QuantizeException">A file can't be written.</exception>
    internal static IReadOnlyList<string> Write(ModelReport report, string path)
    {
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(full) && Forms.TryGetValue(Path.GetExtension(full).ToLowerInvariant(), out Func<ModelReport, byte[]>? form))
        {
            WriteFile(full, form(report));
            return [full];
        }

        return WriteAll(report, Path.Combine(full, report.Int8));
    }

    /// <summary>Writes all forms beside a model.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="model">Full path of the model.</param>
    /// <returns>Full paths of the files.</returns>
    /// <exception cref="QuantizeException">A file can't be written.</exception>
    internal static IReadOnlyList<string> WriteAll(ModelReport report, string model)
    {
        foreach ((string extension, Func<ModelReport, byte[]> form) in Forms)
        {
            WriteFile(model + ".report" + extension, form(report));
        }

        return [.. Forms.Keys.Select(extension => model + ".report" + extension)];
    }

    private static void WriteFile(string path, byte[] content) => AtomicFile.Write(path, content);
}
