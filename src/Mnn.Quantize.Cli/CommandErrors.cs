using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli;

/// <summary>The errors and warnings of the command itself, one named method a code: 12xx, 72xx, 81xx and 8999.</summary>
internal static partial class CommandErrors
{
    internal static QuantizeException ManifestUnreadable(string file, Exception inner) =>
        Error(8101, $"The manifest cannot be read: {inner.Message} It is written by the build; rebuild the project.", file, inner: inner);

    internal static QuantizeException ManifestMalformed(string file, int line, string found, string expected) =>
        Error(8102, $"The manifest has '{found}' where {expected} is expected. It is written by the build; rebuild the project.", file, line, 1);

    internal static QuantizeException InputNotRead(string file, Exception inner) =>
        Error(8104, $"The file cannot be read: {inner.Message}", file, inner: inner);

    internal static Diagnostic StoreUnusable(string folder, Exception cause) =>
        Warning(8105, $"The cache of int8 models cannot be used: {cause.Message.TrimEnd('.')}. The build goes on without it; set MnnQuantizeCacheDir to a folder that can be written.", folder);

    internal static QuantizeException InputsChanged(string model, string what) =>
        Error(8110, $"What the model is made of changed while it was quantized: {what}. Build again when whoever writes it is done.", model);

    internal static QuantizeException TimeIsUp(double seconds) =>
        Error(8043, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The command has not finished within {seconds:0.###} seconds, and wrote nothing more. Raise --timeout or MnnQuantizeTimeout, or take fewer samples with \"used_image_num\"."));

    internal static QuantizeException MemoryIsUsedUp(double mebibytes, Exception inner) =>
        Error(8107, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The command needs more than {mebibytes:0.###} MiB of memory. Raise --max-memory or MnnQuantizeMaxMemory, or use fewer threads with --max-parallelism or MnnQuantizeMaxParallelism."), inner: inner);

    internal static QuantizeException Internal(Exception inner) =>
        Error(8999, $"Unexpected {inner.GetType().Name}: {inner.Message} This is a defect of mnn-quantize: please report it, with the output of a run with {Guard.DebugVariable}=1.", inner: inner);

    private static QuantizeException Error(
        int code, string message, string? file = null, int line = 0, int column = 0, Exception? inner = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, code, message, file, line, column), inner);

    private static Diagnostic Warning(int code, string message, string? file = null) =>
        new(DiagnosticSeverity.Warning, code, message, file);
}
