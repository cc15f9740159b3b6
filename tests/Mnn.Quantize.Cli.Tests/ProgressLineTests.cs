using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class ProgressLineTests
{
    private const string Bar1 = "[#######-------------]";

    [TestMethod]
    public void A_log_gets_a_plain_line_a_stage_and_every_ten_seconds()
    {
        string shown = Show(canRewriteLine: false);

        Assert.AreEqual(
            string.Join(
                Environment.NewLine,
                "a.mnn: calibrating 1/100",
                "a.mnn: calibrating 35/100, 19 s left",
                "a.mnn: calibrating 69/100, 10 s left",
                "a.mnn: writing",
                ""),
            shown);
    }

    [TestMethod]
    public void A_terminal_gets_one_line_with_a_bar_and_the_time_left_that_is_written_over_and_cleared()
    {
        string shown = Show(canRewriteLine: true);

        Assert.IsFalse(shown.Contains('\n', StringComparison.Ordinal));
        StringAssert.StartsWith(shown, "\ra.mnn: calibrating 1/100 [--------------------]\r");
        StringAssert.Contains(shown, $"\ra.mnn: calibrating 35/100 {Bar1}, 19 s left");
        StringAssert.Contains(shown, "\ra.mnn: writing   ");
        StringAssert.EndsWith(shown, " \r");
    }

    [TestMethod]
    [DataRow(44, "a.mnn: calibrating 35/100, 19 s left")]
    [DataRow(12, "a.mnn: calib")]
    public void A_narrow_window_gets_what_fits(int width, string expected)
    {
        string[] lines = Show(canRewriteLine: true, width: width).Split('\r');

        Assert.IsTrue(lines.Any(line => line.TrimEnd() == expected), string.Join('\n', lines));
        Assert.IsEmpty(lines.Where(line => line.Length > width));
    }

    [TestMethod]
    public void Minutes_are_told_as_such() =>
        StringAssert.Contains(Show(canRewriteLine: true, seconds: 2), ", 2 min 7 s left");

    [TestMethod]
    public void Colour_appears_only_where_it_is_welcome()
    {
        StringAssert.Contains(Show(canRewriteLine: true, canColor: true), "\e[");
        Assert.IsFalse(Show(canRewriteLine: true).Contains('\e', StringComparison.Ordinal));
    }

    private static string Show(bool canRewriteLine, bool canColor = false, int width = int.MaxValue, double seconds = 0.3)
    {
        using var error = new StringWriter();
        using var terminal = new UserTerminal(TextWriter.Null, error, canRewriteLine, canColor, errorWidth: width);
        var clock = new Clock();
        using (var line = new ProgressLine(terminal, "a.mnn", clock))
        {
            for (int i = 1; i <= 100; i++)
            {
                line.Report(new QuantizeProgress("calibrating", i, 100));
                clock.Seconds += seconds;
            }

            line.Report(new QuantizeProgress("writing", 0, 0));
        }

        return error.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * 1000);
    }
}
