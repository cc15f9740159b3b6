using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Core.Tests.Data;

/// <summary>Text files with labels: lists of names, and CSV.</summary>
[TestClass]
public sealed class LabelledTextTests
{
    [TestMethod]
    public void A_list_gives_names_with_spaces_and_classes()
    {
        List<LabelLine> lines = With("a.png 3\n\n my cat.png\t0  \n", LabelFile.Read);
        CollectionAssert.AreEqual(new[] { new LabelLine("a.png", 3, 1), new LabelLine("my cat.png", 0, 3) }, lines);
    }

    [TestMethod]
    [DataRow("a.png 1\nb.png\n", 3665, 2)]
    [DataRow("a.png one\n", 3665, 1)]
    [DataRow("a.png -1\n", 3665, 1)]
    [DataRow("\n\n", 3668, 0)]
    public void A_malformed_list_is_an_error_with_its_line(string text, int code, int line)
    {
        var error = Assert.ThrowsExactly<QuantizeException>(() => With(text, LabelFile.Read));
        Assert.AreEqual((code, line), (error.Diagnostic.Code, error.Diagnostic.Line));
    }

    [TestMethod]
    [DataRow("1,2.5,-3\n4;5;6\n", "")]
    [DataRow("label,\"p0\", p1\n1,2.5,-3\n\n4,5,6", "label p0 p1")]
    public void A_CSV_file_gives_its_numbers_with_or_without_names(string text, string names)
    {
        var rows = new List<float>();
        With(text, file =>
        {
            CsvFile.Read(file, (_, found, row) =>
            {
                Assert.AreEqual(names, string.Join(' ', found));
                rows.AddRange(row);
            });
            return 0;
        });
        CollectionAssert.AreEqual(new[] { 1, 2.5f, -3, 4, 5, 6 }, rows);
    }

    [TestMethod]
    [DataRow("1,2\n3,x\n", 3669, 2)]
    [DataRow("1,2\n3\n", 3670, 2)]
    [DataRow("1,2\n3,4,5\n", 3670, 2)]
    [DataRow("a,b\n", 3671, 0)]
    [DataRow("1,NaN\n", 3669, 1)]
    public void A_malformed_CSV_file_is_an_error_with_its_line(string text, int code, int line)
    {
        var error = Assert.ThrowsExactly<QuantizeException>(() => With(text, file =>
        {
            CsvFile.Read(file, (_, _, _) => { });
            return 0;
        }));
        Assert.AreEqual((code, line), (error.Diagnostic.Code, error.Diagnostic.Line));
    }

    private static T With<T>(string text, Func<string, T> read)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
