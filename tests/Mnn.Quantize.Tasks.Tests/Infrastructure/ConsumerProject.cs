using Microsoft.Build.Logging.StructuredLogger;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>
/// A user's project in a temporary folder, which references the packed package: a model, eight pictures, a config. Its
/// feed is the folder feed alone, so that nothing is fetched from the network.
/// </summary>
internal sealed class ConsumerProject
{
    private const int PictureCount = 8;
    private const string Net10 = "<TargetFramework>net10.0</TargetFramework>";

    private readonly string _language;
    private int _builds;

    /// <param name="name">Of the project and its folder.</param>
    /// <param name="items">The items of the project, such as <c>&lt;MnnModel ... /&gt;</c>.</param>
    /// <param name="properties">More properties.</param>
    /// <param name="language"><c>cs</c>, <c>fs</c> or <c>vb</c>.</param>
    /// <param name="hasRuntimePacks">Whether the feed also has what self-contained and trimmed apps are made of.</param>
    internal ConsumerProject(
        string name, string items, string properties = Net10, string language = "cs", bool hasRuntimePacks = false)
    {
        Name = name;
        _language = language;
        Folder = Path.Combine(TestEnvironment.Root, name + " ü");
        Directory.CreateDirectory(Folder);
        CopyFromSample("fashion.mnn", "model.mnn");
        for (int i = 0; i < PictureCount; i++)
        {
            AddPicture(20 + i);
        }

        WriteConfig();
        WriteProject(items, properties);
        Write("Program." + language, language switch
        {
            "fs" => "module Program\n[<EntryPoint>]\nlet main _ = 0\n",
            "vb" => "Module Program\nSub Main()\nEnd Sub\nEnd Module\n",
            _ => "public static class Program { public static void Main() { } }",
        });
        Write("nuget.config", hasRuntimePacks ? MappedFeeds : OneFeed);
    }

    private static string OneFeed =>
        $"""<configuration><packageSources><clear/><add key="feed" value="{TestEnvironment.Feed}"/></packageSources></configuration>""";

    /// <summary>The folder of packages may hold an older one of ours.</summary>
    private static string MappedFeeds =>
        $"""
        <configuration>
          <packageSources>
            <clear/>
            <add key="feed" value="{TestEnvironment.Feed}"/>
            <add key="packs" value="{TestEnvironment.RuntimePacks}"/>
          </packageSources>
          <packageSourceMapping>
            <packageSource key="feed"><package pattern="Mnn.*"/></packageSource>
            <packageSource key="packs"><package pattern="*"/></packageSource>
          </packageSourceMapping>
        </configuration>
        """;

    internal string Name { get; }

    internal string Folder { get; }

    internal string File => this[$"{Name}.{_language}proj"];

    /// <summary>Full path of a file of the project.</summary>
    internal string this[string path] => Path.Combine(Folder, path.Replace('/', Path.DirectorySeparatorChar));

    internal void WriteProject(string items, string properties = Net10) => Write(
        $"{Name}.{_language}proj",
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <UseAppHost>false</UseAppHost>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Mnn.Quantize" Version="{TestEnvironment.Version}" PrivateAssets="all" />
            {(_language == "fs" ? """<Compile Include="Program.fs" />""" : "")}
            {items}
          </ItemGroup>
        </Project>
        """);

    internal void WriteConfig(string more = "") => Write(
        "quant.json",
        $$"""{ "format": "GRAY", "mean": [72.93], "normal": [0.0111], "width": 28, "height": 28, "path": "pictures/"{{more}} }""");

    internal void AddPicture(int number) =>
        CopyFromSample($"calibration/{number:0000}.png", $"pictures/{number:0000}.png");

    internal void Write(string path, string text) => System.IO.File.WriteAllText(this[path], text);

    internal long Size(string path) => new FileInfo(this[path]).Length;

    /// <summary>An int8 model of the sample is a quarter of the float one.</summary>
    internal void AssertIsInt8(string path) => Assert.IsLessThan(0.3 * Size("model.mnn"), Size(path), path);

    internal void AssertIsFloat(string path) => Assert.AreEqual(Size("model.mnn"), Size(path), path);

    internal Task<BuildRun> Build(params string[] args) => Run(["build", .. args]);

    /// <summary>Runs a <c>dotnet</c> command that builds, with a binary log.</summary>
    internal async Task<BuildRun> Run(params string[] args)
    {
        string log = this[$"../{Name}-{++_builds}.binlog"];
        (int exitCode, string output) = await DotNet.Run(Folder, [.. args, $"-bl:{log}"]);
        return new BuildRun(exitCode, output, BinaryLog.ReadBuild(log), log);
    }

    private void CopyFromSample(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[to])!);
        System.IO.File.Copy(Path.Combine(TestEnvironment.Sample, from), this[to]);
    }
}
