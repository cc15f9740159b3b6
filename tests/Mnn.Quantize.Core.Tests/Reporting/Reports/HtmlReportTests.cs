using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mnn.Quantize.Reporting.Html;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Tests.Reporting.Reports;

/// <summary>The page as text; tests/report looks at it in a browser.</summary>
[TestClass]
public sealed class HtmlReportTests
{
    // tests/report/run names a folder that takes the pages it looks at.
    private const string PagesVariable = "MNNQ_REPORT_PAGES";

    [TestMethod]
    [DataRow(10, 500_000)]
    [DataRow(500, 3_000_000)]
    public void A_page_of_any_length_stays_small_and_is_the_same_each_time(int layers, int mostBytes)
    {
        byte[] page = HtmlReport.Write(SampleReports.Of(layers));

        Assert.IsLessThan(mostBytes, page.Length);
        CollectionAssert.AreEqual(page, HtmlReport.Write(SampleReports.Of(layers)));
        if (Environment.GetEnvironmentVariable(PagesVariable) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, $"{layers}.html"), page);
        }
    }

    [TestMethod]
    public void No_name_of_the_model_becomes_markup()
    {
        string page = Page(10);

        Assert.DoesNotContain("<img src=x", page);
        Assert.HasCount(2, Regex.Matches(page, "</script>"), "The data and the script end once each.");
        Assert.DoesNotContain("onerror=alert(1)>", page.Replace("&gt;", "", StringComparison.Ordinal));
        StringAssert.Contains(page, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;|`[a]");
    }

    [TestMethod]
    public void The_data_of_the_script_are_json_and_keep_every_name()
    {
        string data = Regex.Match(Page(10), "<script type=\"application/json\" id=\"layer-data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        using var json = JsonDocument.Parse(data);

        Assert.AreEqual(10, json.RootElement.GetArrayLength());
        Assert.AreEqual(SampleReports.Hostile, json.RootElement[1].GetProperty("n").GetString());
        Assert.AreEqual("inf", json.RootElement[3].GetProperty("d").GetString());
        Assert.AreEqual(64, json.RootElement[0].GetProperty("hf").GetArrayLength());
        Assert.IsFalse(json.RootElement[2].TryGetProperty("q", out _));
    }

    [TestMethod]
    public void The_page_loads_nothing_and_allows_its_own_script_alone()
    {
        string page = Page(10);
        string script = Regex.Match(page, "<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        StringAssert.Contains(page, $"script-src 'sha256-{hash}'");
        StringAssert.Contains(page, "default-src 'none'");
        string[] places = [.. Regex.Matches(page, "(?:src|href)=\"(.*?)\"").Select(m => m.Groups[1].Value)];
        Assert.IsTrue(Array.TrueForAll(places, p => p.StartsWith('#') || p.StartsWith("data:image/png;base64,", StringComparison.Ordinal)), string.Join(' ', places.Take(20)));
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("@import", page);
    }

    [TestMethod]
    public void Every_link_and_label_leads_to_something()
    {
        string page = Page(10);
        HashSet<string> ids = [.. Regex.Matches(page, " id=\"(.*?)\"").Select(m => m.Groups[1].Value)];

        foreach (Match use in Regex.Matches(page, "(?:href=\"#|aria-labelledby=\")(.*?)\""))
        {
            Assert.Contains(use.Groups[1].Value, ids);
        }

        Assert.HasCount(10, Regex.Matches(page, "<tr role=row>"));
        Assert.HasCount(1, Regex.Matches(page, "<h1>"));
    }

    [TestMethod]
    public void Parts_that_a_report_lacks_are_left_out()
    {
        ModelReport report = SampleReports.Of(10);
        string page = Encoding.UTF8.GetString(HtmlReport.Write(report with
        {
            Candidates = [],
            Labelled = null,
            Warnings = [],
            Layers = [.. report.Layers.Select(l => l with { Sensitivity = null })],
        }));

        foreach (string part in (string[])["id=\"candidates\"", "id=\"accuracy\"", "class=\"warnings\"", "data-key=\"se\""])
        {
            Assert.DoesNotContain(part, page);
            StringAssert.Contains(Page(10), part);
        }
    }

    private static string Page(int layers) => Encoding.UTF8.GetString(HtmlReport.Write(SampleReports.Of(layers)));
}
