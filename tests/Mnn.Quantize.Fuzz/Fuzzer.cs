using System.Diagnostics;
using System.Security.Cryptography;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Fuzz;

/// <summary>Feeds one target with changed inputs, keeps those that reach new code and writes down those that break a promise.</summary>
internal sealed class Fuzzer(FuzzTarget target, int seed, string findingsFolder)
{
    /// <summary>Beyond it an input takes too long: the biggest seeds take a few milliseconds.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    /// <summary>Beyond it nobody waits for its end, and the run ends.</summary>
    private static readonly TimeSpan HangTime = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly Coverage _coverage = new();
    private readonly List<byte[]> _corpus = [.. target.Seeds()];
    private readonly HashSet<string> _known = [];
    private byte[] _running = [];
    private (long Executions, TimeSpan Start) _watched;

    public long Executions { get; private set; }

    public int Findings { get; private set; }

    /// <summary>Runs until the time or the number of executions is over.</summary>
    public void Run(TimeSpan time, long executions)
    {
        long start = Stopwatch.GetTimestamp();
        using var watch = new Timer(_ => LookForHang(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        foreach (byte[] input in _corpus.ToArray())
        {
            Execute(input);
            _coverage.IsNew();
        }

        int seeds = _corpus.Count;
        while (Executions < executions && Stopwatch.GetElapsedTime(start) < time)
        {
            byte[] input = Next();
            Execute(input);
            if (_coverage.IsNew())
            {
                _corpus.Add(input);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(
            $"{target.Name}: {Executions:N0} executions in {seconds:F0} s, {_coverage.Branches:N0} branches, "
            + $"corpus {seeds} + {_corpus.Count - seeds}, {Findings} findings");
    }

    // In its own thread, by the processor's time.
    private void LookForHang()
    {
        if (_watched.Executions != Executions)
        {
            _watched = (Executions, Environment.CpuUsage.TotalTime);
        }
        else if (Environment.CpuUsage.TotalTime - _watched.Start > HangTime)
        {
            Report(_running, "Hang", "it does not end");
            Environment.Exit(1);
        }
    }

    private byte[] Next()
    {
        // Inputs that were added last have the code behind them that is least tried.
        int range = _corpus.Count;
        int from = _random.Next(2) == 0 ? range / 2 : 0;
        byte[] input = _corpus[_random.Next(from, range)];
        byte[] changed = target.Mutations.Count > 0 && _random.Next(2) == 0
            ? target.Mutations[_random.Next(target.Mutations.Count)](input, _random)
            : ByteMutator.Mutate(input, _corpus, target.Words, _random);
        return target.Mend is { } mend && _random.Next(2) == 0 ? mend(changed) : changed;
    }

    private void Execute(byte[] input, bool again = false)
    {
        Executions++;
        _running = input;
        Coverage.Start();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (QuantizeException)
        {
        }
        catch (Exception e)
        {
            Report(input, e.GetType().Name + Where(e), e.ToString());
        }

        // Not the clock's time, which is long on a busy machine. The processor's has what compiling and collecting take, once.
        TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
        if (elapsed > MostTime && !again)
        {
            Execute(input, again: true);
        }
        else if (elapsed > MostTime)
        {
            Report(input, "Slow", $"{elapsed.TotalSeconds:F1} s");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.MostBytes)
        {
            Report(input, "Memory", $"{allocated:N0} bytes allocated");
        }
    }

    private static string Where(Exception e)
    {
        StackFrame? frame = new StackTrace(e, false).GetFrames()
            .FirstOrDefault(f => f.GetMethod()?.DeclaringType?.Namespace?.StartsWith("Mnn.", StringComparison.Ordinal) == true);
        return frame?.GetMethod() is { } method ? $"-{method.DeclaringType?.Name}.{method.Name}" : "";
    }

    private void Report(byte[] input, string kind, string text)
    {
        if (!_known.Add(kind))
        {
            return;
        }

        Findings++;
        Directory.CreateDirectory(findingsFolder);
        string hash = Convert.ToHexStringLower(SHA256.HashData(input))[..12];
        string name = string.Concat($"{target.Name}-{kind}-{hash}".Select(c => char.IsLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        string file = Path.Combine(findingsFolder, name + ".bin");
        File.WriteAllBytes(file, input);
        Console.WriteLine($"FINDING {file}: {text}");
    }
}
