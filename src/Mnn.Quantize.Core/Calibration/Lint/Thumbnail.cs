using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>A picture in 16 x 16 grey levels, to tell pictures that look alike, whatever their size or compression.</summary>
internal sealed class Thumbnail
{
    private const int Side = 16;

    // Points that are looked at along each side of a cell: a thumbnail costs the same for every size of picture.
    private const int Points = 4;

    // Compression of a gray picture as a colour JPEG leaves traces of colour.
    private const int LeastColour = 8;

    // Levels by which the same scene, scaled or compressed again, may differ.
    private const int MostDifference = 6;
    private const double MostMeanDifference = 1.5;

    private readonly byte[] _levels = new byte[Side * Side];

    private Thumbnail()
    {
    }

    /// <summary>True if no point that was looked at has a colour.</summary>
    public bool IsGray { get; private set; } = true;

    /// <summary>Mean level, 0 to 255.</summary>
    public double Mean { get; private set; }

    /// <summary>Looks at a picture.</summary>
    public static Thumbnail Of(Picture picture)
    {
        var thumbnail = new Thumbnail();
        for (int cell = 0; cell < thumbnail._levels.Length; cell++)
        {
            thumbnail._levels[cell] = thumbnail.Level(picture, cell % Side, cell / Side);
            thumbnail.Mean += thumbnail._levels[cell];
        }

        thumbnail.Mean /= thumbnail._levels.Length;
        return thumbnail;
    }

    /// <summary>Writes all of it but the mean, which follows.</summary>
    public void Store(EntryWriter to)
    {
        to.Number(IsGray ? 1u : 0);
        to.Bytes(_levels);
    }

    /// <summary>Reads what <see cref="Store"/> wrote.</summary>
    public static Thumbnail Read(ref EntryReader from)
    {
        var thumbnail = new Thumbnail { IsGray = from.Number() != 0 };
        from.Bytes(thumbnail._levels.Length).CopyTo(thumbnail._levels);
        thumbnail.Mean = thumbnail._levels.Sum(level => (double)level) / thumbnail._levels.Length;
        return thumbnail;
    }

    /// <summary>Whether two pictures look almost the same.</summary>
    public bool LooksLike(Thumbnail other)
    {
        int sum = 0;
        for (int i = 0; i < _levels.Length; i++)
        {
            int difference = Math.Abs(_levels[i] - other._levels[i]);
            if (difference > MostDifference)
            {
                return false;
            }

            sum += difference;
        }

        return sum <= MostMeanDifference * _levels.Length;
    }

    private byte Level(Picture picture, int cellX, int cellY)
    {
        int sum = 0;
        for (int i = 0; i < Points * Points; i++)
        {
            int x = At((cellX * Points) + (i % Points), picture.Width);
            int y = At((cellY * Points) + (i / Points), picture.Height);
            ReadOnlySpan<byte> pixel = picture.Rgba.AsSpan(((y * picture.Width) + x) * 4, 3);
            int least = Math.Min(pixel[0], Math.Min(pixel[1], pixel[2]));
            int most = Math.Max(pixel[0], Math.Max(pixel[1], pixel[2]));
            IsGray &= most - least < LeastColour;
            sum += pixel[0] + pixel[1] + pixel[2];
        }

        return (byte)(sum / (3 * Points * Points));
    }

    private static int At(int point, int length) => (int)(((2L * point) + 1) * length / (2 * Side * Points));
}
