using System.Runtime.InteropServices;
using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Apps in the forms in which they are published. bench/publish-aot.sh adds native ahead-of-time compilation.</summary>
[TestClass]
public sealed class PublishTests
{
    [TestMethod]
    public async Task A_trimmed_single_file_app_finds_its_models()
    {
        var project = new ConsumerProject(
            "Trimmed",
            """
            <MnnModel Include="model.mnn" Config="quant.json" Link="models/m.mnn" GenerateAccessor="true" />
            <MnnModel Include="model.mnn" Config="quant.json" OutputName="e.mnn" Deploy="Embed" GenerateAccessor="true" />
            """,
            // The SDK would fetch what only web apps need, in case a package asks for it.
            "<TargetFramework>net10.0</TargetFramework><TreatWarningsAsErrors>true</TreatWarningsAsErrors>"
                + "<DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>",
            hasRuntimePacks: true);
        project.Write("Program.cs", """
            using System;
            using System.IO;
            using Trimmed;

            using Stream file = MnnModels.M.OpenRead();
            using Stream resource = MnnModels.E.OpenRead();
            Console.WriteLine($"{file.Length == resource.Length} {MnnModels.M.Preprocessing.Width}");
            """);

        BuildRun publish = await project.Run(
            "publish", "-o", project["out"], "--self-contained", "--use-current-runtime",
            "-p:PublishSingleFile=true", "-p:PublishTrimmed=true", "-p:UseAppHost=true");

        publish.AssertQuantized();
        Assert.IsEmpty(publish.Warnings, publish.Output);
        project.AssertIsInt8("out/models/m.mnn");
        CollectionAssert.AreEquivalent(
            new[] { App, "Trimmed.pdb", Path.Combine("models", "m.mnn") },
            Directory.GetFiles(project["out"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(project["out"], file)).ToArray());
        (int exitCode, string output) = await DotNet.RunProgram(project["out/" + App], project.Folder);
        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual("True 28", output.Trim());
    }

    private static string App => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "Trimmed.exe" : "Trimmed";
}
