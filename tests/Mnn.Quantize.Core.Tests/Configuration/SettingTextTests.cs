using System.Text.Json;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Configuration;

[TestClass]
public sealed class SettingTextTests
{
    [TestMethod]
    [DataRow("width", " 28 ", JsonValueKind.Number)]
    [DataRow("mean", "72.93", JsonValueKind.Array)]
    [DataRow("mean", "1;2;3", JsonValueKind.Array)]
    [DataRow("mean", "[1, 2]", JsonValueKind.Array)]
    [DataRow("format", "RGB", JsonValueKind.String)]
    [DataRow("path", "28", JsonValueKind.String)]
    [DataRow("skip_quant_op_names", "7", JsonValueKind.Array)]
    [DataRow("skip_quant_op_names", "a; b", JsonValueKind.Array)]
    [DataRow("winogradOpt", "False", JsonValueKind.False)]
    [DataRow("inputs", "[{\"name\":\"x\",\"value\":1}]", JsonValueKind.Array)]
    public void A_text_is_what_its_key_takes(string key, string text, JsonValueKind expected) =>
        Assert.AreEqual(expected, SettingText.Read(SettingText.FindKey(key)!, text, "p").Kind);

    [TestMethod]
    [DataRow("width", "wide", 1003)]
    [DataRow("mean", "1;2;3;4;5", 1003)]
    [DataRow("format", "CMYK", 1003)]
    [DataRow("inputs", "[", 1010)]
    public void A_wrong_text_is_an_error_of_the_file_that_has_it(string key, string text, int code)
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => SettingText.Read(SettingText.FindKey(key)!, text, "app.csproj"));

        Assert.AreEqual(code, error.Diagnostic.Code);
        Assert.AreEqual("app.csproj", error.Diagnostic.File);
    }

    [TestMethod]
    public void Every_key_has_a_name_without_underscores()
    {
        foreach (ConfigKey key in ConfigKeys.All.Where(key => key.Name is not ("$schema" or "model")))
        {
            Assert.AreSame(key, SettingText.FindKey(key.Name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()));
        }
    }

    [TestMethod]
    public void Settings_alone_are_a_config()
    {
        var options = new QuantizeOptions
        {
            Source = "a.mnn",
            Destination = "b.mnn",
            Config = "",
            Settings = new Dictionary<string, string> { ["Format"] = "RGB", ["Path"] = "data", ["Widht"] = "3" },
            SettingsFile = Path.GetFullPath("folder/app.csproj"),
        };
        var warnings = new List<Diagnostic>();

        QuantConfig config = options.ReadConfig(warnings);

        Assert.AreEqual(PixelFormat.Rgb, config.Format);
        Assert.AreEqual(Path.GetFullPath("folder/data"), config.FullPath);
        Assert.AreEqual(1101, warnings.Single().Code);
    }

    [TestMethod]
    public void Neither_config_nor_settings_is_an_error()
    {
        var options = new QuantizeOptions { Source = "a.mnn", Destination = "b.mnn", Config = "" };

        Assert.AreEqual(1009, Assert.ThrowsExactly<QuantizeException>(() => options.ReadConfig([])).Diagnostic.Code);
    }
}
