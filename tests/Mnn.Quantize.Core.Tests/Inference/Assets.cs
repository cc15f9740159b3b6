namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Files of tests/assets.</summary>
internal static class Assets
{
    /// <summary>The full path of a file there.</summary>
    internal static string PathOf(string file)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null)
        {
            string path = Path.Combine(folder, "tests", "assets", file);
            if (File.Exists(path))
            {
                return path;
            }

            folder = Path.GetDirectoryName(folder);
        }

        throw new FileNotFoundException($"tests/assets/{file} lies in no folder above the tests.");
    }
}
