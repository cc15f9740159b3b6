using System.IO.Compression;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>Looks into a package.</summary>
internal static class PackageContent
{
    internal static string[] Names(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(entry => Uri.UnescapeDataString(entry.FullName))];
    }
}
