using System.Text;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Imaging;

[TestClass]
public sealed class PictureDecoderTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Names => PictureAssets.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_picture_equals_what_the_reference_decodes(string name)
    {
        (int width, int height, byte[] expected) = PictureAssets.ReadReference(name);

        using Picture picture = PictureAssets.Decode(name);

        Assert.AreEqual((width, height), (picture.Width, picture.Height));
        int largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - picture.Pixels[i]));
        }

        TestContext.WriteLine($"{name}: largest difference {largest}");
        Assert.AreEqual(0, largest);
    }

    [TestMethod]
    public void All_recorded_pictures_are_there() => Assert.HasCount(37, PictureAssets.Names);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_format_is_told_by_content(string name)
    {
        byte[] data = PictureAssets.Read(name);

        Assert.IsTrue(PictureDecoder.LooksLikePicture(data.AsSpan(0, PictureDecoder.HeadLength)));
        PictureDecoder.Decode(data, "no-extension").Dispose();
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a")]
    [DataRow("{ \"format\": \"RGB\", \"mean\": [0, 0, 0], \"width\": 224 }")]
    [DataRow("BMW drives far and wide, further than the eye can see.")]
    [DataRow("P5 is a level of a museum")]
    public void Text_is_not_a_picture(string text)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        int code = CodeOf(data);

        Assert.IsTrue(code is 3001 or 3004, $"{code}");
    }

    [TestMethod]
    [DataRow("RIFF\0\0\0\0WEBPVP8 ", "WebP")]
    [DataRow("8BPS\0\u0001", "Photoshop")]
    [DataRow("II*\0\b\0\0\0", "TIFF")]
    public void A_format_that_is_not_read_is_named(string head, string name)
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => PictureDecoder.Decode(Encoding.Latin1.GetBytes(head), "x"));

        Assert.AreEqual(3002, error.Diagnostic.Code);
        Assert.Contains(name, error.Message);
    }

    [TestMethod]
    public void A_disposed_picture_gives_no_pixels()
    {
        Picture picture = PictureAssets.Decode("444-tiny.jpg");
        picture.Dispose();
        picture.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => picture.Rgba);
    }

    [TestMethod]
    public void A_picture_needs_an_array_of_its_size() =>
        Assert.ThrowsExactly<ArgumentException>(() => new Picture(2, 2, new byte[15]));

    /// <summary>Code of the diagnostic that decoding gives; 0 if it succeeds.</summary>
    internal static int CodeOf(byte[] data)
    {
        try
        {
            PictureDecoder.Decode(data, "test").Dispose();
            return 0;
        }
        catch (QuantizeException error)
        {
            return error.Diagnostic.Code;
        }
    }
}
