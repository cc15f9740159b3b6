using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Imaging;

[TestClass]
public sealed class ImageProcessTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shrink-rgb-nchw", "rgba.png", 21, 17, PixelFormat.Rgb, true, 1f, 1f)]
    [DataRow("shrink-bgr-nhwc", "rgba.png", 21, 17, PixelFormat.Bgr, false, 1f, 1f)]
    [DataRow("alpha-rgba-nchw", "rgba.png", 24, 9, PixelFormat.Rgba, true, 1f, 1f)]
    [DataRow("alpha-bgra-nhwc", "rgba.png", 24, 9, PixelFormat.Bgra, false, 1f, 1f)]
    [DataRow("gray-nchw", "adam7.png", 33, 20, PixelFormat.Gray, true, 1f, 1f)]
    [DataRow("gray-nhwc", "adam7.png", 33, 20, PixelFormat.Gray, false, 1f, 1f)]
    [DataRow("crop-rgb", "rgb16.png", 30, 30, PixelFormat.Rgb, true, 0.875f, 0.875f)]
    [DataRow("crop-thin-bgr", "rgb24.bmp", 40, 7, PixelFormat.Bgr, false, 0.31f, 0.9f)]
    [DataRow("crop-to-size", "rgb.ppm", 75, 113, PixelFormat.Gray, true, 1f, 0.5f)]
    [DataRow("same-size", "rgba.png", 150, 113, PixelFormat.Gray, true, 1f, 1f)]
    [DataRow("one-pixel-wider", "rgb.tga", 151, 113, PixelFormat.Gray, false, 1f, 1f)]
    [DataRow("enlarge", "444-tiny.jpg", 50, 31, PixelFormat.Rgb, true, 1f, 1f)]
    [DataRow("wide-tiles", "444-tiny.jpg", 1100, 3, PixelFormat.Gray, false, 1f, 1f)]
    [DataRow("jpeg-420", "420-restart.jpg", 32, 32, PixelFormat.Rgb, true, 1f, 1f)]
    [DataRow("cmyk", "cmyk.jpg", 16, 16, PixelFormat.Bgr, true, 1f, 1f)]
    public void Inputs_equal_the_reference_bit_for_bit(
        string name, string file, int width, int height, PixelFormat format, bool channelsFirst, float cropHeight, float cropWidth)
    {
        var options = new ImageProcessOptions
        {
            Width = width,
            Height = height,
            Format = format,
            Mean = [50.5f, 100.25f, 120.75f, 3],
            Normal = [0.017f, 0.0175f, 0.0123f, 0.5f],
            CenterCropHeight = cropHeight,
            CenterCropWidth = cropWidth,
        };
        float[] expected = PictureAssets.ReadTensor(name);
        var actual = new float[options.ElementCount];

        using Picture picture = PictureAssets.Decode(file);
        ImageProcess.Convert(picture, options, actual, channelsFirst);

        TestContext.WriteLine($"{name}: largest difference {expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max()}");
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Missing_means_are_0_and_missing_factors_1()
    {
        var picture = new Picture(1, 1, [10, 20, 30, 40]);

        CollectionAssert.AreEqual(new float[] { 30, 19, 20 }, Convert(picture, new() { Width = 1, Height = 1, Mean = [0, 1], Normal = [1, 1, 2] }));
    }

    [TestMethod]
    public void Letterbox_keeps_the_shape_and_pads_around()
    {
        var picture = new Picture(4, 2, [.. Enumerable.Repeat((byte)100, 32)]);

        float[] input = Convert(
            picture, new() { Width = 4, Height = 4, Format = PixelFormat.Gray, Resize = ResizeMode.Letterbox, Padding = 7 });

        CollectionAssert.AreEqual(Rows(7, 100, 100, 7), input);
    }

    [TestMethod]
    public void Crop_keeps_the_shape_and_cuts_the_sides()
    {
        byte[] columns = [1, 200, 200, 1];
        var picture = new Picture(4, 2, [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Repeat(columns[i % 4], 4))]);

        float[] input = Convert(picture, new() { Width = 4, Height = 4, Format = PixelFormat.Gray, Resize = ResizeMode.Crop });

        // Samples are cut to whole levels, so that rounding of weights may cost one.
        Assert.IsTrue(input.All(v => v is 199 or 200), string.Join(' ', input));
    }

    [TestMethod]
    public void Sides_of_one_pixel_are_possible()
    {
        byte[] levels = [5, 5, 5, 255, 9, 9, 9, 255];

        CollectionAssert.AreEqual(
            new float[] { 5, 7, 9 }, Convert(new Picture(1, 2, levels), new() { Width = 1, Height = 3, Format = PixelFormat.Gray }));
        CollectionAssert.AreEqual(
            new float[] { 5, 5 }, Convert(new Picture(2, 1, levels), new() { Width = 1, Height = 2, Format = PixelFormat.Gray }));
    }

    [TestMethod]
    public void A_crop_that_leaves_nothing_is_refused()
    {
        var picture = new Picture(3, 3, new byte[36]);

        Assert.AreEqual(3010, CodeOf(picture, new() { Width = 1, Height = 1, CenterCropWidth = 0.2f }));
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        var picture = new Picture(3, 3, new byte[36]);
        ImageProcessOptions good = new() { Width = 1, Height = 1 };
        ImageProcessOptions[] bad =
        [
            good with { Width = 0 },
            good with { Height = -1 },
            good with { Width = 16385 },
            good with { CenterCropWidth = 0 },
            good with { CenterCropHeight = 1.01f },
            good with { CenterCropHeight = float.NaN },
            good with { Mean = [1, 2, 3, 4, 5] },
            good with { Normal = [float.PositiveInfinity] },
            good with { Format = (PixelFormat)9 },
        ];

        foreach (ImageProcessOptions options in bad)
        {
            Assert.AreEqual(3011, CodeOf(picture, options), options.ToString());
        }
    }

    [TestMethod]
    public void A_short_destination_is_refused() => Assert.ThrowsExactly<ArgumentException>(
        () => ImageProcess.Convert(new Picture(1, 1, new byte[4]), new() { Width = 2, Height = 2 }, new float[11], true));

    [TestMethod]
    public void Converting_allocates_nothing()
    {
        using Picture picture = PictureAssets.Decode("rgba.png");
        var options = new ImageProcessOptions { Width = 40, Height = 30, Mean = new float[] { 1, 2, 3 } };
        var input = new float[options.ElementCount];
        for (int i = 0; i < 3; i++)
        {
            ImageProcess.Convert(picture, options, input, true);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            ImageProcess.Convert(picture, options, input, i % 2 == 0);
        }

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Rows(params float[] rows) => [.. rows.SelectMany(r => Enumerable.Repeat(r, 4))];

    private static float[] Convert(Picture picture, ImageProcessOptions options)
    {
        var input = new float[options.ElementCount];
        ImageProcess.Convert(picture, options, input, channelsFirst: true);
        return input;
    }

    private static int CodeOf(Picture picture, ImageProcessOptions options) =>
        Assert.ThrowsExactly<QuantizeException>(() => ImageProcess.Convert(picture, options, new float[16], true)).Diagnostic.Code;
}
