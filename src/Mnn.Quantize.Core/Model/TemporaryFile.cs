using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mnn.Quantize.Model;

/// <summary>
/// Names of files that are being written, and the removal of those whose process was killed. A name ends with
/// <c>.MACHINE-PROCESS-RUN-NUMBER.mnnq.tmp</c>, all in hexadecimal: a hash of where process ids have their meaning, the
/// process id, a number drawn by the process, so that a later one with the same id is told from it, and a count.
/// </summary>
internal static partial class TemporaryFile
{
    /// <summary>End of every temporary name.</summary>
    internal const string Extension = ".tmp";

    private const string Ending = ".mnnq" + Extension;

    // What a process id means changes with the machine and, in containers, with the name space of ids.
    private static readonly string s_machine = Hash(Environment.MachineName + NameSpaceOfIds());
    private static readonly string s_run = Random.Shared.Next().ToString("x8", CultureInfo.InvariantCulture);

    // Clocks of files and of processes are read in different ways.
    private static readonly TimeSpan s_clocksDiffer = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, bool> s_swept = new();
    private static int s_count;

    /// <summary>A name that no other process or thread takes, beside <paramref name="path"/>.</summary>
    internal static string NameBeside(string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"{path}.{s_machine}-{Environment.ProcessId:x}-{s_run}-{Interlocked.Increment(ref s_count):x}{Ending}");

    /// <summary>
    /// Removes the files in a folder that killed processes of this machine left; once for each folder, since later ones
    /// are few and wait for the next run. What can't be removed stays.
    /// </summary>
    /// <param name="folder">Full path, which need not exist.</param>
    internal static void SweepOnce(string folder)
    {
        if (!s_swept.TryAdd(folder, true))
        {
            return;
        }

        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*" + Ending))
            {
                RemoveIfLeftOver(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such folder, or it may not be listed.
        }
    }

    /// <summary>
    /// Removes a file with a temporary name of this machine whose process is gone. Processes are asked first, since a file
    /// is open neither right after it was made nor right before it is renamed; then nobody may have it open.
    /// </summary>
    /// <param name="path">Any file.</param>
    /// <returns>Whether it was removed.</returns>
    internal static bool RemoveIfLeftOver(string path)
    {
        if (Name().Match(path) is not { Success: true } name || name.Groups[1].Value != s_machine)
        {
            return false;
        }

        try
        {
            // A link may lead anywhere.
            var file = new FileInfo(path);
            int process = int.Parse(name.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (file.LinkTarget is not null || IsAtWork(process, name.Groups[3].Value, file.LastWriteTimeUtc))
            {
                return false;
            }

            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, it is another user's, or another process was faster.
            return false;
        }
    }

    // A process that began after the file was written has been given the id of one that is gone.
    private static bool IsAtWork(int id, string run, DateTime written)
    {
        if (id == Environment.ProcessId)
        {
            return run == s_run;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() < written + s_clocksDiffer;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is one, but it tells nothing about itself.
            return true;
        }
    }

    private static string NameSpaceOfIds()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ResolveLinkTarget("/proc/self/ns/pid", false)?.Name ?? "" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): the same in every process, and loads no library.
    private static string Hash(string text)
    {
        uint hash = 2166136261;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ value) * 16777619;
        }

        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\.([0-9a-f]{8})-([0-9a-f]{1,7})-([0-9a-f]{8})-[0-9a-f]+\.mnnq\.tmp\z")]
    private static partial Regex Name();
}
