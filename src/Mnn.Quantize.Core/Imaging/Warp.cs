namespace Mnn.Quantize.Imaging;

/// <summary>
/// The map from input pixels to picture positions that puts the input's corner pixels on the source area's corner pixels.
/// </summary>
/// <remarks>
/// It is a plain scaling, but samples are cut to whole grey levels, so that the last bits of a position decide. The
/// reference gets its matrix from a solver for any two quadrilaterals: each is mapped from the unit square, the one map
/// times the inverse of the other. The solver wants corners in ring order and gets them in Z order; the two squares
/// turn into the same bow tie (weights a = -2), which cancels out but for rounding. This does the same steps for
/// rectangles, in single precision where the reference has it.
/// </remarks>
internal readonly struct Warp
{
    // Rows of the matrix: x = (x * _xx + _x) / w, y = (x * _yx + y * _yy + _y) / w, w = x * _wx + _w.
    private readonly float _xx;
    private readonly float _x;
    private readonly float _yx;
    private readonly float _yy;
    private readonly float _y;
    private readonly float _wx;
    private readonly float _w;

    private Warp(float xx, float x, float yx, float yy, float y, float wx, float w) =>
        (_xx, _x, _yx, _yy, _y, _wx, _w) = (xx, x, yx, yy, y, wx, w);

    /// <summary>Whether input pixels are the picture's pixels from its first one on.</summary>
    internal bool IsIdentity => _xx == 1 && _yy == 1 && _x == 0 && _y == 0 && _yx == 0 && _wx == 0 && _w == 1;

    /// <summary>The map for a source area and an input of so many pixels.</summary>
    internal static Warp Between(in PictureArea source, int width, int height)
    {
        if (width == 1 || height == 1 || source.Width == 1 || source.Height == 1)
        {
            return Flat(source, width, height);
        }

        Warp onto = FromUnitSquare(source.Left, source.Top, source.Width - 1, source.Height - 1);
        Warp from = FromUnitSquare(0, 0, width - 1, height - 1);
        return onto.TimesInverse(from);
    }

    /// <summary>Position of an input pixel in the picture.</summary>
    internal (float X, float Y) Map(float x, float y)
    {
        float weight = (x * _wx) + _w;
        float scale = weight == 0 ? 0 : 1 / weight;
        return (((x * _xx) + _x) * scale, ((x * _yx) + (y * _yy) + _y) * scale);
    }

    /// <summary>A side of one pixel has no two corners; the reference's solver fails. Here it shows the area's first one.</summary>
    private static Warp Flat(in PictureArea source, int width, int height)
    {
        float across = width == 1 ? 0 : (source.Width - 1) / (float)(width - 1);
        float down = height == 1 ? 0 : (source.Height - 1) / (float)(height - 1);
        return new Warp(across, source.Left, 0, down, source.Top, 0, 1);
    }

    private static Warp FromUnitSquare(float left, float top, float width, float height)
    {
        // Divides by the longer side first, as the solver does.
        float bow = width > height
            ? (height - (width * -height / width)) / -height
            : ((height * width / -height) - width) / (-height * width / -height);
        float right = left + width;
        float bottom = top + height;
        return new Warp(
            xx: (bow * right) + right - left,
            x: left,
            yx: (bow * bottom) + bottom - top,
            yy: height,
            y: top,
            wx: bow,
            w: 1);
    }

    /// <summary>This map after the inverse of another that starts at 0, 0.</summary>
    private Warp TimesInverse(in Warp other)
    {
        // Cofactors are single, their scaling by the determinant is double.
        double inverse = 1 / ((double)other._xx * other._yy);
        float xx = (float)(other._yy * inverse);
        float yx = (float)(-other._yx * inverse);
        float yy = (float)(other._xx * inverse);
        float wx = (float)(-(other._yy * other._wx) * inverse);
        float w = (float)(other._xx * other._yy * inverse);
        return new Warp(
            xx: (_xx * xx) + (_x * wx),
            x: _x * w,
            yx: (_yx * xx) + (_yy * yx) + (_y * wx),
            yy: _yy * yy,
            y: _y * w,
            wx: (_wx * xx) + wx,
            w: w);
    }
}
