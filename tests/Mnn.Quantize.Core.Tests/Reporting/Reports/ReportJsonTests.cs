using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Tests.Reporting.Reports;

[TestClass]
public sealed class ReportJsonTests
{
    private static readonly JsonDocument s_schema =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/report.schema.json")));

    [TestMethod]
    public void The_report_is_as_its_schema_says()
    {
        ModelReport report = SampleReports.Of(12);
        foreach (ModelReport some in (ModelReport[])[report, report with { Labelled = null, Candidates = [], Top1Agreement = null, Cosine = double.NaN }])
        {
            using var json = JsonDocument.Parse(ReportJson.Write(some));

            List<string> faults = new JsonSchema(s_schema.RootElement).Check(json.RootElement);

            Assert.IsEmpty(faults, string.Join(Environment.NewLine, faults));
        }
    }

    [TestMethod]
    [DataRow("cosine", "1.5")]
    [DataRow("floatBytes", "-1")]
    [DataRow("formatVersion", "2")]
    [DataRow("warnings", "[{\"code\": \"1\", \"message\": \"\"}]")]
    [DataRow("other", "1")]
    public void The_schema_finds_what_is_wrong(string name, string value)
    {
        JsonNode report = JsonNode.Parse(ReportJson.Write(SampleReports.Of(2)))!;
        report[name] = JsonNode.Parse(value);
        using var json = JsonDocument.Parse(report.ToJsonString());

        Assert.IsNotEmpty(new JsonSchema(s_schema.RootElement).Check(json.RootElement));
    }

    [TestMethod]
    public void Markdown_keeps_names_on_their_line_and_in_their_column()
    {
        string text = Encoding.UTF8.GetString(ReportMarkdown.Write(SampleReports.Of(12)));

        StringAssert.StartsWith(text, "### net.int8.mnn\n");
        StringAssert.Contains(text, "| 1,792,644 → 525,101 bytes (29.3%) | 0.996927 | 98.5% | 6 of 6 | 200 |");
        Assert.DoesNotContain("<img", text);
        Assert.DoesNotContain("[a](", text);
        foreach (string[] table in text.Split("\n\n").Select(t => t.Split('\n')).Where(t => t[0].StartsWith('|')))
        {
            int columns = table[0].Count(c => c == '|');
            Assert.IsTrue(Array.TrueForAll(table, row => row.Length == 0 || row.Count(c => c == '|') == columns), string.Join('\n', table));
        }
    }
}
