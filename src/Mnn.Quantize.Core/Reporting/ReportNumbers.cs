using System.Globalization;

namespace Mnn.Quantize.Reporting;

/// <summary>Numbers as reports show them.</summary>
internal static class ReportNumbers
{
    /// <summary>Below it a cosine is worth a look.</summary>
    public const double WeakCosine = 0.99;

    /// <summary>Below it a cosine is bad.</summary>
    public const double BadCosine = 0.95;

    /// <summary>Six decimals.</summary>
    public static string Cosine(double value) => TextTable.Number(value, "0.000000");

    /// <summary>A share as percents.</summary>
    /// <param name="share">0 to 1, or null for none.</param>
    /// <param name="decimals">A .NET number format.</param>
    public static string Percent(double? share, string decimals = "0.00") =>
        share is null ? "-" : TextTable.Number(100 * share, decimals) + "%";

    /// <summary>A whole number with separators.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bytes in the unit that gives 1 to 999, three digits: <c>1.79 MB</c>.</summary>
    public static string Size(long bytes) => bytes < 1000 ? $"{bytes} B" : Scaled(bytes, ["kB", "MB", "GB", "TB"]);

    /// <summary>A count in the unit that gives 1 to 999, three digits: <c>12.3 M</c>.</summary>
    public static string Magnitude(long count) => count < 1000 ? Count(count) : Scaled(count, ["k", "M", "G", "T"]);

    /// <summary>Four significant digits, as short as that goes.</summary>
    public static string Short(double? value) => TextTable.Number(value, "G4");

    /// <summary>Decibels.</summary>
    public static string Decibels(double value) => value switch
    {
        double.PositiveInfinity => "exact",
        double.NegativeInfinity => "none",
        _ => TextTable.Number(value, "0.0"),
    };

    /// <summary>Dimensions: <c>1x3x224x224</c>.</summary>
    public static string Shape(IReadOnlyList<int> shape) => shape.Count == 0 ? "scalar" : string.Join('x', shape);

    /// <summary>What one size is of another, in percents.</summary>
    public static string Ratio(long part, long whole) => Percent(whole > 0 ? (double)part / whole : 0, "0.0");

    private static string Scaled(double number, string[] units)
    {
        int unit = 0;
        for (number /= 1000; number >= 999.5 && unit < units.Length - 1; number /= 1000)
        {
            unit++;
        }

        string format = number < 9.995 ? "0.00" : number < 99.95 ? "0.0" : "0";
        return number.ToString(format, CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
