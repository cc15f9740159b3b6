using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Build.Framework;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Where models arrive.</summary>
[TestClass]
public sealed class DeploymentTests
{
    private const string Model = """<MnnModel Include="model.mnn" Config="quant.json" />""";

    [TestMethod]
    public async Task Publish_carries_the_model_and_clean_removes_it()
    {
        var project = new ConsumerProject(
            "Publish",
            Model + """
            <MnnModel Include="model.mnn" Config="quant.json" OutputName="built.mnn" CopyToPublishDirectory="Never" />
            <MnnModel Include="model.mnn" Config="quant.json" OutputName="published.mnn" CopyToOutputDirectory="Never" CopyToPublishDirectory="Always" />
            """);

        BuildRun publish = await project.Run("publish", "-o", project["out"], "-p:MnnQuantizeMaxParallelism=1");
        string[] Models(string folder) => [.. Directory.GetFiles(project[folder], "*.mnn").Select(file => Path.GetFileName(file)).Order()];
        string[] built = Models("bin/Release/net10.0");
        BuildRun clean = await project.Run("clean", "-c", "Release");

        publish.AssertQuantized();
        Assert.IsTrue(publish.Events.OfType<TaskCommandLineEventArgs>().Any(
            line => line.CommandLine.Contains("--max-parallelism 1", StringComparison.Ordinal)));
        project.AssertIsInt8("out/model.mnn");
        CollectionAssert.AreEqual(new[] { "built.mnn", "model.mnn" }, built);
        CollectionAssert.AreEqual(new[] { "model.mnn", "published.mnn" }, Models("out"));
        clean.AssertSucceeded();
        Assert.IsEmpty(Directory.GetFiles(project["bin"], "*.mnn", SearchOption.AllDirectories));
        Assert.IsEmpty(Directory.GetFiles(project["obj/Release"], "*mnn*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Embedded_models_are_resources_with_the_names_asked_for()
    {
        var project = new ConsumerProject(
            "Embed",
            """
            <MnnModel Include="model.mnn" Config="quant.json" Deploy="Embed" LogicalName="my.model" />
            <MnnModel Include="model.mnn" Config="quant.json" Deploy="Embed" Link="models/b.de.mnn" />
            """);

        BuildRun build = await project.Build();

        build.AssertQuantized();
        CollectionAssert.AreEquivalent(
            new[] { "my.model", "Embed.models.b.de.mnn" }, ResourceNames(project["bin/Debug/net10.0/Embed.dll"]));
        Assert.IsEmpty(Directory.GetFiles(project["bin"], "*.mnn", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Globs_names_and_float_models_go_where_the_items_say()
    {
        var project = new ConsumerProject(
            "Globs",
            """
            <MnnModel Include="**/a.mnn" Config="configs\quant.json" />
            <MnnModel Include="../Globs shared/**/*.mnn" Config="quant.json" LinkBase="shared" />
            <MnnModel Include="model.mnn" Quantize="false" OutputName="float.mnn" />
            <MnnModel Include="model.mnn" Config="quant.json" Deploy="None" />
            """);
        foreach (string copy in new[] { "models/a.mnn", "models/deep/a.mnn", "../Globs shared/deep/c.mnn" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(project[copy])!);
            File.Copy(project["model.mnn"], project[copy]);
        }

        File.WriteAllText(project["model.mnn.weight"], "weights beside the model");
        Directory.CreateDirectory(project["configs"]);
        File.WriteAllText(
            project["configs/quant.json"],
            File.ReadAllText(project["quant.json"]).Replace("pictures/", "../pictures/", StringComparison.Ordinal));

        BuildRun build = await project.Build();
        BuildRun second = await project.Build();

        build.AssertQuantized();
        second.AssertSkipped();
        project.AssertIsInt8("bin/Debug/net10.0/models/a.mnn");
        project.AssertIsInt8("bin/Debug/net10.0/models/deep/a.mnn");
        project.AssertIsInt8("bin/Debug/net10.0/shared/deep/c.mnn");
        project.AssertIsInt8("obj/Debug/net10.0/mnn/model.mnn");
        project.AssertIsFloat("bin/Debug/net10.0/float.mnn");
        Assert.IsTrue(File.Exists(project["bin/Debug/net10.0/float.mnn.weight"]));
        Assert.HasCount(4, Directory.GetFiles(project["bin"], "*.mnn", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Several_target_frameworks_quantize_a_model_once()
    {
        var project = new ConsumerProject(
            "Frameworks",
            Model,
            """
            <TargetFrameworks>net10.0;net10.0-windows7.0</TargetFrameworks>
            <EnableWindowsTargeting>true</EnableWindowsTargeting>
            <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
            """);

        BuildRun build = await project.Build();

        build.AssertSucceeded();
        Assert.AreEqual(2, build.CommandRuns);
        project.AssertIsInt8("bin/Debug/net10.0/model.mnn");
        project.AssertIsInt8("bin/Debug/net10.0-windows7.0/model.mnn");
        Assert.IsTrue(build.Says("from the cache"));
    }

    private static string[] ResourceNames(string assembly)
    {
        using var pe = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = pe.GetMetadataReader();
        return [.. metadata.ManifestResources.Select(handle => metadata.GetString(metadata.GetManifestResource(handle).Name))];
    }
}
