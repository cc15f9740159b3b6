using Microsoft.Build.Logging.StructuredLogger;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>
/// A user's project in a temporary folder, which references the packed package: a model, eight pictures, a config. Its
/// feed is the folder feed alone, so that nothing is fetched from the network.
/// </summary>
internal sealed class ConsumerProject
{
    private const int PictureCount = 8;

    private int _builds;

    /// <param name="name">Of the project and its folder.</param>
    /// <param name="items">The items of the project, such as <c>&lt;MnnModel ... /&gt;</c>.</param>
    /// <param name="properties">More properties.</param>
    internal ConsumerProject(string name, string items, string properties = "<TargetFramework>net10.0</TargetFramework>")
    {
        Name = name;
        Folder = Path.Combine(TestEnvironment.Root, name + " ü");
        Directory.CreateDirectory(Folder);
        CopyFromSample("fashion.mnn", "model.mnn");
        for (int i = 0; i < PictureCount; i++)
        {
            AddPicture(20 + i);
        }

        WriteConfig();
        WriteProject(items, properties);
        Write("Program.cs", "public static class Program { public static void Main() { } }");
        Write(
            "nuget.config",
            $"""<configuration><packageSources><clear/><add key="feed" value="{TestEnvironment.Feed}"/></packageSources></configuration>""");
    }

    internal string Name { get; }

    internal string Folder { get; }

    /// <summary>Full path of a file of the project.</summary>
    internal string this[string path] => Path.Combine(Folder, path.Replace('/', Path.DirectorySeparatorChar));

    internal void WriteProject(string items, string properties = "<TargetFramework>net10.0</TargetFramework>") => Write(
        $"{Name}.csproj",
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <UseAppHost>false</UseAppHost>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Mnn.Quantize" Version="{TestEnvironment.Version}" />
            {items}
          </ItemGroup>
        </Project>
        """);

    internal void WriteConfig(string more = "") => Write(
        "quant.json",
        $$"""{ "format": "GRAY", "mean": [72.93], "normal": [0.0111], "width": 28, "height": 28, "path": "pictures/"{{more}} }""");

    internal void AddPicture(int number) =>
        CopyFromSample($"calibration/{number:0000}.png", $"pictures/{number:0000}.png");

    internal void Write(string path, string text) => File.WriteAllText(this[path], text);

    internal Task<BuildRun> Build(params string[] args) => Run(["build", .. args]);

    /// <summary>Runs a <c>dotnet</c> command that builds, with a binary log.</summary>
    internal async Task<BuildRun> Run(params string[] args)
    {
        string log = this[$"../{Name}-{++_builds}.binlog"];
        (int exitCode, string output) = await DotNet.Run(Folder, [.. args, $"-bl:{log}"]);
        return new BuildRun(exitCode, output, BinaryLog.ReadBuild(log));
    }

    private void CopyFromSample(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[to])!);
        File.Copy(Path.Combine(TestEnvironment.Sample, from), this[to]);
    }
}
