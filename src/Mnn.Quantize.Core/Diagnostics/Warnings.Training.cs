using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic StoppedByTime(string config, string budget, double epochs, int of) => Warning(
        6070,
        string.Create(CultureInfo.InvariantCulture, $"the budget of {budget} was over after {epochs:0.##} of {of} epochs. Another machine gets further or less far: set a budget of images or epochs for a result that can be repeated."),
        config);

    internal static Diagnostic WorseThanFloat(string model, double accuracy, double before) => Warning(
        6071,
        string.Create(CultureInfo.InvariantCulture, $"after training {100 * accuracy:0.00}% of the examples for evaluation are right, {100 * before:0.00}% in float. Train for more epochs, change \"learning_rate\", or use more bits."),
        model);

    internal static Diagnostic OneScaleATensor(string config) => Warning(
        6073,
        "\"feature_scale_stat\": \"PerChannel\" does what \"PerTensor\" does: an int8 file has one scale for all channels of a tensor, and the reference trains with one, too. Leave it out.",
        config);

    internal static Diagnostic CheckpointNotUsed(string file, string what) => Warning(
        6072, $"the checkpoint is not gone on with, since it is of another training: {what} not as it was.", file);
}
