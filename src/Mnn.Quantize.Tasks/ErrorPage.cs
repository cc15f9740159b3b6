namespace Mnn.Quantize.Tasks;

/// <summary>The page that explains all codes. The package brings it: it fits the version and needs no network.</summary>
internal static class ErrorPage
{
    private static readonly string? s_page = Find(Path.GetDirectoryName(typeof(ErrorPage).Assembly.Location) ?? "");

    /// <summary>A <c>file:</c> address that leads to the row of a code, or null where the package has no such page.</summary>
    internal static string? LinkFor(string code) => s_page is null ? null : $"{s_page}#{code}";

    /// <param name="folder">Where the task lies in the package.</param>
    internal static string? Find(string folder)
    {
        string page = Path.GetFullPath(Path.Combine(folder, "../../docs/errors.md"));
        return File.Exists(page) ? new Uri(page).AbsoluteUri : null;
    }
}
