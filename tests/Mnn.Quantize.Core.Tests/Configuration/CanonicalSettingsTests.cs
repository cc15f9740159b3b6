using System.Text;
using Mnn.Quantize.Configuration;

namespace Mnn.Quantize.Tests.Configuration;

[TestClass]
public sealed class CanonicalSettingsTests
{
    [TestMethod]
    [DataRow("{ /* x */ \"width\" : 28.0,\n\"mean\":[1e1, 2,], }", DisplayName = "layout, comments, numbers, commas")]
    [DataRow("{\"mean\":[10,2],\"width\":28}", DisplayName = "order")]
    [DataRow("{\"width\":28,\"mean\":[10,2],\"path\":\"b/\",\"$schema\":\"s\"}", DisplayName = "places")]
    public void What_means_the_same_has_the_same_text(string other) =>
        Assert.AreEqual(Of("{\"path\":\"a/\",\"width\":28,\"mean\":[10,2]}"), Of(other));

    [TestMethod]
    [DataRow("{\"width\":29,\"mean\":[10,2]}", DisplayName = "a number")]
    [DataRow("{\"width\":28,\"mean\":[2,10]}", DisplayName = "order in an array")]
    [DataRow("{\"width\":28,\"mean\":[10,2],\"debug\":false}", DisplayName = "one more key")]
    [DataRow("{\"width\":\"28\",\"mean\":[10,2]}", DisplayName = "a type")]
    public void What_differs_has_another_text(string other) =>
        Assert.AreNotEqual(Of("{\"width\":28,\"mean\":[10,2]}"), Of(other));

    [TestMethod]
    public void Of_two_equal_names_the_last_counts() =>
        Assert.AreNotEqual(Of("{\"width\":1,\"width\":2}"), Of("{\"width\":2,\"width\":1}"));

    [TestMethod]
    [DataRow("quant_bits", "6", false)]
    [DataRow("used_image_num", "10", false)]
    [DataRow("mode", "\"auto\"", false)]
    [DataRow("normal", "[2]", true)]
    [DataRow("a_key_of_tomorrow", "1", true)]
    public void The_run_of_a_sample_depends_on_what_goes_into_it(string key, string value, bool depends)
    {
        static string OfSamples(string json) =>
            CanonicalSettings.OfSamples(JsonValue.Parse(Encoding.UTF8.GetBytes(json), "quant.json"));

        Assert.AreEqual(depends, OfSamples($"{{\"mean\":[10,2],\"{key}\":{value}}}") != OfSamples("{\"mean\":[10,2]}"));
    }

    private static string Of(string json) => CanonicalSettings.Of(JsonValue.Parse(Encoding.UTF8.GetBytes(json), "quant.json"));
}
