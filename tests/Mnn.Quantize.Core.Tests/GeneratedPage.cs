namespace Mnn.Quantize.Tests;

/// <summary>Pages of which a part is made from code.</summary>
internal static class GeneratedPage
{
    /// <summary>Checks a file against what code makes of it, or writes it if MNNQ_REGENERATE is 1.</summary>
    /// <param name="name">Below the repository's root.</param>
    /// <param name="make">From the file's text to what it should be.</param>
    internal static void IsUpToDate(string name, Func<string, string> make)
    {
        string file = Path.Combine(Repository.Root, name);
        string before = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        string expected = make(before);
        if (Environment.GetEnvironmentVariable("MNNQ_REGENERATE") == "1")
        {
            File.WriteAllText(file, expected);
            return;
        }

        // The first line that differs tells enough; a whole page of thousands of lines would not.
        IEnumerable<(string Expected, string Found)> lines = expected.Split('\n').Zip(before.Split('\n'));
        (string Expected, string Found) = lines.FirstOrDefault(pair => pair.Expected != pair.Found);
        Assert.IsTrue(
            expected == before,
            $"{name} is out of date: run this test with MNNQ_REGENERATE=1 and commit the file. Expected '{Expected}', found '{Found}'.");
    }

    /// <summary>The page with another text from the line after a mark up to the next end mark.</summary>
    internal static string Replace(string page, string mark, string text)
    {
        int start = page.IndexOf(mark, StringComparison.Ordinal) + mark.Length + 1;
        return page[..start] + text + page[page.IndexOf("<!-- end -->", start, StringComparison.Ordinal)..];
    }
}
