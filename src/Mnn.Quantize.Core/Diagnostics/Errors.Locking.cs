namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    private const string HowToLock = "build once with MnnQuantizeLock=true, or run `mnn-quantize quantize` with --lock";

    internal static QuantizeException LockNotGiven() => Error(
        1150, "a locked run needs a lock file. Name it.");

    internal static QuantizeException LockUnreadable(string file, string reason, Exception? inner) => Error(
        1151, $"the lock file can't be read: {reason}. To write it, {HowToLock}, and check it in.", file, inner: inner);

    internal static QuantizeException LockMalformed(string file, int line, string reason) => Error(
        1152, $"the lock file is damaged: {reason}. To write it again, {HowToLock}.", file, line, 1);

    internal static QuantizeException LockedModelDiffers(string file, string model) => Error(
        1153, $"the float model '{model}' is not the one that was locked. If it should be another, {HowToLock}, and check in what changed.", file);

    internal static QuantizeException LockedSettingsDiffer(string file, string found, string locked) => Error(
        1154, $"the settings are not those that were locked: {found} where {locked} was. If they should be others, {HowToLock}, and check in what changed.", file);

    internal static QuantizeException LockedSamplesDiffer(string file, string folder, int found, int locked) => Error(
        1155,
        found == locked
            ? $"the calibration data in '{folder}' are not those that were locked: their contents or names differ. If they should be others, {HowToLock}, and check in what changed."
            : $"the calibration data in '{folder}' are not those that were locked: {found} samples where {locked} were. If they should be others, {HowToLock}, and check in what changed.",
        file);

    internal static QuantizeException LockedResultDiffers(string file, string locked, string version) => Error(
        1156,
        locked == version
            ? $"what the lock file says makes another int8 model than it was written for: it was changed by hand, or by another build of Mnn.Quantize {version}. To write it again, {HowToLock}."
            : $"Mnn.Quantize {version} makes another int8 model of the lock file than {locked}, which wrote it. Use that version, or {HowToLock}, and check in what changed.",
        file);
}
