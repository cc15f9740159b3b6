namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException SampleLabelsUnreadable(string file, string reason, Exception? inner) => Error(
        3640, $"the labels can't be read: {reason}. Name a file of lines 'NAME LABEL' in \"labels\".", file, inner: inner);

    internal static QuantizeException SampleLabelMalformed(string file, int line, string found) => Error(
        3641, $"a line must be a name and a class from 0, such as 'cat/1.png 3'; found '{found}'.", file, line, 1);

    internal static QuantizeException NothingLabelled(string file, string name, string sample) => Error(
        3642, $"none of the samples has a label: the names are like '{name}', those of the samples like '{sample}'. Write names relative to the folder of the samples.", file);

    internal static QuantizeException NoClassFolders(string file, string folder) => Error(
        3643, $"\"labels\" is \"folders\", but no sample in '{folder}' lies in a folder of its own class. Set \"path\" to a glob such as data/**/*.png.", file);

    internal static QuantizeException LabelOutOfRange(string file, int label, string output, int classes) => Error(
        3644, $"there is a label {label}, but the output '{output}' has {classes} scores, which are classes 0 to {classes - 1}. Correct the labels.", file);

    internal static QuantizeException DropWithoutLabels(string file) => Error(
        1157, "\"max_accuracy_drop\" needs \"labels\". Name a file of lines 'NAME LABEL'.", file);
}
