using System.Text.Json;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>What items and properties can say, on one project that uses most of it and has no quant.json.</summary>
[TestClass]
public sealed class ItemTests
{
    private const string Bin = "bin/Debug/net10.0/";
    private const string Obj = "obj/Debug/net10.0/mnn/";
    private const string Settings = """Format="GRAY" Mean="72.93" Normal="0.0111" Width="28" Height="28" GenerateAccessor="true" """;

    private static ConsumerProject s_project = null!;
    private static BuildRun s_build = null!;

    [ClassInitialize]
    public static async Task BuildOnce(TestContext context)
    {
        s_project = new ConsumerProject(
            "Items",
            $"""
            <AvailableItemName Include="SomeAsset" />
            <MnnModel Include="model.mnn" {Settings} MinCosine="0.5" MinTop1Agreement="0.5" />
            <MnnModel Include="sub/own pictures.mnn" {Settings} />
            <MnnModel Include="model.mnn" {Settings} Link="em/bed.mnn" Deploy="Embed" />
            <MnnModel Include="model.mnn" {Settings} Link="as/set.mnn" Deploy="SomeAsset" />
            <MnnModel Include="model.mnn" GenerateAccessor="true" Quantize="false" OutputName="float.mnn" />
            <MnnCalibrationImage Include="pictures/**/*.png" />
            <MnnCalibrationImage Include="pictures/0021.png;pictures/0020.png;pictures/0021.png" Model="own pictures.mnn" />
            """,
            """
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisMode>All</AnalysisMode>
            <MnnQuantizeReport>true</MnnQuantizeReport>
            """);
        File.Delete(s_project["quant.json"]);
        Directory.CreateDirectory(s_project["sub"]);
        File.Copy(s_project["model.mnn"], s_project["sub/own pictures.mnn"]);
        s_project.Write("Program.cs", """
            using System;
            using System.IO;
            using Items;

            using (Stream file = MnnModels.Model.OpenRead())
            using (Stream resource = MnnModels.Bed.OpenRead())
            {
                Console.WriteLine($"{file.Length == resource.Length} {Path.GetFileName(MnnModels.OwnPictures.FilePath)} {MnnModels.Set.AssetName}");
            }

            Console.WriteLine($"{MnnModels.Model.InputNames[0]} {string.Join('x', MnnModels.Float.InputShapes[0])} {MnnModels.Model.OutputNames[0]}");
            Console.WriteLine(FormattableString.Invariant(
                $"{MnnModels.Model.Preprocessing.Format} {MnnModels.Model.Preprocessing.Width} {MnnModels.Model.Preprocessing.Mean[0]} {MnnModels.Model.Preprocessing.Normal[0]}"));
            """);
        s_build = await s_project.Build();
    }

    [TestInitialize]
    public void StartsFromABuiltProject() => s_build.AssertQuantized();

    [TestMethod]
    public void A_model_needs_no_config()
    {
        s_project.AssertIsInt8(Bin + "model.mnn");
        Assert.AreEqual(8, Summary("model.mnn").GetProperty("pictures").GetInt32());
    }

    [TestMethod]
    public void Pictures_with_a_model_are_for_this_model_alone()
    {
        s_project.AssertIsInt8(Bin + "sub/own pictures.mnn");
        Assert.AreEqual(2, Summary("sub/own pictures.mnn").GetProperty("pictures").GetInt32());
    }

    [TestMethod]
    public void The_same_content_is_quantized_once()
    {
        Assert.AreEqual(2, s_build.Quantized);
        Assert.AreEqual(2, s_build.FromCache);
    }

    [TestMethod]
    public void The_report_is_logged_and_embedded_in_the_binary_log()
    {
        string report = s_project[Obj + "model.mnn.report.html"];

        Assert.IsTrue(s_build.Says("model.mnn: report in " + report));
        Assert.IsTrue(s_build.Log.SourceFiles.Any(file => file.FullPath.EndsWith("model.mnn.summary.json", StringComparison.Ordinal)));
        Assert.IsTrue(s_build.Log.SourceFiles.Any(file => file.FullPath.EndsWith("model.mnn.report.html", StringComparison.Ordinal)));
        Assert.AreEqual(0.5, Summary("model.mnn").GetProperty("minCosine").GetDouble());
        Assert.IsTrue(Summary("model.mnn").GetProperty("goodEnough").GetBoolean());
    }

    [TestMethod]
    public async Task Generated_code_leads_the_app_to_its_models()
    {
        (int exitCode, string output) = await DotNet.Run(s_project.Folder, "exec", s_project[Bin + "Items.dll"]);

        Assert.AreEqual(0, exitCode, output);
        CollectionAssert.AreEqual(
            new[] { "True own pictures.mnn as/set.mnn", "input 1x1x28x28 output", "GRAY 28 72.93 0.0111" },
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [TestMethod]
    public async Task Question_and_check_have_nothing_to_say()
    {
        BuildRun build = await s_project.Build("--no-restore", "-question", "-check");

        build.AssertSucceeded();
        Assert.IsEmpty(build.Warnings, build.Output);
    }

    [TestMethod]
    public async Task Editors_foresee_assets_code_and_inputs()
    {
        BuildRun build = await s_project.Run(
            "build",
            "--no-restore",
            "-t:AssignTargetPaths;_MnnCollectUpToDateCheckInputs",
            "-p:DesignTimeBuild=true",
            "-p:BuildingProject=false",
            "-getItem:SomeAsset,Compile,UpToDateCheckInput,UpToDateCheckOutput,Watch,PropertyPageSchema,AvailableItemName",
            "-getProperty:CollectUpToDateCheckInputDesignTimeDependsOn");

        build.AssertSucceeded();
        using var json = JsonDocument.Parse(build.Output);
        JsonElement asset = ItemsOf(json, "SomeAsset").Single();
        Assert.AreEqual(Obj + "as/set.mnn", asset.GetProperty("Identity").GetString());
        Assert.AreEqual("as/set.mnn", asset.GetProperty("Link").GetString());
        CollectionAssert.Contains(Identities(json, "Compile"), Obj + "MnnModels.g.cs");
        StringAssert.Contains(build.Output, "_MnnCollectUpToDateCheckInputs", "Visual Studio's target has to run it.");
        CollectionAssert.Contains(Identities(json, "UpToDateCheckInput"), s_project["pictures/0020.png"]);
        Assert.IsTrue(ItemsOf(json, "UpToDateCheckInput").Any(item => item.GetProperty("Set").GetString() == "Mnn"));
        CollectionAssert.Contains(Identities(json, "UpToDateCheckOutput"), Obj + "mnn.stamp");
        CollectionAssert.Contains(Identities(json, "Watch"), "model.mnn");
        CollectionAssert.Contains(Identities(json, "AvailableItemName"), "MnnModel");
        Assert.IsTrue(Identities(json, "PropertyPageSchema").Any(file => File.Exists(file) && file.EndsWith("Mnn.Quantize.xml", StringComparison.Ordinal)));
    }

    private static JsonElement Summary(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(s_project[Obj + model + ".summary.json"]));
        return json.RootElement.Clone();
    }

    private static JsonElement.ArrayEnumerator ItemsOf(JsonDocument json, string type) =>
        json.RootElement.GetProperty("Items").GetProperty(type).EnumerateArray();

    private static string[] Identities(JsonDocument json, string type) =>
        [.. ItemsOf(json, type).Select(item => item.GetProperty("Identity").GetString()!)];
}
