using PublicApiGenerator;

namespace Mnn.Quantize.Tests;

/// <summary>What the library promises: a change of it is seen in a review, and never made by oversight.</summary>
[TestClass]
public sealed class PublicApiTests
{
    private static readonly string s_listing = Path.Combine(Repository.Root, "docs/api/Mnn.Quantize.Core.cs.txt");

    [TestMethod]
    public void The_listing_of_public_members_is_up_to_date()
    {
        string expected = typeof(QuantizePipeline).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").TrimEnd() + "\n";
        string before = File.Exists(s_listing) ? File.ReadAllText(s_listing) : "";
        if (Environment.GetEnvironmentVariable("MNNQ_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(s_listing)!);
            File.WriteAllText(s_listing, expected);
            return;
        }

        Assert.AreEqual(
            expected,
            before,
            $"Public members changed. If that is meant, run this test with MNNQ_REGENERATE=1 and commit {Path.GetRelativePath(Repository.Root, s_listing)}.");
    }
}
