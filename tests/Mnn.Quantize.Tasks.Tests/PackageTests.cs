using System.IO.Compression;
using System.Xml.Linq;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>The package itself.</summary>
[TestClass]
public sealed class PackageTests
{
    [TestMethod]
    public void It_holds_task_targets_and_command()
    {
        using ZipArchive package = Open();
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];

        foreach (string expected in new[]
        {
            "build/Mnn.Quantize.props", "build/Mnn.Quantize.targets", "schema/quant.schema.json",
            "buildTransitive/Mnn.Quantize.props", "buildTransitive/Mnn.Quantize.targets",
            "tools/netstandard2.0/Mnn.Quantize.Tasks.dll",
            "tools/net10.0/any/mnn-quantize.dll", "tools/net10.0/any/mnn-quantize.runtimeconfig.json",
            "tools/net10.0/any/Mnn.Quantize.Core.dll", "README.md", "THIRD-PARTY-NOTICES.md", "docs/errors.md", "build/Mnn.Quantize.xml",
        })
        {
            CollectionAssert.Contains(names, expected);
        }

        Assert.IsFalse(names.Any(name => name.Contains("Microsoft.Build", StringComparison.Ordinal)), "MSBuild brings its own.");
        Assert.IsFalse(names.Any(name => name.StartsWith("lib/", StringComparison.Ordinal)), "It is a build step, not a library.");
    }

    [TestMethod]
    public void It_depends_on_no_other_package()
    {
        using ZipArchive package = Open();
        using Stream stream = package.GetEntry("Mnn.Quantize.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();

        Assert.IsEmpty(metadata.Descendants().Where(element => element.Name.LocalName == "dependency"));
        Assert.AreEqual("true", metadata.Elements().Single(element => element.Name.LocalName == "developmentDependency").Value);
        Assert.AreEqual("Apache-2.0", metadata.Elements().Single(element => element.Name.LocalName == "license").Value);
    }

    [TestMethod]
    public void Messages_lead_to_the_page_of_errors_in_the_package()
    {
        string folder = Directory.CreateTempSubdirectory("mnnq help ").FullName;
        using (ZipArchive package = Open())
        {
            package.ExtractToDirectory(folder);
        }

        string? link = ErrorPage.Find(Path.Combine(folder, "tools/netstandard2.0"));
        string page = File.ReadAllText(new Uri(link!).LocalPath);
        Directory.Delete(folder, recursive: true);

        StringAssert.Contains(page, "MNNQ7201");
        Assert.IsNull(ErrorPage.Find(AppContext.BaseDirectory), "There is none beside an assembly that is not in a package.");
    }

    private static ZipArchive Open() =>
        ZipFile.OpenRead(Directory.GetFiles(TestEnvironment.Feed, "Mnn.Quantize.*.nupkg").Single());
}
