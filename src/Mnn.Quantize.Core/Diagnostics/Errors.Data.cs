using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException DataFolderMissing(string config, string place) => Error(
        3501, $"the calibration data do not exist: {place}. Correct \"path\", or \"data\" in \"train\", which is relative to the config.", config);

    internal static QuantizeException DataFolderEmpty(string config, string place, string kind, string hint) => Error(
        3502, $"no {kind} in {place}. {hint}", config);

    internal static QuantizeException DataUnreadable(string file, string reason, Exception inner) => Error(
        3503, $"the calibration data can't be read: {reason}", file, inner: inner);

    internal static QuantizeException NpzDamaged(string file, string reason, Exception inner) => Error(
        3510, $"the .npz archive is damaged: {reason} Save it again with numpy.savez.", file, inner: inner);

    internal static QuantizeException NpzTooLarge(string file, long most) => Error(
        3511,
        string.Create(CultureInfo.InvariantCulture, $"the .npz archive unpacks to more than {most:N0} bytes. Split it: a file is one sample."),
        file);

    internal static QuantizeException TextNotANumber(string file, int line, string found) => Error(
        3512,
        (found.Length > 0 ? $"'{found}' is no finite number." : "the file has no numbers.")
        + " Expected numbers separated by white space or commas.",
        file, line);

    internal static QuantizeException SampleIsOneFile(string file, string inputs) => Error(
        3513,
        $"the model has several inputs ({inputs}), which one array can't fill. Make a folder for each sample with a file for each input, or a .npz file.",
        file);

    internal static QuantizeException SampleWithoutInput(string sample, string input, string expected, string found) => Error(
        3514,
        $"this sample has no data for the input '{input}': expected {expected}, found {(found.Length > 0 ? found : "nothing")}. Add it, or give the input a \"value\" in \"inputs\".",
        sample);

    internal static QuantizeException ArrayShapeOpen(string file, string input, string declared) => Error(
        3515,
        $"the file does not tell the shape of its numbers, and the model declares {declared} for '{input}'. Set its \"shape\" in \"inputs\" or in the sample's input.json, or use .npy.",
        file);

    internal static QuantizeException ArrayCount(string file, string input, int count, string declared) => Error(
        3516,
        string.Create(CultureInfo.InvariantCulture, $"the file has {count:N0} numbers, which do not make the shape {declared} of the input '{input}'. Correct the file, or the \"shape\" in \"inputs\" or input.json."),
        file);

    internal static QuantizeException ArrayRank(string file, string input, string found, string declared) => Error(
        3517, $"the array has the shape {found}, but the input '{input}' is declared as {declared}. Reshape the array.", file);

    internal static QuantizeException ArrayElement(string file, string input, string found, int least, int most) => Error(
        3518,
        string.Create(CultureInfo.InvariantCulture, $"the array has the element {found}, but the input '{input}' takes whole numbers from {least} to {most}. Convert the array."),
        file);

    internal static QuantizeException SamplesDoNotBatch(
        string sample, string input, string found, string other, string expected) => Error(
        3519,
        $"the shape {found} for the input '{input}' differs from {expected} of '{other}', so that they can't be one batch. Set \"batch_size\" to 1, or bring all samples to one shape.",
        sample);

    internal static QuantizeException InputShapesMalformed(string file, int line, int column) => Error(
        3520, "expected an object with \"inputs\", an array of objects with \"name\" and \"shape\".", file, line, column);
}
