using Mnn.Quantize.Imaging;
using Mnn.Quantize.Imaging.Jpeg;
using Mnn.Quantize.Imaging.Png;

namespace Mnn.Quantize.Tests.Imaging;

/// <summary>Fast code gives the bits of its readable twin.</summary>
[TestClass]
public sealed class VectorTwinTests
{
    [TestMethod]
    [DataRow(4)]
    [DataRow(300)]
    [DataRow(40_000)]
    public void Inverse_cosine_transforms_agree(int range)
    {
        var random = new Random(range);
        var block = new short[64];
        var scalar = new byte[8 * 11];
        var vector = new byte[8 * 11];
        for (int round = 0; round < 2000; round++)
        {
            foreach (ref short coefficient in block.AsSpan())
            {
                coefficient = (short)(random.Next(3) == 0 ? random.Next(-range, range) : 0);
            }

            JpegTransform.InverseScalar(block, scalar, 11);
            JpegTransform.InverseVector(block, vector, 11);
            CollectionAssert.AreEqual(scalar, vector);
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(6)]
    [DataRow(8)]
    public void Row_filters_of_PNG_agree(int distance)
    {
        var random = new Random(distance);
        for (int round = 0; round < 2000; round++)
        {
            int length = distance * random.Next(1, 40);
            var above = new byte[length];
            var fast = new byte[length];
            random.NextBytes(above);
            random.NextBytes(fast);
            if (round % 3 == 0)
            {
                // Few different values, so that predictors tie.
                for (int i = 0; i < length; i++)
                {
                    above[i] &= 3;
                    fast[i] &= 1;
                }
            }

            byte[] scalar = [.. fast];
            Assert.IsTrue(PngFilter.Undo(round % 5, fast, above, distance));
            Assert.IsTrue(PngFilter.UndoScalar(round % 5, scalar, above, distance));
            CollectionAssert.AreEqual(scalar, fast);
        }
    }

    [TestMethod]
    public void Check_sums_agree()
    {
        // The check value of this sum in catalogues of them.
        Assert.AreEqual(0xCBF43926, Crc32.Of("123456789"u8));
        var bytes = new byte[300];
        new Random(4).NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.AreEqual(Crc32.OfScalar(bytes.AsSpan(0, length)), Crc32.Of(bytes.AsSpan(0, length)));
        }
    }

    [TestMethod]
    public void Pixels_of_three_bytes_are_spread_as_one_by_one()
    {
        var raw = new byte[3 * 70];
        new Random(5).NextBytes(raw);
        for (int count = 0; count <= 70; count++)
        {
            var pixels = new uint[count];
            int done = PngPixels.SpreadRgb(raw.AsSpan(0, 3 * count), pixels);
            Assert.IsTrue(done <= count && (done > count - 6 || !System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated));
            for (int x = 0; x < done; x++)
            {
                Assert.AreEqual(PackedPixel.Pack(raw[3 * x], raw[(3 * x) + 1], raw[(3 * x) + 2]), pixels[x]);
            }
        }
    }

    [TestMethod]
    public void The_flat_block_agrees_with_the_transform()
    {
        var block = new short[64];
        var full = new byte[64];
        var flat = new byte[64];
        for (int first = -3000; first <= 3000; first++)
        {
            block[0] = (short)first;
            JpegTransform.InverseScalar(block, full, 8);
            JpegTransform.InverseFlat(first, flat, 8);
            CollectionAssert.AreEqual(full, flat);
        }
    }

