using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
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
    [DataRow("Mnn.Quantize")]
    [DataRow("Mnn.Quantize.Tool")]
    public void Its_bill_of_materials_lists_what_it_brings_from_others(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(TestEnvironment.Package(id));
        using Stream stream = package.GetEntry("sbom.cdx.json")!.Open();
        using var bill = JsonDocument.Parse(stream);
        bool hasNative = package.Entries.Any(entry => entry.FullName.StartsWith("tools/native/", StringComparison.Ordinal));
        string[] foreign = [.. package.Entries
            .Select(entry => Path.GetFileNameWithoutExtension(entry.FullName) is var name && entry.FullName.EndsWith(".dll", StringComparison.Ordinal) ? name : "")
            .Where(name => name.Length > 0 && !name.StartsWith("Mnn.Quantize", StringComparison.Ordinal) && name != "mnn-quantize" && !name.EndsWith(".resources", StringComparison.Ordinal))
            .Distinct()];
        JsonElement[] listed = [.. bill.RootElement.GetProperty("components").EnumerateArray()];

        string[] runtime = hasNative ? ["Microsoft.NETCore.App"] : [];
        CollectionAssert.AreEquivalent(foreign.Concat(runtime).ToArray(), listed.Select(c => c.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual(TestEnvironment.Version, bill.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString());
        XElement[] versions = [.. XDocument.Load(Path.Combine(TestEnvironment.Sample, "../../Directory.Packages.props")).Descendants("PackageVersion")];
        foreach (JsonElement component in listed.Where(c => !runtime.Contains(c.GetProperty("name").GetString())))
        {
            XElement version = versions.Single(v => v.Attribute("Include")!.Value == component.GetProperty("name").GetString());
            Assert.AreEqual(version.Attribute("Version")!.Value, component.GetProperty("version").GetString());
        }
    }

    [TestMethod]
    [DataRow("Mnn.Quantize")]
    [DataRow("Mnn.Quantize.Core")]
    [DataRow("Mnn.Quantize.Tool")]
    public void Each_package_says_what_it_is(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(TestEnvironment.Package(id));
        using Stream stream = package.GetEntry(id + ".nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Of(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.AreEqual("Apache-2.0", Of("license"));
        Assert.IsGreaterThan(40, Of("description").Length);
        foreach (string file in new[] { Of("readme"), Of("icon") })
        {
            Assert.IsGreaterThan(1000, package.GetEntry(file)!.Length, file);
        }

        Assert.IsEmpty(package.Entries.Where(entry => entry.LastWriteTime.Year != 2000), "All entries have a fixed time.");
    }

    [TestMethod]
    [DataRow("Mnn.Quantize.0.nupkg")]
    [DataRow("Mnn.Quantize.Core.0.nupkg")]
    [DataRow("Mnn.Quantize.Core.0.snupkg")]
    [DataRow("Mnn.Quantize.Tool.0.nupkg")]
    public void Packing_twice_gives_the_same_bytes(string form)
    {
        string name = form.Replace(".0.", $".{TestEnvironment.Version}.", StringComparison.Ordinal);

        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(TestEnvironment.Feed, name)),
            File.ReadAllBytes(Path.Combine(TestEnvironment.Feed + "-again", name)));
    }

    [TestMethod]
    public void The_library_brings_its_documentation_and_symbols_that_know_their_sources()
    {
        string[] library = PackageContent.Names(TestEnvironment.Package("Mnn.Quantize.Core"));
        string symbols = Path.ChangeExtension(TestEnvironment.Package("Mnn.Quantize.Core"), ".snupkg");

        CollectionAssert.Contains(library, "lib/net10.0/Mnn.Quantize.Core.dll");
        CollectionAssert.Contains(library, "lib/net10.0/Mnn.Quantize.Core.xml");
        CollectionAssert.Contains(PackageContent.Names(symbols), "lib/net10.0/Mnn.Quantize.Core.pdb");
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

        StringAssert.Contains(page, "| <a id=\"MNNQ7201\"></a>MNNQ7201 | ");
        StringAssert.Contains(page, "`<NoWarn>$(NoWarn);MNNQ1101</NoWarn>`", "The rest of the page is as it was.");
        Assert.IsNull(ErrorPage.Find(AppContext.BaseDirectory), "There is none beside an assembly that is not in a package.");
    }

    [TestMethod]
    public async Task Native_code_is_there_for_this_platform_and_gives_the_bytes_of_the_portable_code()
    {
        var project = new ConsumerProject("Native", "");
        using (ZipArchive package = Open())
        {
            package.ExtractToDirectory(project["package"]);
        }

        string tool = project["package/tools/net10.0/any/mnn-quantize.dll"];
        (int exit, string log) = await DotNet.Run(project.Folder, "exec", tool, "quantize", "model.mnn", "native.mnn", "quant.json");
        Assert.AreEqual(0, exit, log);
        string deps = Path.ChangeExtension(tool, ".deps.json");
        using (JsonDocument named = JsonDocument.Parse(await File.ReadAllTextAsync(deps)))
        {
            JsonProperty[] assemblies =
            [
                .. named.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
                    .Where(library => library.Value.TryGetProperty("runtimeTargets", out _))
                    .SelectMany(library => library.Value.GetProperty("runtimeTargets").EnumerateObject()),
            ];
            Assert.HasCount(3, assemblies.Where(file => RuntimeInformation.RuntimeIdentifier.EndsWith(
                file.Value.GetProperty("rid").GetString()!, StringComparison.Ordinal)));
            foreach (JsonProperty file in assemblies)
            {
                string portable = Path.Combine(Path.GetDirectoryName(tool)!, Path.GetFileName(file.Name));
                string native = Path.Combine(Path.GetDirectoryName(tool)!, file.Name);
                Assert.IsGreaterThan(new FileInfo(portable).Length, new FileInfo(native).Length, file.Name);
                File.Delete(native);
            }
        }

        // What is missing makes the host stop, so that this shows that it was loaded above.
        (exit, log) = await DotNet.Run(project.Folder, "exec", tool, "--version");
        Assert.AreNotEqual(0, exit, log);
        File.Delete(deps);
        (exit, log) = await DotNet.Run(project.Folder, "exec", tool, "quantize", "model.mnn", "portable.mnn", "quant.json");
        Assert.AreEqual(0, exit, log);

        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(project["portable.mnn"]), await File.ReadAllBytesAsync(project["native.mnn"]));
    }

    private static ZipArchive Open() =>
        ZipFile.OpenRead(TestEnvironment.Package("Mnn.Quantize"));
}
