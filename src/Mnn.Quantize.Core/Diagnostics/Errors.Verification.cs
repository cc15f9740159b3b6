using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException ComparedInputsDiffer(string file, IEnumerable<string> found, IEnumerable<string> expected) => Error(
        7001,
        $"the model's inputs are {List(found)}, but those of the float model are {List(expected)}. Compare a model with the int8 model made of it.",
        file);

    internal static QuantizeException ComparedOutputsDiffer(string file, IEnumerable<string> found, IEnumerable<string> expected) => Error(
        7002,
        $"the model's outputs are {List(found)}, but those of the float model are {List(expected)}. Compare a model with the int8 model made of it.",
        file);

    internal static QuantizeException ShapeOfUnknownInput(string file, string name, IEnumerable<string> known) => Error(
        7003, $"a shape is given for '{name}', which is no input of the model; its inputs are {List(known)}.", file);

    internal static QuantizeException CosineBelowThreshold(string file, string output, double found, double wanted) => Error(
        7010,
        Invariant($"the cosine of the output '{output}' to the float model's is {found:0.000000}, below {wanted}. ")
        + "Keep the operators with the lowest cosine in float (skip_quant_op_names), or try another method.",
        file);

    internal static QuantizeException AgreementBelowThreshold(string file, double found, double wanted) => Error(
        7011,
        Invariant($"int8 and float model agree on the first class of {found:0.0000} of the pictures, below {wanted}. ")
        + "Keep the operators with the lowest cosine in float (skip_quant_op_names), or try another method.",
        file);

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
