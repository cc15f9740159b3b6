namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException NpyMalformed(string file, string what) => Error(
        3601, $"the file is no .npy file that can be read: {what}. Save it again with numpy.save.", file);

    internal static QuantizeException NpyType(string file, string found) => Error(
        3602,
        $"the array's elements are of type '{found}'; floats of 2, 4 or 8 bytes, integers and bool are read. Convert it: array.astype('float32').",
        file);

    internal static QuantizeException NpySize(string file, string shape, long bytes) => Error(
        3603, $"the array's header says {shape}, but {bytes:N0} bytes of elements follow, which is another number. Save it again.", file);

    internal static QuantizeException NpyIntegerTooLarge(string file, string value, int index) => Error(
        3604, $"element {index} is {value}, which 32 bits can't hold; the MNN runtime has no greater integers.", file);

    internal static QuantizeException RawSize(string file, string shape, long expected, long found) => Error(
        3605, $"the file has {found:N0} bytes, but the shape {shape} needs {expected:N0}. Give the shape that it was written with.", file);
}
