using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic FilesSkipped(string folder, int count, string kind, string examples) => Warning(
        3551, $"{count} {(count == 1 ? "file is" : "files are")} no {kind} and not used: {examples}{(examples.EndsWith('.') ? "" : ".")}", folder);

    internal static Diagnostic FewerFilesThanAsked(string config, int asked, int found) => Warning(
        3552, $"\"used_image_num\" is {asked}, but there are only {found} samples; all of them are used.", config);

    internal static Diagnostic CorruptLeftOut(string file, int line, string code, string reason) => Warning(
        3560, $"not used, since it is corrupt ({code}): {reason}", file, line);

    internal static Diagnostic InputsTooLarge(string config, float greatest, string input, float gain) => Warning(
        3561,
        string.Create(CultureInfo.InvariantCulture, $"values up to {greatest:G4} go into '{input}', whose first convolution multiplies by about {gain:G3}: too much for values that the model was trained with. Check \"mean\" and \"normal\": (grey - mean) * normal; for inputs from -1 to 1 they are 127.5 and 0.00784314."),
        config);

    internal static Diagnostic InputsTooSmall(string config, float greatest, string input) => Warning(
        3562,
        string.Create(CultureInfo.InvariantCulture, $"no value that goes into '{input}' is greater than {greatest:G3}; the model hardly reacts to it. Check \"normal\", which multiplies: 0.00784314 for inputs from -1 to 1, 1 for grey levels as they are."),
        config);

    internal static Diagnostic InputsConstant(string config, string input) => Warning(
        3563, $"every sample fills '{input}' with one and the same number. Check \"normal\", and look at the data.", config);

    internal static Diagnostic GrayPictures(string config, int gray, int all, string example) => Warning(
        3564,
        $"{gray} of {all} pictures are gray, such as {example}, but the model takes colours, which remain uncalibrated. Use pictures like those of the app.",
        config);

    internal static Diagnostic Duplicates(string config, int count, string example, string of) => Warning(
        3565,
        $"{count} {(count == 1 ? "sample is" : "samples are")} the same as another one: {example} as {of}. They count twice and add nothing; remove them.",
        config);

    internal static Diagnostic NearDuplicates(string config, int count, string example, string of) => Warning(
        3566,
        $"{count} {(count == 1 ? "picture looks" : "pictures look")} almost like another one: {example} like {of}. Use pictures that differ, such as single frames of different scenes.",
        config);

    internal static Diagnostic FewSamples(string config, int count) => Warning(
        3567,
        $"only {count} {(count == 1 ? "sample is" : "samples are")} used: ranges of activations may be far off. Use 100 or more, like those of the app.",
        config);
}
