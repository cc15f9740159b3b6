using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mnn.Quantize.Tasks;

/// <summary>The command as a native executable, where the package has one that runs on this machine.</summary>
internal static class NativeCommand
{
    private const int MostMilliseconds = 5000;

    /// <summary>
    /// Full path of the executable; null if there is none for this platform, or if it doesn't start: on an older C library or
    /// processor, where files of the folder may not be executed, or where what unpacked the package dropped the right to.
    /// </summary>
    /// <param name="folder">The folder of the executables by platform, such as <c>linux-x64/mnn-quantize</c>.</param>
    internal static string? Find(string folder)
    {
        bool isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        string system = isWindows ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";
        string processor = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        string path = Path.Combine(folder, $"{system}-{processor}", "mnn-quantize" + (isWindows ? ".exe" : ""));
        return File.Exists(path) && Starts(path) ? path : null;
    }

    private static bool Starts(string path)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, "--version")
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process!.WaitForExit(MostMilliseconds))
            {
                return process.ExitCode == 0;
            }

            process.Kill();
            return false;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
