using Mnn.Quantize.Cli.Terminal;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
[DoNotParallelize]
public sealed class GuardTests
{
    [TestMethod]
    public void An_unexpected_exception_is_one_line_that_asks_for_a_report()
    {
        string error = Throw(debug: null);

        Assert.HasCount(1, error.TrimEnd().Split('\n'));
        StringAssert.StartsWith(error, "mnn-quantize: error MNNQ8999: Unexpected InvalidOperationException: boom");
        StringAssert.Contains(error, "report");
    }

    [TestMethod]
    public void With_the_debug_variable_the_stack_trace_follows()
    {
        StringAssert.Contains(Throw(debug: "1"), "   at ");
    }

    private static string Throw(string? debug)
    {
        using var error = new StringWriter();
        using var terminal = new UserTerminal(TextWriter.Null, error, canRewriteLine: false, canColor: false);
        Environment.SetEnvironmentVariable(Guard.DebugVariable, debug);
        try
        {
            Assert.AreEqual(1, Guard.Run(terminal, () => throw new InvalidOperationException("boom\nsecond line")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Guard.DebugVariable, null);
        }

        return error.ToString();
    }
}
