using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Tasks.Tests.Infrastructure;

/// <summary>Runs the real <c>dotnet</c>, free of what the surrounding test run has set.</summary>
internal static class DotNet
{
    // On a machine that is busy with other builds, these take a multiple of their seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // What a program has written has long been read when it ends; what still holds its output is a process it has left behind.
    private static readonly TimeSpan PatienceAfterwards = TimeSpan.FromSeconds(30);

    internal static Task<(int ExitCode, string Output)> Run(string folder, params string[] args) =>
        RunProgram("dotnet", folder, args);

    /// <summary>Runs any program, in the same surroundings.</summary>
    internal static async Task<(int ExitCode, string Output)> RunProgram(string program, string folder, params string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOfOuterRun).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = TestEnvironment.Packages;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        // Where .NET is in no place that is known to all, as in a user's home, apps have to be told.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', args)} did not end.");
        }

        await Task.WhenAll(output, error).WaitAsync(PatienceAfterwards, CancellationToken.None);
        return (process.ExitCode, await output + await error);
    }

    private static bool IsOfOuterRun(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) ||
        name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase) ||
        name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase) ||
        name is "DOTNET_HOST_PATH" or "CI" or "Configuration" or "Platform";
}
