using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

/// <summary>Data sets: pictures or arrays with labels.</summary>
internal static partial class Errors
{
    internal static QuantizeException IdxMalformed(string file, string what) => Error(
        3660, $"the file is no IDX file that can be read: {what}. Expected unsigned bytes (magic 0x0000080n), as in train-images-idx3-ubyte.", file);

    internal static QuantizeException IdxLength(string file, string shape, long expected, long found) => Error(
        3661,
        string.Create(CultureInfo.InvariantCulture, $"the header says {shape}, which are {expected:N0} bytes, but {found:N0} follow. The file was cut off or is another one; get it again."),
        file);

    internal static QuantizeException IdxNotPictures(string file, string shape) => Error(
        3662, $"the file has the shape {shape}; pictures are [count, rows, columns], or with 1, 3 or 4 channels [count, rows, columns, channels].", file);

    internal static QuantizeException IdxNotLabels(string file, string shape) => Error(
        3663, $"the file has the shape {shape}; labels are [count]. Are \"data\" and \"labels\" the wrong way round?", file);

    internal static QuantizeException LabelCount(string file, int labels, string data, int examples) => Error(
        3664,
        string.Create(CultureInfo.InvariantCulture, $"there are {labels:N0} labels, but {examples:N0} examples in {data}. Use the labels that belong to the data."),
        file);

    internal static QuantizeException LabelLine(string file, int line, string found) => Error(
        3665, $"expected a line 'NAME LABEL', LABEL a whole number from 0, found '{Shorten(found)}'.", file, line);

    internal static QuantizeException LabelledMissing(string file, int line, string name, string folder) => Error(
        3666, $"there is no '{Shorten(name)}' in {folder}. Correct the name, or \"data\", which names are relative to.", file, line);

    internal static QuantizeException LabelTooLarge(string file, int line, int label, string output, int classes) => Error(
        3667, $"the label {label} is not one of the {classes} classes (0 to {classes - 1}) of the output '{output}'.", file, line);

    internal static QuantizeException LabelsUnreadable(string file, string reason, Exception? inner = null) => Error(
        3668, $"the labels can't be read: {reason}", file, inner: inner);

    internal static QuantizeException CsvCell(string file, int line, int column, string found) => Error(
        3669, $"'{Shorten(found)}' in column {column} is no number. Expected numbers separated by commas, the first line may have names.", file, line);

    internal static QuantizeException CsvWidth(string file, int line, int found, int expected) => Error(
        3670, $"the line has {found} cells, those before it {expected}. Correct the line.", file, line);

    internal static QuantizeException CsvEmpty(string file) => Error(
        3671, "the file has no line of numbers.", file);

    internal static QuantizeException CsvShape(string file, int numbers, string input, string shape) => Error(
        3672,
        $"an example has {numbers} numbers besides its label, which are no picture of the input '{input}' {shape}, nor a square one. Correct the file, or the \"shape\" in \"inputs\".",
        file);

    internal static QuantizeException CsvLevel(string file, int line, int column, string found) => Error(
        3673, $"'{found}' in column {column} is no grey level from 0 to 255. For other numbers set \"input_type\": \"sequence\".", file, line);

    internal static QuantizeException CsvLabel(string file, int line, string found) => Error(
        3674, $"the label '{found}' is no whole number from 0.", file, line);

    internal static QuantizeException LabelsDoNotFit(string file, string data) => Error(
        3675, $"\"labels\" is given, but {data} has labels of its own. Remove \"labels\".", file);

    internal static QuantizeException TooFewExamples(string file, int count) => Error(
        3676, $"{count} examples are too few to train with and keep a share for evaluation. Add some, or set \"validation_share\": 0.", file);

    internal static QuantizeException ClassFolderEmpty(string folder) => Error(
        3677, "no pictures in the folder of this class. Put some there, or remove it.", folder);

    internal static QuantizeException GzipDamaged(string file, Exception inner) => Error(
        3678, $"the file can't be unpacked: {inner.Message} Get it again.", file, inner: inner);

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
