namespace Mnn.Quantize.Imaging;

/// <summary>Makes pictures small enough to be shown beside each other.</summary>
internal static class Shrinking
{
    /// <summary>The picture itself, or one in which each pixel is the mean of those that it stands for.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="side">Greatest width and height of the result.</param>
    public static Picture Fit(Picture picture, int side)
    {
        int longest = Math.Max(picture.Width, picture.Height);
        if (longest <= side)
        {
            return picture;
        }

        int width = Math.Max(1, (int)((long)picture.Width * side / longest));
        int height = Math.Max(1, (int)((long)picture.Height * side / longest));
        var rgba = new byte[width * height * 4];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom) = Covered(y, height, picture.Height);
            for (int x = 0; x < width; x++)
            {
                (int left, int right) = Covered(x, width, picture.Width);
                Mean(picture, left, right, top, bottom, rgba.AsSpan(((y * width) + x) * 4, 4));
            }
        }

        return new Picture(width, height, rgba);
    }

    private static (int First, int End) Covered(int place, int count, int length)
    {
        int first = (int)((long)place * length / count);
        return (first, Math.Max(first + 1, (int)((place + 1L) * length / count)));
    }

    private static void Mean(Picture picture, int left, int right, int top, int bottom, Span<byte> pixel)
    {
        Span<long> sums = stackalloc long[4];
        sums.Clear();
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> row = picture.Rgba.AsSpan(((y * picture.Width) + left) * 4, (right - left) * 4);
            for (int i = 0; i < row.Length; i++)
            {
                sums[i & 3] += row[i];
            }
        }

        long count = (long)(right - left) * (bottom - top);
        for (int c = 0; c < 4; c++)
        {
            pixel[c] = (byte)((sums[c] + (count / 2)) / count);
        }
    }
}
