using System.Globalization;
using System.Text.RegularExpressions;
using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Tests;

/// <summary>What the documentation lists is what there is.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private static readonly string[] s_used =
    [
        .. from file in Repository.SourceFiles(Path.Combine(Repository.Root, "src"))
           from Match match in CodeInSource().Matches(File.ReadAllText(file))
           select match.Groups["code"].Value,
    ];

    private static readonly string[] s_documented =
    [
        .. from Match match in CodeInTable().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/errors.md")))
           select match.Groups["code"].Value,
    ];

    [TestMethod]
    public void Every_code_has_one_row_in_the_page_of_errors()
    {
        Assert.IsGreaterThan(50, s_used.Length, "The pattern no longer finds the codes.");
        Assert.IsEmpty(s_used.Except(s_documented), "Codes without a row: " + string.Join(", ", s_used.Except(s_documented)));
        Assert.IsEmpty(s_documented.Except(s_used), "Rows without a code: " + string.Join(", ", s_documented.Except(s_used)));
        Assert.AreEqual(s_documented.Distinct().Count(), s_documented.Length, "A code has two rows.");
    }

    [TestMethod]
    public void Every_code_belongs_to_one_method()
    {
        string[] twice = [.. s_used.GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key)];

        Assert.IsEmpty(twice, string.Join(", ", twice));
    }

    [TestMethod]
    public void The_readme_lists_properties_that_the_targets_use()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string build = File.ReadAllText(Path.Combine(Repository.Root, "build/Mnn.Quantize.props"))
            + File.ReadAllText(Path.Combine(Repository.Root, "build/Mnn.Quantize.targets"));

        string[] listed = [.. PropertyRow().Matches(readme).Select(match => match.Groups["name"].Value)];
        string[] unused = [.. listed.Where(name => !build.Contains($"$({name})", StringComparison.Ordinal))];

        Assert.IsGreaterThan(3, listed.Length, "The pattern no longer finds the rows.");
        Assert.IsEmpty(unused, string.Join(", ", unused));
    }

    [TestMethod]
    [DataRow("docs/msbuild.md", "| `{0}` |")]
    [DataRow("build/Mnn.Quantize.xml", "Property Name=\"{0}\"")]
    public void Every_key_is_known_as_metadata(string file, string form)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, file)).ToUpperInvariant();
        string[] missing =
        [
            .. ConfigKeys.All
                .Where(key => key.Name is not ("$schema" or "model"))
                .Select(key => string.Format(CultureInfo.InvariantCulture, form, key.Name.Replace("_", "", StringComparison.Ordinal)))
                .Where(entry => !text.Contains(entry.ToUpperInvariant(), StringComparison.Ordinal)),
        ];

        Assert.IsEmpty(missing, $"{file} lacks {string.Join(", ", missing)}");
    }

    [TestMethod]
    public void The_page_of_properties_has_a_section_for_each_that_the_targets_set()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/msbuild.md"));
        string targets = File.ReadAllText(Path.Combine(Repository.Root, "build/Mnn.Quantize.targets"));
        string[] missing =
        [
            .. PublicProperty().Matches(targets)
                .Select(match => match.Groups["name"].Value)
                .Where(name => !page.Contains($"### `{name}`", StringComparison.Ordinal)),
        ];

        Assert.IsEmpty(missing, string.Join(", ", missing));
    }

    [TestMethod]
    public void The_readmes_example_compiles()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests/Mnn.Quantize.Core.Tests/ReadMeExample.cs"));
        string example = string.Join('\n', source
            .Split('\n')
            .SkipWhile(line => !line.Contains("// begin", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains("// end", StringComparison.Ordinal))
            .Select(line => line.Length > 8 ? line[8..] : ""));

        StringAssert.Contains(readme, example);
    }

    /// <summary>Those that a project sets; those that name the package's own files are for its developers.</summary>
    [GeneratedRegex(@"<(?<name>MnnQuantize\w*) Condition=")]
    private static partial Regex PublicProperty();

    [GeneratedRegex(@"^\| `(?<name>Mnn\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex PropertyRow();

    /// <summary>A call of the methods that all errors and warnings are made with: <c>Error(1234,</c>, <c>Error(log, 1234,</c>.</summary>
    [GeneratedRegex(@"\b(Error|Warning)\(\s*(log,\s*)?(?<code>[1-9]\d{3}),")]
    private static partial Regex CodeInSource();

    [GeneratedRegex(@"^\| MNNQ(?<code>\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex CodeInTable();
}