    [TestMethod]
    public void The_transform_is_the_cosine_transform()
    {
        var random = new Random(3);
        var block = new short[64];
        var samples = new byte[64];
        for (int round = 0; round < 50; round++)
        {
            foreach (ref short coefficient in block.AsSpan())
            {
                coefficient = (short)random.Next(-40, 40);
            }

            JpegTransform.InverseScalar(block, samples, 8);
            for (int i = 0; i < 64; i++)
            {
                Assert.AreEqual(Math.Clamp(Cosines(block, i % 8, i / 8) + 128, 0, 255), samples[i], 1.0);
            }
        }

        // T.81, A.3.3.
        static double Cosines(short[] block, int x, int y)
        {
            double sum = 0;
            for (int k = 0; k < 64; k++)
            {
                (int u, int v) = (k % 8, k / 8);
                double scale = (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1) / 4;
                sum += scale * block[k] * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }

            return sum;
        }
    }

    [TestMethod]
    public void Colours_agree_for_every_chroma_and_length()
    {
        var random = new Random(5);
        for (int length = 0; length < 70; length++)
        {
            Check(Bytes(random, length), Bytes(random, length), Bytes(random, length));
        }

        byte[] every = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        for (int chroma = 0; chroma < 256; chroma++)
        {
            byte[] same = new byte[256];
            Array.Fill(same, (byte)chroma);
            Check(same, every, same);
            Check(every, same, every);
        }

        static void Check(byte[] y, byte[] cb, byte[] cr)
        {
            var scalar = new uint[y.Length];
            var vector = new uint[y.Length];
            JpegColor.FromYccScalar(y, cb, cr, scalar);
            JpegColor.FromYcc(y, cb, cr, vector);
            CollectionAssert.AreEqual(scalar, vector);
        }
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 9)]
    [DataRow(9, 1)]
    [DataRow(31, 17)]
    public void Samplers_agree_inside_and_outside_of_the_picture(int width, int height)
    {
        var random = new Random(width);
        var picture = new Picture(width, height, Bytes(random, width * height * 4));
        for (int round = 0; round < 300; round++)
        {
            (float, float) start = ((random.NextSingle() * 40) - 5, (random.NextSingle() * 25) - 5);
            (float, float) step = ((random.NextSingle() * 3) - 1.5f, round % 2 == 0 ? 0 : (random.NextSingle() * 2) - 1);
            if (round % 3 == 0)
            {
                start = (MathF.Floor(start.Item1), MathF.Floor(start.Item2));
                step = (1, 0);
            }

            var scalar = new uint[round % 37];
            var vector = new uint[round % 37];
            BilinearSampler.SampleScalar(picture, start, step, scalar);
            BilinearSampler.SampleVector(picture, start, step, vector);
            CollectionAssert.AreEqual(scalar, vector);
        }
    }

    [TestMethod]
    [DataRow(PixelFormat.Rgb)]
    [DataRow(PixelFormat.Bgr)]
    [DataRow(PixelFormat.Rgba)]
    [DataRow(PixelFormat.Bgra)]
    [DataRow(PixelFormat.Gray)]
    public void Normalizers_agree_at_every_length(PixelFormat format)
    {
        var options = new ImageProcessOptions
        {
            Width = 1,
            Height = 1,
            Format = format,
            Mean = [10.5f, 20.25f, 30.1f],
            Normal = [0.017f, 0.5f, 0.3f, 0.7f],
        };
        var normalizer = new PixelNormalizer(options);
        int channels = options.Channels;
        var random = new Random(7);
        for (int length = 0; length < 40; length++)
        {
            uint[] pixels = [.. Enumerable.Range(0, length).Select(_ => (uint)random.NextInt64(1L << 32))];
            var planes = new float[(channels * 50) + 1];
            var interleaved = new float[(channels * length) + 1];
            interleaved[^1] = 42;
            normalizer.WritePlanes(pixels, planes, 50);
            normalizer.WriteInterleaved(pixels, interleaved);
            Assert.AreEqual(42, interleaved[^1], "nothing beyond the last pixel is written");
            for (int i = 0; i < length * channels; i++)
            {
                float expected = normalizer.Value(pixels[i / channels], i % channels);
                Assert.AreEqual(expected, interleaved[i]);
                Assert.AreEqual(expected, planes[(i % channels * 50) + (i / channels)]);
            }
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
