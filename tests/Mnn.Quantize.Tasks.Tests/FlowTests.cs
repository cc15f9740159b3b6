using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>How models travel between projects and packages.</summary>
[TestClass]
public sealed class FlowTests
{
    private const string Model = """<MnnModel Include="model.mnn" Config="quant.json" Link="LINK" />""";
    private const string Library = "<TargetFramework>net10.0</TargetFramework><OutputType>Library</OutputType>";

    [TestMethod]
    public async Task Models_of_fsharp_and_vb_libraries_reach_the_test_project_and_are_quantized_once()
    {
        string cache = $"<MnnQuantizeCacheDir>{Path.Combine(TestEnvironment.Root, "shared cache ü")}</MnnQuantizeCacheDir>";
        var fsharp = new ConsumerProject(
            "FSharpLib",
            Model.Replace("LINK", "models/f.mnn", StringComparison.Ordinal) + """<PackageReference Update="FSharp.Core" PrivateAssets="all" />""",
            Library + cache,
            "fs");
        var vb = new ConsumerProject("VbLib", Model.Replace("LINK", "v.mnn", StringComparison.Ordinal), Library + cache, "vb");
        var middle = new ConsumerProject("Middle", $"""<ProjectReference Include="{fsharp.File}" />""", Library);
        var tests = new ConsumerProject(
            "SomeTests",
            $"""
            <ProjectReference Include="{middle.File}" />
            <ProjectReference Include="{vb.File}" />
            """,
            "<TargetFramework>net10.0</TargetFramework><IsTestProject>true</IsTestProject>");

        BuildRun build = await tests.Build("-m:4");
        BuildRun again = await tests.Build("-m:4", "--no-restore");

        build.AssertSucceeded();
        Assert.AreEqual(2, build.CommandRuns);
        Assert.AreEqual(1, build.Quantized, "Two projects share a model and a cache.");
        Assert.AreEqual(1, build.FromCache);
        tests.AssertIsInt8("bin/Debug/net10.0/models/f.mnn");
        tests.AssertIsInt8("bin/Debug/net10.0/v.mnn");
        again.AssertSkipped();
    }

    [TestMethod]
    public async Task A_package_brings_its_models_to_apps_that_reference_it_directly_or_not()
    {
        const string Id = "Lib.With.Models";
        var library = new ConsumerProject(
            "Packed",
            """
            <MnnModel Include="model.mnn" Config="quant.json" Link="models/all.mnn" PackModel="true" />
            <MnnModel Include="model.mnn" Config="quant.json" Link="models/direct.mnn" PackModel="ContentFiles" />
            <MnnModel Include="model.mnn" Config="quant.json" Link="models/none.mnn" />
            """,
            $"{Library}<PackageId>{Id}</PackageId><Version>1.2.3</Version><IncludeContentInPack>true</IncludeContentInPack>");
        string feed = library["feed"];
        string reference = $"""<PackageReference Include="{Id}" Version="1.2.3" />""";
        string source = $"<TargetFramework>net10.0</TargetFramework><RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>";
        var middle = new ConsumerProject("PackedMiddle", reference, source + "<OutputType>Library</OutputType>");
        var app = new ConsumerProject("PackedApp", $"""<ProjectReference Include="{middle.File}" />""", source);

        BuildRun pack = await library.Run("pack", "-o", feed);
        BuildRun build = await app.Build();

        pack.AssertQuantized();
        CollectionAssert.AreEquivalent(
            new[] { "mnn/net10.0/models/all.mnn", "contentFiles/any/net10.0/models/direct.mnn" },
            PackageContent.Names(Path.Combine(feed, $"{Id}.1.2.3.nupkg")).Where(name => name.EndsWith(".mnn", StringComparison.Ordinal)).ToArray());
        build.AssertSucceeded();
        middle.AssertIsInt8("bin/Debug/net10.0/models/all.mnn");
        middle.AssertIsInt8("bin/Debug/net10.0/models/direct.mnn");
        app.AssertIsInt8("bin/Debug/net10.0/models/all.mnn");
    }

    [TestMethod]
    public async Task A_single_file_app_has_its_model_beside_it()
    {
        var project = new ConsumerProject("SingleFile", Model.Replace("LINK", "models/m.mnn", StringComparison.Ordinal));

        BuildRun publish = await project.Run(
            "publish", "-o", project["out"], "-p:PublishSingleFile=true", "-p:SelfContained=false",
            "-p:EnableSingleFileAnalyzer=false", "--use-current-runtime", "-p:UseAppHost=true");

        publish.AssertQuantized();
        project.AssertIsInt8("out/models/m.mnn");
        Assert.IsFalse(File.Exists(project["out/SingleFile.dll"]), "It is in the single file.");
    }

    [TestMethod]
    public async Task With_an_artifacts_path_nothing_is_written_beside_the_sources()
    {
        var project = new ConsumerProject("Artifacts", Model.Replace("LINK", "m.mnn", StringComparison.Ordinal));
        string artifacts = project["../artifacts of it"];
        string[] sources = Directory.GetFileSystemEntries(project.Folder, "*", SearchOption.AllDirectories);
        SetWritable(project.Folder, false);
        try
        {
            BuildRun build = await project.Build("--artifacts-path", artifacts);
            BuildRun release = await project.Build("--artifacts-path", artifacts, "-c", "Release", "--no-incremental");

            build.AssertQuantized();
            CollectionAssert.AreEquivalent(sources, Directory.GetFileSystemEntries(project.Folder, "*", SearchOption.AllDirectories));
            project.AssertIsInt8("../artifacts of it/bin/Artifacts/debug/m.mnn");
            release.AssertQuantized();
            Assert.AreEqual(1, release.FromCache, "The other configuration has quantized it.");
            project.AssertIsInt8("../artifacts of it/bin/Artifacts/release/m.mnn");
        }
        finally
        {
            SetWritable(project.Folder, true);
        }
    }

    [TestMethod]
    public async Task In_another_worktree_the_models_of_the_first_are_found()
    {
        string cache = $"<TargetFramework>net10.0</TargetFramework><MnnQuantizeCacheDir>{Path.Combine(TestEnvironment.Root, "worktrees' cache")}</MnnQuantizeCacheDir>";
        var project = new ConsumerProject("Worktree", Model.Replace("LINK", "m.mnn", StringComparison.Ordinal), cache);
        string[] identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
        foreach (string[] command in new string[][]
        {
            ["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "all"], ["worktree", "add", "--quiet", "../Second ü", "-b", "second"],
        })
        {
            (int exitCode, string output) = await DotNet.RunProgram("git", project.Folder, [.. identity, .. command]);
            Assert.AreEqual(0, exitCode, output);
        }

        BuildRun first = await project.Build();
        BuildRun second = await project.Build("../Second ü/Worktree.csproj");

        Assert.AreEqual(1, first.AssertQuantized().Quantized);
        Assert.AreEqual((0, 1), (second.AssertQuantized().Quantized, second.FromCache));
        project.AssertIsInt8("../Second ü/bin/Debug/net10.0/m.mnn");
    }

    /// <summary>Takes away the right to write, which a superuser keeps: for him the test compares the list of files only.</summary>
    private static void SetWritable(string folder, bool writable)
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.UserExecute;
            foreach (string path in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            {
                File.SetUnixFileMode(path, writable ? Read | UnixFileMode.UserWrite : Read);
            }
        }

        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            new FileInfo(file).IsReadOnly = !writable;
        }
    }
}
