namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic FilesSkipped(string folder, int count, string examples) => Warning(
        3551, $"{count} {(count == 1 ? "file is" : "files are")} no pictures and not used: {examples}.", folder);

    internal static Diagnostic FewerFilesThanAsked(string config, int asked, int found) => Warning(
        3552, $"\"used_image_num\" is {asked}, but there are only {found} pictures; all of them are used.", config);
}
