using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>Reads files of calibration data.</summary>
internal static class SampleBytes
{
    /// <summary>A whole file.</summary>
    /// <exception cref="QuantizeException">MNNQ3503: it can't be read.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, e.Message, e);
        }
    }
}
