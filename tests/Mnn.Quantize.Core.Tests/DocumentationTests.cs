using System.Text.RegularExpressions;

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

    /// <summary>A call of the methods that all errors and warnings are made with: <c>Error(1234,</c>, <c>Error(log, 1234,</c>.</summary>
    [GeneratedRegex(@"\b(Error|Warning)\(\s*(log,\s*)?(?<code>[1-9]\d{3}),")]
    private static partial Regex CodeInSource();

    [GeneratedRegex(@"^\| MNNQ(?<code>\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex CodeInTable();
}
