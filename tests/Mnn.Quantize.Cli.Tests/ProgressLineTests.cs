using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class ProgressLineTests
{
    [TestMethod]
    public void A_log_gets_one_plain_line_a_stage()
    {
        string shown = Show(canRewriteLine: false, canColor: false);

        Assert.AreEqual(
            string.Join(Environment.NewLine, "a.mnn: calibrating 1/100", "a.mnn: writing", ""), shown);
    }

    [TestMethod]
    public void A_terminal_gets_one_line_that_is_written_over_and_cleared()
    {
        string shown = Show(canRewriteLine: true, canColor: false);

        Assert.IsFalse(shown.Contains('\n', StringComparison.Ordinal));
        StringAssert.StartsWith(shown, "\ra.mnn: calibrating 1/100\ra.mnn: writing          ");
        StringAssert.EndsWith(shown, " \r");
    }

    [TestMethod]
    public void Colour_appears_only_where_it_is_welcome()
    {
        StringAssert.Contains(Show(canRewriteLine: true, canColor: true), "\e[");
        Assert.IsFalse(Show(canRewriteLine: true, canColor: false).Contains('\e', StringComparison.Ordinal));
    }

    private static string Show(bool canRewriteLine, bool canColor)
    {
        using var error = new StringWriter();
        using var terminal = new UserTerminal(TextWriter.Null, error, canRewriteLine, canColor);
        using (var line = new ProgressLine(terminal, "a.mnn"))
        {
            for (int i = 1; i <= 100; i++)
            {
                line.Report(new QuantizeProgress("calibrating", i, 100));
            }

            line.Report(new QuantizeProgress("writing", 0, 0));
        }

        return error.ToString();
    }
}
