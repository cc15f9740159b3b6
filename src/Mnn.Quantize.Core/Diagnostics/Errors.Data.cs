namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException DataFolderMissing(string config, string folder) => Error(
        3501, $"the folder of the calibration data does not exist: {folder}. Correct \"path\".", config);

    internal static QuantizeException DataFolderEmpty(string config, string folder) => Error(
        3502, $"no pictures in {folder}. Put calibration pictures there, or correct \"path\".", config);

    internal static QuantizeException DataUnreadable(string file, string reason, Exception inner) => Error(
        3503, $"the calibration file can't be read: {reason}", file, inner: inner);
}
