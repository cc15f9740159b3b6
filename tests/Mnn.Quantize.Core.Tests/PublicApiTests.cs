using PublicApiGenerator;

namespace Mnn.Quantize.Tests;

/// <summary>What the library promises: a change of it is seen in a review, and never made by oversight.</summary>
[TestClass]
public sealed class PublicApiTests
{
    [TestMethod]
    public void The_listing_of_public_members_is_up_to_date() => GeneratedPage.IsUpToDate(
        "docs/api/Mnn.Quantize.Core.cs.txt",
        _ => typeof(QuantizePipeline).Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").TrimEnd() + "\n");
}
