namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException ModelUnreadable(string file, string reason, Exception? inner = null) =>
        Error(2001, $"The model can't be read: {reason} Check the path and that the file may be read.", file, inner: inner);

    internal static QuantizeException ModelChanged(string file) =>
        Error(8111, "The model changed while it was read. Run again when whoever writes it is done.", file);

    internal static QuantizeException ModelEmpty(string file) =>
        Error(2002, "The model file is empty (0 bytes). Copy or convert the model again.", file);

    internal static QuantizeException ModelIsText(string file, string start) =>
        Error(2003, $"Expected a binary .mnn model, found text starting with \"{start}\". Check the path.", file);

    internal static QuantizeException ModelIsLfsPointer(string file) =>
        Error(2004, "Expected a binary .mnn model, found a Git LFS pointer. Fetch the model itself: git lfs pull.", file);

    internal static QuantizeException ModelIsOtherFormat(string file, string format) =>
        Error(2005, $"Expected an .mnn model, found a {format} file. Convert it with MNNConvert first.", file);

    internal static QuantizeException ModelNotMnn(string file, string found) =>
        Error(2006, $"The file is not an .mnn model: {found}. Check the path, or convert the model with MNNConvert.", file);

    internal static QuantizeException ModelTruncated(string file, string where, long end, long length) =>
        Error(
            2007,
            $"The model is truncated or damaged: {where} reaches to byte {end}, but the file ends at byte {length}. "
            + "Copy or convert the model again.",
            file);

    internal static QuantizeException ModelDamaged(string file, string where, string found) =>
        Error(2008, $"The model is damaged: {where}: {found}. Copy or convert the model again.", file);

    internal static QuantizeException ModelUnknownField(string file, string table, int slot, int known) =>
        Error(
            2009,
            $"The model was written by a newer MNN: table {table} has a field in slot {slot}, known are the slots below "
            + $"{known}. Convert it with a converter of MNN 3.6, or update Mnn.Quantize.",
            file);

    internal static QuantizeException ModelUnknownUnionMember(string file, string where, int tag, int known) =>
        Error(
            2010,
            $"The model was written by a newer MNN: {where} holds member {tag}, known are 1 to {known}. "
            + "Convert it with a converter of MNN 3.6, or update Mnn.Quantize.",
            file);

    internal static QuantizeException ModelUnknownEnumValue(string file, string where, string enumeration, long value) =>
        Error(
            2011,
            $"The model was written by a newer MNN or is damaged: {where} is {value}, which is no value of {enumeration}. "
            + "Convert it with a converter of MNN 3.6, or update Mnn.Quantize.",
            file);

    internal static QuantizeException ModelTooDeep(string? file, string table, int limit) =>
        Error(
            2012,
            $"The model's tables are nested more than {limit} deep at table {table}: the file is damaged or refers to itself. "
            + "Copy or convert the model again.",
            file);

    internal static QuantizeException ModelOverlaps(string file, string where, long bytes, long length) =>
        Error(
            2013,
            $"The model is damaged: at {where} its parts add up to over {bytes} bytes in a file of {length} bytes, so they "
            + "overlap. Copy or convert the model again.",
            file);

    internal static QuantizeException ModelTooLarge(string? file, long bytes) =>
        Error(
            2014,
            $"The model takes {bytes} bytes; a FlatBuffers file holds at most {Array.MaxLength}. Split it or quantize more "
            + "of its layers.",
            file);

    internal static QuantizeException FileUnwritable(string file, string reason, Exception? inner = null) =>
        Error(
            2015,
            $"The file can't be written: {reason} Check the folder, its permissions and the free space.",
            file,
            inner: inner);

    internal static QuantizeException ModelWithoutOperators(string file) =>
        Error(
            2016,
            "The model has no operators: it is a weights-only or empty file. Check that it is the converter's output.",
            file);
}
