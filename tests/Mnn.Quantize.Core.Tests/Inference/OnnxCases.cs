using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>The operator cases of tests/assets/onnx-cases.zip: a folder each with model, inputs and expected outputs.</summary>
internal static class OnnxCases
{
    private static readonly Lazy<Dictionary<string, byte[]>> Files = new(ReadArchive);

    /// <summary>The cases' names, in order.</summary>
    internal static IEnumerable<string> Names => Files.Value.Keys
        .Where(path => path.EndsWith("/case.json", StringComparison.Ordinal))
        .Select(path => path[..path.IndexOf('/', StringComparison.Ordinal)])
        .Order(StringComparer.Ordinal);

    /// <summary>A case's model.</summary>
    internal static MnnModel Model(string name) => MnnModel.FromBytes(Files.Value[$"{name}/model.mnn"], $"{name}/model.mnn");

    /// <summary>What goes into a case and what comes out.</summary>
    internal static (TensorValue[] Inputs, TensorValue[] Outputs) Values(string name)
    {
        CaseFile file = JsonSerializer.Deserialize<CaseFile>(Files.Value[$"{name}/case.json"])!;
        return ([.. file.Inputs.Select(i => Read(name, i))], [.. file.Outputs.Select(o => Read(name, o))]);
    }

    private static TensorValue Read(string name, CaseTensor tensor)
    {
        byte[] bytes = Files.Value[$"{name}/{tensor.File}"];
        return tensor.Type == "f32"
            ? new TensorValue(tensor.Name, tensor.Shape, MemoryMarshal.Cast<byte, float>(bytes).ToArray())
            : new TensorValue(tensor.Name, tensor.Shape, MemoryMarshal.Cast<byte, int>(bytes).ToArray());
    }

    private static Dictionary<string, byte[]> ReadArchive()
    {
        using ZipArchive archive = ZipFile.OpenRead(Assets.PathOf("onnx-cases.zip"));
        var files = new Dictionary<string, byte[]>();
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            byte[] content = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(content);
            files.Add(entry.FullName, content);
        }

        return files;
    }

    private sealed record CaseFile(
        [property: JsonPropertyName("inputs")] CaseTensor[] Inputs,
        [property: JsonPropertyName("outputs")] CaseTensor[] Outputs);

    private sealed record CaseTensor(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("shape")] int[] Shape,
        [property: JsonPropertyName("file")] string File);
}
