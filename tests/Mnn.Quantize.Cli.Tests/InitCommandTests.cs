namespace Mnn.Quantize.Cli.Tests;

/// <summary>The command that writes a first config.</summary>
[TestClass]
public sealed class InitCommandTests
{
    [TestMethod]
    public void A_first_config_is_one_that_quantizes_with_mode_auto()
    {
        using var folder = new TestFolder();
        File.Delete(folder["quant.json"]);

        CommandRun init = CommandRun.Of("init", folder["float.mnn"], "--output", folder["quant.json"], "--path", "pictures/");
        CommandRun quantize = CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        Assert.AreEqual(0, init.ExitCode, init.ToString());
        string text = File.ReadAllText(folder["quant.json"]);
        StringAssert.Contains(text, "\"shape\": [1, 1, 28, 28]");
        StringAssert.Contains(text, "\"format\": \"GRAY\"");
        Assert.AreEqual(0, quantize.ExitCode, quantize.ToString());
        StringAssert.Contains(quantize.Out, "best for its size");
        Assert.AreEqual("", string.Join('\n', quantize.ErrorLines.Where(l => l.Contains("warning MNNQ10", StringComparison.Ordinal))));
    }

    [TestMethod]
    public void A_config_that_is_there_is_left_alone_unless_force_is_given()
    {
        using var folder = new TestFolder();
        string before = File.ReadAllText(folder["quant.json"]);

        CommandRun refused = CommandRun.Of("init", folder["float.mnn"], "-o", folder["quant.json"]);
        Assert.AreEqual(1, refused.ExitCode, refused.ToString());
        StringAssert.Contains(refused.ErrorLines.Single(), "MNNQ1250");
        Assert.AreEqual(before, File.ReadAllText(folder["quant.json"]));

        CommandRun forced = CommandRun.Of("init", folder["float.mnn"], "-o", folder["quant.json"], "--force");
        Assert.AreEqual(0, forced.ExitCode, forced.ToString());
        Assert.AreNotEqual(before, File.ReadAllText(folder["quant.json"]));
    }

    [TestMethod]
    public void What_is_no_float_model_is_one_line()
    {
        using var folder = new TestFolder();
        CommandRun.Of("quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"]);

        CommandRun int8 = CommandRun.Of("init", folder["int8.mnn"], "-o", folder["a.json"]);
        CommandRun missing = CommandRun.Of("init", folder["missing.mnn"], "-o", folder["a.json"]);

        Assert.AreEqual(1, int8.ExitCode, int8.ToString());
        Assert.HasCount(1, int8.ErrorLines);
        Assert.AreEqual(1, missing.ExitCode, missing.ToString());
        Assert.HasCount(1, missing.ErrorLines);
        Assert.IsFalse(File.Exists(folder["a.json"]));
    }
}
