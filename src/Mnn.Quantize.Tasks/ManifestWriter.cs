using System.Globalization;
using System.Text;

namespace Mnn.Quantize.Tasks;

/// <summary>Writes what <c>mnn-quantize build</c> reads: see <c>Manifest</c> of Mnn.Quantize.Cli for the format.</summary>
internal static class ManifestWriter
{
    internal static string Text(IEnumerable<ModelRequest> models, string stateFile, string storeFolder, string tool)
    {
        var text = new StringBuilder();
        text.Append("mnn-quantize manifest 1\n");
        text.Append("state=").Append(stateFile).Append('\n');
        text.Append("store=").Append(storeFolder).Append('\n');
        text.Append("tool=").Append(Stamp(tool)).Append(tool).Append('\n');
        foreach (ModelRequest model in models)
        {
            text.Append(model.IsQuantized ? "[model]" : "[float]").Append('\n');
            text.Append("source=").Append(model.Source).Append('\n');
            text.Append("destination=").Append(model.Destination).Append('\n');
            text.Append(model.IsQuantized ? $"config={model.Config}\n" : $"stamp={Stamp(model.Source)}\n");
        }

        return text.ToString();
    }

    /// <summary>Changes when the file does, in either direction of time.</summary>
    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? string.Format(CultureInfo.InvariantCulture, "{0} {1} ", file.LastWriteTimeUtc.Ticks, file.Length)
            : "";
    }
}
