using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>Finds preprocessing that is probably not what the model was trained with, from the config alone.</summary>
internal static class SettingsLint
{
    // Nobody scales grey levels up, and by 0.1 to 1 hardly down: standard deviations of common data sets are 0.2 to 0.5.
    private const float LeastDeviation = 0.1f;

    // Means of ImageNet in grey levels: red, green, blue. Published ones differ by less than the tolerance.
    private static readonly float[] ImageNetMean = [123.68f, 116.78f, 103.94f];
    private const float MeanTolerance = 1.5f;

    /// <summary>Checks the settings of pictures.</summary>
    /// <param name="config">The config.</param>
    /// <param name="orderMatters">False if the model is known to treat red and blue alike.</param>
    /// <param name="warnings">Told of what looks wrong.</param>
    public static void Check(QuantConfig config, bool orderMatters, ICollection<Diagnostic> warnings)
    {
        if (config.InputType != CalibrationInput.Image)
        {
            return;
        }

        CheckNormal(config, warnings);
        if (config.Mean.Any(m => m != 0) && config.Mean.All(m => MathF.Abs(m) <= 1))
        {
            warnings.Add(Warnings.MeanIsShare(config.File, config.Mean.First(m => m != 0)));
        }

        CheckCount(config, "mean", config.Mean, neutral: 0, warnings);
        CheckCount(config, "normal", config.Normal, neutral: 1, warnings);
        if (orderMatters)
        {
            CheckOrder(config, warnings);
        }
    }

    private static void CheckNormal(QuantConfig config, ICollection<Diagnostic> warnings)
    {
        if (config.Normal.Any(n => MathF.Abs(n) > 1))
        {
            warnings.Add(Warnings.NormalIsDivisor(config.File, config.Normal.First(n => MathF.Abs(n) > 1)));
        }

        if (config.Normal.Any(n => n is > LeastDeviation and < 1))
        {
            warnings.Add(Warnings.NormalIsDeviation(config.File, config.Normal.First(n => n is > LeastDeviation and < 1)));
        }

        if (config.Normal.Contains(0))
        {
            warnings.Add(Warnings.NormalIsZero(config.File));
        }
    }

    // Too few numbers leave channels as they are; too many do nothing. Alpha may do without.
    private static void CheckCount(
        QuantConfig config, string key, IReadOnlyList<float> values, float neutral, ICollection<Diagnostic> warnings)
    {
        int channels = config.Channels;
        bool isShort = values.Count > 0 && values.Count < Math.Min(channels, 3);
        bool isLong = values.Skip(channels).Any(v => v != neutral);
        if (isShort || isLong)
        {
            string effect = isShort
                ? string.Create(CultureInfo.InvariantCulture, $"the others get {neutral}. Write one for each")
                : "the rest has no effect. Remove it, or correct \"format\"";
            warnings.Add(Warnings.ChannelCount(
                config.File, key, values.Count, config.Format.ToString().ToUpperInvariant(), channels, effect));
        }
    }

    private static void CheckOrder(QuantConfig config, ICollection<Diagnostic> warnings)
    {
        if (config.Mean.Count < 3 || config.Format == PixelFormat.Gray)
        {
            return;
        }

        bool isRedFirst = config.Format is PixelFormat.Rgb or PixelFormat.Rgba;
        bool hasAlpha = config.Format is PixelFormat.Rgba or PixelFormat.Bgra;
        float[] turned = isRedFirst ? [.. ImageNetMean.Reverse()] : ImageNetMean;
        if (turned.Zip(config.Mean).All(pair => MathF.Abs(pair.First - pair.Second) <= MeanTolerance))
        {
            string order = (isRedFirst ? "BGR" : "RGB") + (hasAlpha ? "A" : "");
            string mean = string.Join(", ", config.Mean.Select(m => m.ToString("R", CultureInfo.InvariantCulture)));
            warnings.Add(Warnings.ChannelsSwapped(config.File, $"[{mean}]", order, config.Format.ToString().ToUpperInvariant()));
        }
    }
}
