using System.Globalization;
using System.Text;

namespace Mnn.Quantize.Tasks;

/// <summary>Writes what <c>mnn-quantize build</c> reads: see <c>Manifest</c> of Mnn.Quantize.Cli for the format.</summary>
internal static class ManifestWriter
{
    /// <param name="head">What concerns all models: name and value in turn; empty values are left out.</param>
    /// <param name="tool">Path of the command: the text changes with it.</param>
    /// <param name="models">The models.</param>
    internal static string Text(
        string[] head, string tool, IEnumerable<ModelRequest> models)
    {
        var text = new StringBuilder("mnn-quantize manifest 1\n");
        for (int i = 0; i < head.Length; i += 2)
        {
            Append(text, head[i], head[i + 1]);
        }

        Append(text, "tool", Stamp(tool) + tool);
        foreach (ModelRequest model in models)
        {
            AppendModel(text, model);
        }

        return text.ToString();
    }

    private static void AppendModel(StringBuilder text, ModelRequest model)
    {
        text.Append(model.IsQuantized ? "[model]" : "[float]").Append('\n');
        Append(text, "source", model.Source);
        Append(text, "destination", model.Destination);
        Append(text, "origin", model.Origin);
        Append(text, "config", model.Config);
        if (model.IsQuantized)
        {
            Append(text, "lockFile", model.LockFile);
            Append(text, "minCosine", model["MinCosine"]);
            Append(text, "minTop1Agreement", model["MinTop1Agreement"]);
            foreach (string picture in model.Pictures)
            {
                Append(text, "picture", picture);
            }
        }
        else
        {
            Append(text, "stamp", Stamp(model.Source));
        }

        if (model.ClassName.Length > 0)
        {
            Append(text, "class", model.ClassName);
            Append(text, "target", model.TargetPath.Replace('\\', '/'));
            Append(text, "deploy", model["Deploy"]);
            Append(text, "resource", model["LogicalName"]);
        }

        foreach (string setting in model.NeedsCommand ? model.Settings : [])
        {
            Append(text, "metadata", setting);
        }
    }

    /// <summary>A config is written even if there is none, since the command wants to know; so is an absent cache.</summary>
    private static void Append(StringBuilder text, string name, string value)
    {
        if (value.Length > 0 || name is "config" or "store")
        {
            text.Append(name).Append('=').Append(value).Append('\n');
        }
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
