using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>The errors that the build itself finds, one named method a code: MNNQ8001 to 8099.</summary>
internal static class BuildErrors
{
    internal static void ModelMissing(TaskLoggingHelper log, string origin, string model) =>
        Error(log, 8001, origin, $"The model '{model}' of item MnnModel does not exist. Correct the item's Include.");

    internal static void ConfigNotGiven(TaskLoggingHelper log, string origin, string model) =>
        Error(log, 8002, origin, $"Nothing says with which pictures MnnModel '{model}' is calibrated. Name its quant.json, as in Config=\"quant.json\" (`mnn-quantize init` writes a first one), list pictures as MnnCalibrationImage items, or set Quantize=\"false\" to deploy the float model.");

    internal static void ConfigMissing(TaskLoggingHelper log, string origin, string model, string config) =>
        Error(log, 8003, origin, $"The config '{config}' of MnnModel '{model}' does not exist. Correct the item's Config, which is relative to the project's folder.");

    internal static void SameDestination(TaskLoggingHelper log, string origin, string first, string second, string target) =>
        Error(log, 8004, origin, $"MnnModel '{first}' and '{second}' would both become '{target}'. Give one of them another Link or OutputName.");

    internal static void UnknownDeploy(TaskLoggingHelper log, string origin, string model, string deploy) =>
        Error(log, 8005, origin, $"MnnModel '{model}' has Deploy=\"{deploy}\"; it must be Copy, Embed, None or an item type that the project knows. Correct it, or make the type known with an item AvailableItemName.");

    internal static void NeitherTrueNorFalse(TaskLoggingHelper log, string origin, string model, string metadata, string value) =>
        Error(log, 8006, origin, $"MnnModel '{model}' has {metadata}=\"{value}\"; it must be true or false.");

    internal static void HostMissing(TaskLoggingHelper log, string tried) =>
        Error(log, 8007, null, $"The program 'dotnet', which runs the quantizer, was not found (tried: {tried}). Install the .NET 10 SDK or set the property MnnDotNetHost to the program's path.");

    internal static void CommandFailed(TaskLoggingHelper log, int exitCode, string lastWords) =>
        Error(log, 8008, null, $"The quantizer ended with exit code {exitCode} and without saying why; its last line was '{lastWords}'. It needs the .NET runtime 10.0 or later.");

    internal static void ManifestNotWritten(TaskLoggingHelper log, string file, string cause) =>
        Error(log, 8009, file, $"The list of models cannot be written: {cause} Check the rights of the intermediate folder.");

    internal static void OutsideFolder(TaskLoggingHelper log, string origin, string model, string target) =>
        Error(log, 8010, origin, $"MnnModel '{model}' would be deployed to '{target}', outside the output folder. Give it a Link without '..'.");

    internal static void UnknownModelOfImage(TaskLoggingHelper log, string origin, string image, string model) =>
        Error(log, 8011, origin, $"MnnCalibrationImage '{image}' is bound to Model=\"{model}\", but no MnnModel is named so. Name a model's file or path, or leave Model out.");

    internal static void BadThreshold(TaskLoggingHelper log, string origin, string model, string metadata, string value, double least) =>
        Error(log, 8012, origin, $"MnnModel '{model}' has {metadata}=\"{value}\"; it must be a number from {least} to 1, such as 0.99.");

    internal static void BadProperty(TaskLoggingHelper log, string origin, string property, string value, string expected) =>
        Error(log, 8013, origin, $"The property {property} is '{value}'; it must be {expected}.");

    internal static void BadAccessorName(TaskLoggingHelper log, string origin, string model, string name) =>
        Error(log, 8014, origin, $"MnnModel '{model}' can't have a class named '{name}'. Set its AccessorName to a name that begins with a capital letter and has letters, digits and underscores only.");

    internal static void SameAccessorName(TaskLoggingHelper log, string origin, string first, string second, string name) =>
        Error(log, 8015, origin, $"MnnModel '{first}' and '{second}' would both have the class '{name}'. Set the AccessorName of one of them.");

    internal static void NotUpToDate(TaskLoggingHelper log, string origin, string reason) =>
        Error(log, 8016, origin, $"The models are not up to date: {reason}. Build without -question.");

    internal static void AccessorOnlyInCSharp(TaskLoggingHelper log, string origin, string model) =>
        Warning(log, 8017, origin, $"MnnModel '{model}' has GenerateAccessor=\"true\", which has an effect in C# projects only. Remove it.");

    internal static void SameLockFile(TaskLoggingHelper log, string origin, string first, string second, string file) =>
        Error(log, 8018, origin, $"MnnModel '{first}' and '{second}' would both have the lock file '{file}'. Set the LockFile of one of them.");

    private static void Warning(TaskLoggingHelper log, int code, string file, string message) =>
        log.LogWarning(null, $"MNNQ{code}", $"MNNQ{code}", ErrorPage.LinkFor($"MNNQ{code}"), file, 0, 0, 0, 0, "{0}", message);

    private static void Error(TaskLoggingHelper log, int code, string? file, string message) =>
        log.LogError(null, $"MNNQ{code}", $"MNNQ{code}", ErrorPage.LinkFor($"MNNQ{code}"), file, 0, 0, 0, 0, "{0}", message);
}
