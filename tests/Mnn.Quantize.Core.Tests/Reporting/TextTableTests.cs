using Mnn.Quantize.Reporting;

namespace Mnn.Quantize.Tests.Reporting;

[TestClass]
public sealed class TextTableTests
{
    [TestMethod]
    public void Names_stand_left_and_numbers_right()
    {
        Assert.AreEqual(
            """
            name    n
            a      12
            bcdef   3

            """,
            Text(int.MaxValue, colors: false, ("a", "12"), ("bcdef", "3")));
    }

    [TestMethod]
    [DataRow(30)]
    [DataRow(40)]
    [DataRow(80)]
    public void Long_names_lose_their_beginning_where_the_terminal_is_narrow(int width)
    {
        string text = Text(width, colors: false, (new string('x', 100) + "/end", "12"), ("short", "3"));

        Assert.IsTrue(text.Split(Environment.NewLine).All(line => line.Length <= width), text);
        StringAssert.Contains(text, "/end");
        StringAssert.Contains(text, "…x");
        StringAssert.Contains(text, "12");
    }

    [TestMethod]
    public void Without_colours_there_is_no_escape()
    {
        Assert.DoesNotContain('\e', Text(80, colors: false, ("a", "1")));
        StringAssert.Contains(Text(80, colors: true, ("a", "1")), "\e[31m1\e[0m");
    }

    [TestMethod]
    [DataRow(null, "-")]
    [DataRow(double.NaN, "nan")]
    [DataRow(double.PositiveInfinity, "inf")]
    [DataRow(double.NegativeInfinity, "-inf")]
    [DataRow(1234.5678, "1234.57")]
    public void Numbers_are_the_same_in_every_country(double? value, string text)
    {
        Assert.AreEqual(text, TextTable.Number(value, "0.00"));
    }

    private static string Text(int width, bool colors, params (string Name, string Number)[] rows)
    {
        var table = new TextTable(new TableColumn("name", AlignsRight: false, MayShrink: true), new TableColumn("n"));
        foreach ((string name, string number) in rows)
        {
            table.Add((name, CellTone.Plain), (number, CellTone.Bad));
        }

        using var writer = new StringWriter();
        table.Write(writer, width, colors);
        return writer.ToString();
    }
}
