using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli;

/// <summary>Arguments that only make sense with the model at hand.</summary>
internal static partial class CommandErrors
{
    internal static QuantizeException InputUnknown(string model, string argument, IEnumerable<string> names) => Error(
        1201, $"'{argument}' names no input of the model; its inputs are {Quoted(names)}. Write NAME=FILE.", model);

    internal static QuantizeException InputMissing(string model, string name) => Error(
        1202, $"the input '{name}' has no data. Add --input {name}=FILE.", model);

    internal static QuantizeException InputOfOtherType(string file, string name, string expected, string found) => Error(
        1203, $"the input '{name}' takes {expected} elements, but the file holds {found}. Convert the file.", file);

    internal static QuantizeException InputReshaped(string file, string given, string own) => Error(
        1204, $"the array has the shape {own}, which {given} has another number of elements than. Correct the shape.", file);

    internal static QuantizeException InputShapeOpen(string file, string name, string declared) => Error(
        1205, $"the shape of the input '{name}' is not known: the model declares {declared}. Add it to the file: FILE:1x3x224x224.", file);

    internal static QuantizeException PictureWithoutConfig(string file) => Error(
        1206, "a picture needs --config: a quant.json that says how pictures become the model's input.", file);

    internal static QuantizeException InputTwice(string model, string name) => Error(
        1207, $"the input '{name}' is given twice. Remove one.", model);

    internal static QuantizeException InputUnreadable(string file, Exception inner) => Error(
        1208, $"the input can't be read: {inner.Message}", file, inner: inner);

    internal static QuantizeException ConfigExists(string file) => Error(
        1250, "the file exists. Name another one with --output, or write over it with --force.", file);

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
