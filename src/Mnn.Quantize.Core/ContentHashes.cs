using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Mnn.Quantize.Calibration;

namespace Mnn.Quantize;

/// <summary>SHA-256 of what an int8 model is made of, as 64 hexadecimal digits, and the version of what made it.</summary>
internal static class ContentHashes
{
    /// <summary>Version of the engine.</summary>
    public static string Version { get; } =
        (typeof(ContentHashes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[0];

    /// <summary>Of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Of one file what <c>sha256sum</c> says; of several, of their contents one after the other.</summary>
    public static string OfFiles(IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            hash.AppendData(SampleBytes.Read(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of the lines that <c>sha256sum</c> prints for the samples' files, in their order.</summary>
    /// <param name="root">The folder that their names are relative to.</param>
    /// <param name="samples">The samples.</param>
    public static string OfSamples(string root, IEnumerable<string> samples)
    {
        var lines = new StringBuilder();
        foreach (string file in samples.SelectMany(SampleKinds.FilesOf))
        {
            lines.Append(Of(SampleBytes.Read(file))).Append("  ").Append(CalibrationData.Relative(root, file)).Append('\n');
        }

        return Of(Encoding.UTF8.GetBytes(lines.ToString()));
    }
}
