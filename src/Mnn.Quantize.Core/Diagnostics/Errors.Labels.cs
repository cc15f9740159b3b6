namespace Mnn.Quantize.Diagnostics;

internal static partial class Errors
{
    internal static QuantizeException NothingLabelled(string file, string name, string sample) => Error(
        3642, $"none of the samples has a label: the names are like '{name}', those of the samples like '{sample}'. Write names relative to the folder of the samples.", file);

    internal static QuantizeException NoClassFolders(string file, string folder) => Error(
        3643, $"\"labels\" is \"folders\", but no sample in '{folder}' lies in a folder of its own class. Set \"path\" to a glob such as data/**/*.png.", file);

    internal static QuantizeException DropWithoutLabels(string file) => Error(
        1157, "\"max_accuracy_drop\" needs \"labels\". Name a file of lines 'NAME LABEL'.", file);
}
