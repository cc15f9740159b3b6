using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

/// <summary>The loop of training.</summary>
internal static partial class Errors
{
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

    internal static QuantizeException NothingTrainable(string model) => Error(
        6056, "nothing of the model can be trained: it has no weights, or all of them are \"frozen\" or in \"skip_quant_op_names\".", model);

    internal static QuantizeException ValidationWithoutLabels(string config, string data) => Error(
        6057, $"the training has labels, but {data} has none. Name them in \"validation_labels\".", config);
}
