using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

/// <summary>The graph and the loop of training.</summary>
internal static partial class Errors
{
    internal static QuantizeException TrainingNotFinite(string file, string tensor) => Error(
        6001,
        $"'{tensor}' has values that are not finite (NaN or infinity) in training. Lower the learning rate, and check \"mean\" and \"normal\".",
        file);

    /// <summary>Whether the values of a training stopped being finite, for whatever reason.</summary>
    internal static bool IsNotFinite(QuantizeException error) => error.Diagnostic.Code is 6001 or 6050 or 6051;

    internal static QuantizeException GradientCannotRun(
        string file, string op, string type, string found, Exception? inner = null) => Error(
        6002, $"the derivative of '{op}' ({type}) can't be computed: it met {found}.", file, inner: inner);

    internal static QuantizeException NoGradient(string file, string op, string type) => Error(
        6003,
        $"'{op}' ({type}) has no derivative, and trained operators lie before it. Freeze those, or take '{op}' out of the model.",
        file);

    internal static QuantizeException NothingToTrain(string file) => Error(
        6004, "no operator of the model can be trained: it has no weights, or all that have some are frozen.", file);

    internal static QuantizeException FrozenOpUnknown(string file, string pattern) => Error(
        6005, $"no operator with weights is named '{pattern}', which should be frozen. List the names with 'mnn-quantize info'.",
        file);

    internal static QuantizeException BatchSizesDiffer(string file, string input, int found, int expected) => Error(
        6006, $"the input '{input}' has {found} samples, but the first input has {expected}.", file);

    internal static QuantizeException TrainingDiverged(string model, long step, int epoch, float rate) => Error(
        6050,
        string.Create(CultureInfo.InvariantCulture, $"the loss is no number any more after step {step} of epoch {epoch}, with a learning rate of {rate:G4}. Lower \"learning_rate\", or add \"warmup_steps\"."),
        model);

    internal static QuantizeException EvaluationNotFinite(string model, int epoch) => Error(
        6051, $"the loss on the examples for evaluation is no number after epoch {epoch}. Lower \"learning_rate\", and look at the data.", model);

    internal static QuantizeException CheckpointDamaged(string file, string what) => Error(
        6052, $"the checkpoint can't be used: {what}. Remove it, or train without --resume.", file);

    internal static QuantizeException CheckpointOfOther(string file, string what) => Error(
        6053, $"the checkpoint is of another training: {what} not as it was. Undo the change, or train without --resume.", file);

    internal static QuantizeException LabelsMissing(string config, string data) => Error(
        6054, $"\"distill\" is less than 1, but {data} has no labels. Name them in \"labels\", or leave \"distill\" out.", config);

    internal static QuantizeException ClassesMissing(string model, string output, string shape) => Error(
        6055, $"the first output '{output}' has the shape {shape}: labels need one score a class, [N, classes]. Leave \"labels\" out to learn from the float model.", model);

    internal static QuantizeException ValidationWithoutLabels(string config, string data) => Error(
        6057, $"the training has labels, but {data} has none. Name them in \"validation_labels\".", config);

    internal static QuantizeException TrainedModelLocked(string model) => Error(
        6058, "a model in mode \"train\" has no lock file. Leave MnnQuantizeLock and MnnQuantizeLocked off, or train it with 'mnn-quantize train' and deploy the result with Quantize=\"false\".", model);
}
