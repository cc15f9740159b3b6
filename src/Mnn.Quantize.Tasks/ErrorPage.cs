namespace Mnn.Quantize.Tasks;

/// <summary>The page that explains all codes. The package brings it: it fits the version and needs no network.</summary>
internal static class ErrorPage
{
    /// <summary>A <c>file:</c> address, or null where the package has no such page.</summary>
    internal static string? Link { get; } = Find();

    private static string? Find()
    {
        string folder = Path.GetDirectoryName(typeof(ErrorPage).Assembly.Location) ?? "";
        string page = Path.GetFullPath(Path.Combine(folder, "../../docs/errors.md"));
        return File.Exists(page) ? new Uri(page).AbsoluteUri : null;
    }
}
