using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Model;

/// <summary>The models beside the tests.</summary>
internal static class ModelFiles
{
    private static readonly string Root = Find();

    /// <summary>All of them, float and int8.</summary>
    internal static IEnumerable<object[]> All =>
        Directory.EnumerateFiles(Root, "*.mnn", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new object[] { Path.GetRelativePath(Root, path) });

    /// <summary>The full path of a model, such as <c>mbv2/model.mnn</c>.</summary>
    internal static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>A real model's graph with its vectors of weights cut to a few numbers: small enough to try many times.</summary>
    internal static MnnModel Small()
    {
        var model = MnnModel.Load(PathOf("mbv2/model.mnn"));
        foreach (Convolution2D convolution in model.Net.Oplists!.Select(op => op.Main).OfType<Convolution2D>())
        {
            convolution.Weight = convolution.Weight?[..3];
            convolution.Bias = convolution.Bias?[..2];
        }

        return model;
    }

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "tests", "assets", "models")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "assets", "models");
    }
}
