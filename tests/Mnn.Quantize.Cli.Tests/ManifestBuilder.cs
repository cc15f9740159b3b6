using System.Text;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>Writes manifests as the build task does.</summary>
internal sealed class ManifestBuilder(TestFolder folder)
{
    private readonly StringBuilder _text = new(
        $"mnn-quantize manifest 1\nstate={folder["state"]}\ndependencies={folder["dependencies"]}\nstore={folder["store"]}\ntool=x\n");

    /// <summary>One more line <c>name=value</c>, of the head or of the last model.</summary>
    internal ManifestBuilder With(string name, string value)
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}={value}\n");
        return this;
    }

    internal ManifestBuilder Model(string output = "a.mnn", string config = "quant.json", string kind = "[model]")
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{kind}\nsource={folder["float.mnn"]}\ndestination={folder["out/" + output]}\n");
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"config={(config.Length > 0 ? folder[config] : "")}\norigin={folder["app.csproj"]}\n");
        return this;
    }

    internal CommandRun Build()
    {
        File.WriteAllText(folder["manifest"], _text.ToString());
        return CommandRun.Of("build", "--manifest", folder["manifest"]);
    }
}
