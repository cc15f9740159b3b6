using System.Buffers.Binary;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Tests.Imaging;

[TestClass]
public sealed class DamagedPictureTests
{
    public static IEnumerable<object[]> Names => PictureAssets.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Mutations_give_diagnostics_and_nothing_else(string name)
    {
        byte[] original = PictureAssets.Read(name);
        var random = new Random(20_24 + original.Length);
        for (int round = 0; round < 100; round++)
        {
            byte[] data = Mutate(original, random);
            try
            {
                PictureDecoder.Decode(data, name).Dispose();
            }
            catch (QuantizeException error)
            {
                Assert.IsTrue(error.Diagnostic.Code is > 3000 and < 3500, error.Message);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Half_a_picture_is_refused(string name)
    {
        byte[] data = PictureAssets.Read(name);

        int code = PictureDecoderTests.CodeOf(data[..(data.Length / 2)]);

        Assert.IsTrue(code is 3003 or 3004, $"{code}");
    }

    [TestMethod]
    public void A_signature_alone_is_no_picture()
    {
        byte[] data = PictureAssets.Read("rgba.png");

        Assert.AreEqual(3003, PictureDecoderTests.CodeOf(data[..8]));
    }

    [TestMethod]
    [DataRow("rgba.png", 16, true)]
    [DataRow("420-restart.jpg", -1, true)]
    [DataRow("gray-progressive.jpg", -1, true)]
    [DataRow("rgb24.bmp", 18, false)]
    [DataRow("first-frame.gif", 6, false)]
    [DataRow("rgb.tga", 12, false)]
    public void A_small_file_that_claims_to_be_huge_takes_no_memory(string name, int sizeOffset, bool bigEndian)
    {
        byte[] data = PictureAssets.Read(name);
        if (sizeOffset < 0)
        {
            sizeOffset = FrameHeader(data) + 3;
        }

        // Two 16-bit sides of 16,000 each, or 32-bit ones: below the limit of 2^28 pixels, 1 GB decoded.
        int sideBytes = name.EndsWith("png") || name.EndsWith("bmp") ? 4 : 2;
        for (int side = 0; side < 2; side++)
        {
            Span<byte> field = data.AsSpan(sizeOffset + (side * sideBytes), sideBytes);
            field.Clear();
            Span<byte> low = bigEndian ? field[^2..] : field[..2];
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(low, 16_000);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(low, 16_000);
            }
        }

        PngWriter.FixHeaderCheckSum(data);
        if (name.EndsWith("png") || name.EndsWith("gif"))
        {
            data = Shorten(data, name);
        }

        long before = GC.GetTotalAllocatedBytes();
        int code = PictureDecoderTests.CodeOf(data);
        long allocated = GC.GetTotalAllocatedBytes() - before;

        Assert.AreEqual(3003, code);
        Assert.IsLessThan(64_000_000, allocated);
    }

    [TestMethod]
    public void More_than_2_to_the_28_pixels_are_refused()
    {
        byte[] data = PictureAssets.Read("rgba.png")[..1024];
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(20), 60_000);
        PngWriter.FixHeaderCheckSum(data);

        Assert.AreEqual(3006, PictureDecoderTests.CodeOf(data));
    }

    [TestMethod]
    public void A_wrong_check_sum_is_damage()
    {
        byte[] data = PictureAssets.Read("rgba.png");
        data[^20] ^= 1;

        Assert.AreEqual(3004, PictureDecoderTests.CodeOf(data));
    }

    [TestMethod]
    public void A_baseline_jpeg_without_its_end_marker_is_read()
    {
        byte[] data = PictureAssets.Read("444-tiny.jpg");

        Assert.AreEqual(0, PictureDecoderTests.CodeOf(data[..^2]));
    }

    [TestMethod]
    [DataRow(0xC9, 3005)]
    [DataRow(0xC3, 3005)]
    [DataRow(0xC5, 3005)]
    public void Other_codings_of_jpeg_are_named(int marker, int code)
    {
        byte[] data = PictureAssets.Read("444-tiny.jpg");
        data[FrameHeader(data) - 1] = (byte)marker;

        Assert.AreEqual(code, PictureDecoderTests.CodeOf(data));
    }

    [TestMethod]
    public void A_jpeg_of_12_bits_is_named()
    {
        byte[] data = PictureAssets.Read("444-tiny.jpg");
        data[FrameHeader(data) + 2] = 12;

        Assert.AreEqual(3005, PictureDecoderTests.CodeOf(data));
    }

    /// <summary>Offset of the frame header's length.</summary>
    private static int FrameHeader(byte[] data)
    {
        for (int i = 2; ; i += 2 + BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(i + 2)))
        {
            if (data[i + 1] is 0xC0 or 0xC2)
            {
                return i + 2;
            }
        }
    }

    /// <summary>The start of a file: for PNG with a first IDAT chunk of 200 bytes and its check sum.</summary>
    private static byte[] Shorten(byte[] data, string name)
    {
        if (name.EndsWith("gif"))
        {
            return data[..1000];
        }

        int chunk = data.AsSpan().IndexOf("IDAT"u8) - 4;
        byte[] start = data[..(chunk + 8 + 200 + 4)];
        BinaryPrimitives.WriteInt32BigEndian(start.AsSpan(chunk), 200);
        PngWriter.FixCheckSum(start, chunk);
        return start;
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] data = (byte[])original.Clone();
        int head = Math.Min(data.Length, 700);
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(random.Next(2) == 0 ? head : data.Length);
            data[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(data[at] ^ (1 << random.Next(8))),
                _ => (byte)(random.Next(2) * 255),
            };
        }

        // Check sums would hide what is behind them.
        PngWriter.FixAllCheckSums(data);
        return random.Next(8) == 0 ? data[..random.Next(data.Length)] : data;
    }
}
