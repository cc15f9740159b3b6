using System.Globalization;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Imaging;

/// <summary>Channels of a model's input, in their order.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>Red, green, blue, alpha.</summary>
    Rgba,

    /// <summary>Blue, green, red, alpha.</summary>
    Bgra,

    /// <summary>One channel, (19 red + 38 green + 7 blue) / 64 rounded down.</summary>
    Gray,
}

/// <summary>How a picture of any shape becomes one of the model's shape.</summary>
public enum ResizeMode
{
    /// <summary>The cropped picture fills the input; its shape changes. What the reference does.</summary>
    Stretch,

    /// <summary>The whole cropped picture fits inside, in its own shape, centred; the rest is padding.</summary>
    Letterbox,

    /// <summary>The largest centred part that has the input's shape fills it.</summary>
    Crop,

    /// <summary>
    /// Pixels stay as they are: what is smaller than the input stands in its middle, the rest is padding; what is larger
    /// is cut to the part around its middle.
    /// </summary>
    Pad,
}

/// <summary>How pictures become the numbers that a model expects: <c>(sample - mean) * normal</c>, channel by channel.</summary>
public sealed record ImageProcessOptions
{
    /// <summary>The largest side of an input.</summary>
    public const int MaxSide = 16384;

    /// <summary>Channels and their order. The reference takes BGR if its config names none.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgr;

    /// <summary>Up to 4 means, in the order of <see cref="Format"/>, in grey levels (0 to 255); missing ones are 0.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>Up to 4 factors, in the order of <see cref="Format"/>; missing ones are 1.</summary>
    public IReadOnlyList<float> Normal { get; init; } = [];

    /// <summary>Pixels a row of the input, 1 to <see cref="MaxSide"/>.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the input, 1 to <see cref="MaxSide"/>.</summary>
    public required int Height { get; init; }

    /// <summary>Fraction of the picture's rows that are used, from its middle; above 0, at most 1.</summary>
    public float CenterCropHeight { get; init; } = 1;

    /// <summary>Fraction of the picture's columns that are used, from its middle; above 0, at most 1.</summary>
    public float CenterCropWidth { get; init; } = 1;

    /// <summary>How the shapes are brought together.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Stretch;

    /// <summary>The sample, in every channel, of what <see cref="ResizeMode.Letterbox"/> and <see cref="ResizeMode.Pad"/> leave free.</summary>
    public byte Padding { get; init; }

    /// <summary>Channels of <see cref="Format"/>: 1, 3 or 4.</summary>
    public int Channels => Format switch
    {
        PixelFormat.Gray => 1,
        PixelFormat.Rgb or PixelFormat.Bgr => 3,
        _ => 4,
    };

    /// <summary>Numbers that <see cref="ImageProcess.Convert"/> writes.</summary>
    public int ElementCount => Channels * Width * Height;

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="QuantizeException">MNNQ3011: a value is out of its range.</exception>
    public void Validate()
    {
        CheckSide("width", Width);
        CheckSide("height", Height);
        CheckFraction("center_crop_w", CenterCropWidth);
        CheckFraction("center_crop_h", CenterCropHeight);
        CheckList("mean", Mean);
        CheckList("normal", Normal);
        if (!Enum.IsDefined(Format) || !Enum.IsDefined(Resize))
        {
            throw Errors.ImageOptionInvalid("format", $"{Format}, {Resize}", "a defined pixel format and resize mode");
        }
    }

    /// <summary>Mean of one channel.</summary>
    internal float MeanOf(int channel) => channel < Mean.Count ? Mean[channel] : 0;

    /// <summary>Factor of one channel.</summary>
    internal float NormalOf(int channel) => channel < Normal.Count ? Normal[channel] : 1;

    private static void CheckSide(string option, int side)
    {
        if (side is < 1 or > MaxSide)
        {
            throw Errors.ImageOptionInvalid(option, side.ToString(CultureInfo.InvariantCulture), $"a whole number from 1 to {MaxSide}");
        }
    }

    private static void CheckFraction(string option, float fraction)
    {
        if (!(fraction > 0 && fraction <= 1))
        {
            throw Errors.ImageOptionInvalid(option, fraction.ToString(CultureInfo.InvariantCulture), "a fraction above 0 and at most 1");
        }
    }

    private static void CheckList(string option, IReadOnlyList<float> values)
    {
        if (values.Count > 4)
        {
            throw Errors.ImageOptionInvalid(option, $"a list of {values.Count} numbers", "at most 4 numbers, one a channel");
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw Errors.ImageOptionInvalid(option, values[i].ToString(CultureInfo.InvariantCulture), "finite numbers");
            }
        }
    }
}
