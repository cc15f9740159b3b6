using System.Globalization;

namespace Mnn.Quantize.Configuration;

/// <summary>How long a training may last: <c>3 epochs</c>, <c>100000 images</c>, <c>10 minutes</c>.</summary>
/// <param name="Images">Examples that are seen at most; null for any number.</param>
/// <param name="Epochs">Epochs at most; null for any number.</param>
/// <param name="Time">Time at most; null for any.</param>
internal sealed record TrainBudget(long? Images, int? Epochs, TimeSpan? Time)
{
    /// <summary>What a text has to look like.</summary>
    public const string Form = "a number of epochs, images, seconds, minutes or hours, such as \"3 epochs\"";

    /// <summary>The same as a regular expression.</summary>
    public const string Pattern = @"^$|^ *[0-9]+(\.[0-9]+)? *(epoch|image|second|minute|hour)s? *$";

    /// <summary>No limit.</summary>
    public static TrainBudget None { get; } = new(null, null, null);

    /// <summary>Reads a text; null if it is none.</summary>
    public static TrainBudget? Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim(' ');
        if (rest.IsEmpty)
        {
            return None;
        }

        int digits = rest.IndexOfAnyExcept("0123456789.");
        if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || !(number > 0))
        {
            return null;
        }

        string unit = rest[digits..].Trim(' ').ToString();
        bool isWhole = number == Math.Floor(number);
        return (unit.EndsWith('s') ? unit[..^1] : unit) switch
        {
            "epoch" when isWhole && number <= int.MaxValue => None with { Epochs = (int)number },
            "image" when isWhole && number <= long.MaxValue => None with { Images = (long)number },
            "second" when number < 1e9 => None with { Time = TimeSpan.FromSeconds(number) },
            "minute" when number < 1e7 => None with { Time = TimeSpan.FromMinutes(number) },
            "hour" when number < 1e5 => None with { Time = TimeSpan.FromHours(number) },
            _ => null,
        };
    }
}
