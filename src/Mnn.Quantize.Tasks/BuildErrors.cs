using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>The errors that the build itself finds, one named method a code: MNNQ8001 to 8099.</summary>
internal static class BuildErrors
{
    internal static void ModelMissing(TaskLoggingHelper log, string origin, string model) =>
        Error(log, 8001, origin, $"The model '{model}' of item MnnModel does not exist. Correct the item's Include.");

    internal static void ConfigNotGiven(TaskLoggingHelper log, string origin, string model) =>
        Error(log, 8002, origin, $"MnnModel '{model}' has no Config. Name its quant.json, as in Config=\"quant.json\", or set Quantize=\"false\" to deploy the float model.");

    internal static void ConfigMissing(TaskLoggingHelper log, string origin, string model, string config) =>
        Error(log, 8003, origin, $"The config '{config}' of MnnModel '{model}' does not exist. Correct the item's Config, which is relative to the project's folder.");

    internal static void SameDestination(TaskLoggingHelper log, string origin, string first, string second, string target) =>
        Error(log, 8004, origin, $"MnnModel '{first}' and '{second}' would both become '{target}'. Give one of them another Link or OutputName.");

    internal static void UnknownDeploy(TaskLoggingHelper log, string origin, string model, string deploy) =>
        Error(log, 8005, origin, $"MnnModel '{model}' has Deploy=\"{deploy}\"; it must be Copy, Embed or None.");

    internal static void UnknownQuantize(TaskLoggingHelper log, string origin, string model, string quantize) =>
        Error(log, 8006, origin, $"MnnModel '{model}' has Quantize=\"{quantize}\"; it must be true or false.");

    internal static void HostMissing(TaskLoggingHelper log, string tried) =>
        Error(log, 8007, null, $"The program 'dotnet', which runs the quantizer, was not found (tried: {tried}). Install the .NET 10 SDK or set the property MnnDotNetHost to the program's path.");

    internal static void CommandFailed(TaskLoggingHelper log, int exitCode, string lastWords) =>
        Error(log, 8008, null, $"The quantizer ended with exit code {exitCode} and without saying why; its last line was '{lastWords}'. It needs the .NET runtime 10.0 or later.");

    internal static void ManifestNotWritten(TaskLoggingHelper log, string file, string cause) =>
        Error(log, 8009, file, $"The list of models cannot be written: {cause} Check the rights of the intermediate folder.");

    internal static void OutsideFolder(TaskLoggingHelper log, string origin, string model, string target) =>
        Error(log, 8010, origin, $"MnnModel '{model}' would be deployed to '{target}', outside the output folder. Give it a Link without '..'.");

    private static void Error(TaskLoggingHelper log, int code, string? file, string message) =>
        log.LogError(null, $"MNNQ{code}", null, file, 0, 0, 0, 0, "{0}", message);
}
