using System.Text;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Model;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Quantizes the Fashion-MNIST models.</summary>
internal static class FashionRun
{
    /// <summary>Options for a model with pictures extracted into a folder.</summary>
    internal static QuantizeOptions Prepare(TemporaryFolder folder, string model, int size, int pictures, string extra = "")
    {
        Archive.Fashion.Extract($"fashion{size}", pictures, Path.Combine(folder.Path, "pictures"));
        string config = folder.Write("quant.json", Encoding.UTF8.GetBytes(
            $$"""{ "format": "GRAY", "mean": [72.93], "normal": [0.011109259567849803], "path": "pictures"{{extra}} }"""));
        return new QuantizeOptions
        {
            Source = ModelFiles.PathOf($"{model}/model.mnn"),
            Destination = Path.Combine(folder.Path, "int8.mnn"),
            Config = config,
        };
    }

    /// <summary>Runs the whole way and reads what it wrote.</summary>
    internal static MnnModel Quantize(TemporaryFolder folder, string model, int size, int pictures)
    {
        QuantizeOptions options = Prepare(folder, model, size, pictures);
        QuantizePipeline.Run(options);
        return MnnModel.Load(options.Destination);
    }
}
