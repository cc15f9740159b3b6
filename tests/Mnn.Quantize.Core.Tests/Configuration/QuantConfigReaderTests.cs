using System.Text;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Core.Tests.Configuration;

[TestClass]
public sealed class QuantConfigReaderTests
{
    // A value of each JSON kind; every key refuses all kinds but its own.
    private static readonly (string Kind, string Json)[] Values =
    [
        ("string", "\"?\""), ("number", "-7.5"), ("boolean", "true"), ("array", "[{}]"), ("object", "{}"), ("null", "null"),
    ];

    public static IEnumerable<object[]> Keys =>
        ConfigKeys.All.Where(k => k.Name is not ("$schema" or "path")).Select(k => new object[] { k.Name });

    [TestMethod]
    [DynamicData(nameof(Keys))]
    public void AWrongTypeIsNamedWithItsPlace(string key)
    {
        int refused = 0;
        foreach ((string kind, string json) in Values)
        {
            string text = "{\n  \"path\": \".\",\n  /* ü */ \"" + key + "\": " + json + "\n}";
            try
            {
                Parse(text);
            }
            catch (QuantizeException e)
            {
                refused++;
                Assert.AreEqual(1003, e.Diagnostic.Code, $"{key}: {kind}: {e.Message}");
                Assert.AreEqual(3, e.Diagnostic.Line, $"{key}: {kind}");
                int start = text.Split('\n')[2].IndexOf(": ", StringComparison.Ordinal) + 3;
                Assert.IsTrue(
                    e.Diagnostic.Column == start || (kind == "array" && e.Diagnostic.Column == start + 1),
                    $"{key}: {kind}: column {e.Diagnostic.Column}, not {start}");
                StringAssert.Contains(e.Message, key);
            }
        }

        // Booleans and strings of any content have one kind that fits.
        Assert.IsGreaterThanOrEqualTo(Values.Length - 1, refused);
    }

    [TestMethod]
    [DataRow("\"used_image_num\": -1", 14 + 6)]
    [DataRow("\"used_image_num\": 1.5", 14 + 6)]
    [DataRow("\"used_image_num\": 1e12", 14 + 6)]
    [DataRow("\"width\": 0", 5 + 6)]
    [DataRow("\"width\": 1e400", 5 + 6)]
    [DataRow("\"quant_bits\": 1", 10 + 6)]
    [DataRow("\"quant_bits\": 9", 10 + 6)]
    [DataRow("\"feature_clamp_value\": 128", 19 + 6)]
    [DataRow("\"center_crop_h\": 0", 13 + 6)]
    [DataRow("\"center_crop_h\": 1.01", 13 + 6)]
    [DataRow("\"mean\": []", 4 + 6)]
    [DataRow("\"mean\": [1, 2, 3, 4, 5]", 4 + 6)]
    [DataRow("\"normal\": [1, 1e300]", 6 + 6 + 4)]
    [DataRow("\"weight_quantize_method\": \"max_abs\"", 22 + 6)]
    public void AValueOutOfRangeIsNamedWithItsPlace(string property, int column)
    {
        Diagnostic found = Fails("{\n " + property + ", \"path\": \".\" }");
        Assert.AreEqual((1003, 2, column), (found.Code, found.Line, found.Column), found.ToString());
    }

    [TestMethod]
    [DataRow("feature_quantize_methd", "feature_quantize_method")]
    [DataRow("Width", "width")]
    [DataRow("skip_quant_op_name", "skip_quant_op_names")]
    [DataRow("colour_of_the_sky", null)]
    public void AnUnknownKeyWarnsWithTheNearestName(string key, string? near)
    {
        (_, Diagnostic[] warnings) = Parse("{ \"path\": \".\",\n\t\"" + key + "\": 1 }");
        Diagnostic warning = warnings.Single();
        Assert.AreEqual((1101, 2, 2), (warning.Code, warning.Line, warning.Column), warning.ToString());
        Assert.AreEqual(DiagnosticSeverity.Warning, warning.Severity);
        Assert.AreEqual(near is not null, warning.Message.Contains("Did you mean", StringComparison.Ordinal));
        StringAssert.Contains(warning.Message, near ?? key);
    }

    [TestMethod]
    public void CommentsTrailingCommasAndAByteOrderMarkAreFine()
    {
        byte[] text = Encoding.UTF8.GetBytes("// first\n{ \"path\": \"p\", /* two\nlines */ \"width\": 28, \"mean\": [1,], }\n// last");
        var warnings = new List<Diagnostic>();
        QuantConfig config = QuantConfigReader.Parse([.. Encoding.UTF8.Preamble, .. text], "quant.json", warnings);

        Assert.IsEmpty(warnings);
        Assert.AreEqual(28, config.Width);
        CollectionAssert.AreEqual((float[])[1], config.Mean.ToArray());
    }

    [TestMethod]
    public void TheByteOrderMarkDoesNotMoveColumns()
    {
        byte[] text = Encoding.UTF8.GetBytes("{ \"width\": true }");
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(
            () => QuantConfigReader.Parse([.. Encoding.UTF8.Preamble, .. text], "quant.json", []));
        Assert.AreEqual((1, 12), (e.Diagnostic.Line, e.Diagnostic.Column));
    }

    [TestMethod]
    [DataRow("{ }", 1004, 1, 1)]
    [DataRow("\n {\"path\": \"\"}", 1004, 2, 2)]
    [DataRow("", 1002, 1, 1)]
    [DataRow("[]", 1002, 1, 1)]
    [DataRow("{ \"path\": \".\" } x", 1002, 1, 17)]
    [DataRow("{ \"path\": \".\"\n \"width\": 1 }", 1002, 2, 2)]
    [DataRow("{ \"path\": \".\", \"inputs\": [{ \"nam\": \"x\" }] }", 1005, 1, 29)]
    [DataRow("{ \"path\": \".\", \"inputs\": [{ \"value\": 1 }] }", 1003, 1, 27)]
    public void WhatIsNoConfigIsNamedWithItsPlace(string text, int code, int line, int column)
    {
        Diagnostic found = Fails(text);
        Assert.AreEqual((code, line, column), (found.Code, found.Line, found.Column), found.ToString());
    }

    [TestMethod]
    public void NestingWithoutEndIsAnError() => Assert.AreEqual(1002, Fails(new string('[', 100_000)).Code);

    [TestMethod]
    public void AKeySetTwiceWarnsAndTheLastCounts()
    {
        (QuantConfig config, Diagnostic[] warnings) = Parse("{ \"path\": \".\", \"width\": 1, \"width\": 2 }");
        Assert.AreEqual(2, config.Width);
        Assert.AreEqual(1102, warnings.Single().Code);
    }

    [TestMethod]
    public void AMissingFileIsNamed()
    {
        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => QuantConfigReader.Load("no-such-file.json", []));
        Assert.AreEqual((1001, "no-such-file.json"), (e.Diagnostic.Code, e.Diagnostic.File));
    }

    private static Diagnostic Fails(string text) =>
        Assert.ThrowsExactly<QuantizeException>(() => Parse(text)).Diagnostic;

    private static (QuantConfig Config, Diagnostic[] Warnings) Parse(string text)
    {
        var warnings = new List<Diagnostic>();
        QuantConfig config = QuantConfigReader.Parse(Encoding.UTF8.GetBytes(text), "quant.json", warnings);
        return (config, [.. warnings]);
    }
}
