namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException UnsupportedOperator(string file, string? name, string type) => Error(
        4001,
        $"operator '{name}' is of type {type}, which is not supported. Convert the model without it, or ask for it in an issue.",
        file);

    internal static QuantizeException MissingParameters(string file, string? name, string type) => Error(
        4002, $"operator '{name}' of type {type} lacks its parameters. The model is damaged: convert it again.", file);

    internal static QuantizeException InvalidOperator(string file, string? name, string type, string what) => Error(
        4003, $"operator '{name}' of type {type}: {what}.", file);

    internal static QuantizeException OperatorCannotRun(
        string file, string? name, string type, string what, Exception inner) => Error(
        4004,
        $"operator '{name}' of type {type} was given {what}. Check the shapes of the inputs (width, height, shape).",
        file,
        inner: inner);

    internal static QuantizeException UnsupportedDataType(string file, string? name, string type) => Error(
        4005, $"operator '{name}' has data of type {type}, which is not supported.", file);

    internal static QuantizeException TensorIdOutOfRange(string file, string? name, int id) => Error(
        4006, $"'{name}' refers to tensor {id}, which can't exist. The model is damaged: convert it again.", file);

    internal static QuantizeException UnknownOutput(string file, string name) => Error(
        4007, $"the model declares the output '{name}', but no tensor has that name. Convert the model again.", file);

    internal static QuantizeException ConstantTooShort(string file, string? name, int expected, int found) => Error(
        4008,
        $"constant '{name}' has {found} bytes where its shape needs {expected}. The model is damaged: convert it again.",
        file);

    internal static QuantizeException OutputNotComputed(string file, string name) => Error(
        4009, $"no operator computes the output '{name}'. Convert the model again.", file);

    internal static QuantizeException TensorMadeTwice(string file, string? name, string tensor) => Error(
        4010, $"'{name}' makes '{tensor}', which another operator makes too. The model is damaged: convert it again.", file);

    internal static QuantizeException InputCannotBeMade(string file, string input, string what, Exception inner) => Error(
        4011, $"the input '{input}' would be {what}. Make it smaller (width, height, shape).", file, inner: inner);

    internal static QuantizeException SubgraphMissing(string file, string name, string? subgraph) => Error(
        4020,
        $"operator '{name}' calls the graph '{subgraph}', which the model doesn't have. The model is damaged: convert it again.",
        file);

    internal static QuantizeException SubgraphsTooDeep(string file, string name, int limit) => Error(
        4021, $"operator '{name}' calls graphs that call each other more than {limit} deep. Convert the model without it.", file);

    internal static QuantizeException SubgraphSignature(string file, string name, string subgraph, string what) => Error(
        4022, $"operator '{name}' and the graph '{subgraph}' that it calls don't match: {what}. Convert the model again.", file);

    internal static QuantizeException OutputTooLarge(string file, string output, string reason) => Error(
        4040, $"The output '{output}' can't be read: it needs {reason}. Give the inputs smaller shapes.", file);
}
