#:property PublishAot=false

// Draws the packages' icon: a curve and its quantized twin. Run: dotnet run assets/icon.cs assets/icon.png
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

const int Side = 128;
const int Samples = 4; // along each side of a pixel, so that edges are smooth
const double Corner = 26;
const int Steps = 8;

byte[] rows = new byte[Side * ((Side * 4) + 1)];
for (int y = 0; y < Side; y++)
{
    for (int x = 0; x < Side; x++)
    {
        double[] sum = new double[4];
        for (int i = 0; i < Samples * Samples; i++)
        {
            (double red, double green, double blue, double alpha) = Colour(
                x + (((i % Samples) + 0.5) / Samples), y + (((i / Samples) + 0.5) / Samples));
            sum[0] += red * alpha;
            sum[1] += green * alpha;
            sum[2] += blue * alpha;
            sum[3] += alpha;
        }

        Span<byte> pixel = rows.AsSpan((y * ((Side * 4) + 1)) + 1 + (x * 4), 4);
        for (int c = 0; c < 3; c++)
        {
            pixel[c] = (byte)Math.Round(sum[3] > 0 ? sum[c] / sum[3] : 0);
        }

        pixel[3] = (byte)Math.Round(255 * sum[3] / (Samples * Samples));
    }
}

using FileStream file = File.Create(args[0]);
file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
byte[] header = new byte[13];
BinaryPrimitives.WriteInt32BigEndian(header, Side);
BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
(header[8], header[9]) = (8, 6); // eight bits, RGBA
Chunk(file, "IHDR", header);
using var packed = new MemoryStream();
using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
{
    zlib.Write(rows);
}

Chunk(file, "IDAT", packed.ToArray());
Chunk(file, "IEND", []);

static (double Red, double Green, double Blue, double Alpha) Colour(double x, double y)
{
    double dx = Math.Max(0, Math.Abs(x - (Side / 2.0)) - ((Side / 2.0) - Corner));
    double dy = Math.Max(0, Math.Abs(y - (Side / 2.0)) - ((Side / 2.0) - Corner));
    if ((dx * dx) + (dy * dy) > Corner * Corner)
    {
        return (0, 0, 0, 0);
    }

    bool inside = x is > 14 and < Side - 14 && y < Side - 22;
    double at = Math.Clamp((x - 14) / (Side - 28), 0, 1);
    double level = Curve((Math.Floor(at * Steps) + 0.5) / Steps);
    return inside && Math.Abs(y - Curve(at)) < 2.5 ? (255, 190, 60, 1)
        : inside && y > level ? (255, 255, 255, 1)
        : (24, 60 + (y * 0.35), 120 + (y * 0.45), 1);
}

static double Curve(double at) => 100 - (74 * Math.Exp(-Math.Pow((at - 0.5) / 0.24, 2)));

static void Chunk(Stream to, string type, byte[] data)
{
    byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
    byte[] number = new byte[4];
    BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
    to.Write(number);
    to.Write(body);
    BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
    to.Write(number);
}

static uint Crc(ReadOnlySpan<byte> data)
{
    uint crc = uint.MaxValue;
    foreach (byte value in data)
    {
        crc ^= value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }
    }

    return ~crc;
}
