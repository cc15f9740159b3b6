using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Imaging;

[TestClass]
public sealed class PngTests
{
    public static IEnumerable<object[]> Kinds =>
        from kind in new (int Color, int Depth)[]
        {
            (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16),
        }
        from interlaced in new[] { false, true }
        select new object[] { kind.Color, kind.Depth, interlaced };

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Every_kind_size_and_filter_is_read(int color, int depth, bool interlaced)
    {
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (5, 9), (17, 8), (70, 5) })
        {
            for (int filter = 0; filter <= 5; filter++)
            {
                var random = new Random(filter + width);
                int[,,] samples = new int[width, height, 4];
                foreach (int i in Enumerable.Range(0, samples.Length))
                {
                    samples[i / 4 / height, i / 4 % height, i % 4] = random.Next(1 << depth);
                }

                byte[] palette = [.. Enumerable.Range(0, 3 << Math.Min(depth, 8)).Select(i => (byte)(i * 7))];
                byte[] file = PngWriter.Write(
                    width, height, color, depth, interlaced, filter, (x, y, c) => samples[x, y, c], color == 3 ? palette : null);

                using Picture picture = PictureDecoder.Decode(file, "test");

                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        CollectionAssert.AreEqual(
                            Expected(color, depth, palette, c => samples[x, y, c]),
                            picture.Pixels.Slice(((y * width) + x) * 4, 4).ToArray(),
                            $"{width}x{height}, filter {filter}, pixel {x}, {y}");
                    }
                }
            }
        }
    }

    [TestMethod]
    [DataRow(0, 2, new byte[] { 0, 2 })]
    [DataRow(0, 8, new byte[] { 0, 2 })]
    [DataRow(0, 16, new byte[] { 0, 2 })]
    [DataRow(2, 8, new byte[] { 0, 2, 0, 2, 0, 2 })]
    [DataRow(2, 16, new byte[] { 0, 2, 0, 2, 0, 2 })]
    [DataRow(3, 2, new byte[] { 255, 255, 0 })]
    public void Transparent_colours_have_alpha_0(int color, int depth, byte[] transparency)
    {
        byte[] file = PngWriter.Write(4, 1, color, depth, false, 0, (x, _, _) => x, color == 3 ? new byte[12] : null, transparency);

        using Picture picture = PictureDecoder.Decode(file, "test");

        for (int x = 0; x < 4; x++)
        {
            Assert.AreEqual(x == 2 ? 0 : 255, picture.Rgba[(4 * x) + 3]);
        }
    }

    [TestMethod]
    public void A_palette_index_without_a_colour_is_damage()
    {
        byte[] file = PngWriter.Write(4, 1, 3, 2, false, 0, (x, _, _) => x, new byte[9]);

        Assert.AreEqual(3004, PictureDecoderTests.CodeOf(file));
    }

    private static byte[] Expected(int color, int depth, byte[] palette, Func<int, int> sample)
    {
        byte Level(int c) => (byte)(depth == 16 ? sample(c) >> 8 : sample(c) * 255 / ((1 << depth) - 1));
        return color switch
        {
            0 => [Level(0), Level(0), Level(0), 255],
            2 => [Level(0), Level(1), Level(2), 255],
            3 => [palette[3 * sample(0)], palette[(3 * sample(0)) + 1], palette[(3 * sample(0)) + 2], 255],
            4 => [Level(0), Level(0), Level(0), Level(1)],
            _ => [Level(0), Level(1), Level(2), Level(3)],
        };
    }
}
