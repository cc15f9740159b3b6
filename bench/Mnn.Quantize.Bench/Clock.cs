using System.Diagnostics;

namespace Mnn.Quantize.Bench;

/// <summary>Times a piece of work on the calling thread.</summary>
internal static class Clock
{
    private const int Samples = 9;
    private const double SampleSeconds = 0.012;

    /// <summary>Seconds of one call: the median of several samples, each long enough for the clock, after warming up.</summary>
    public static double Seconds(Action work)
    {
        int calls = 1;
        double elapsed = Measure(work, calls);
        while (elapsed < SampleSeconds)
        {
            calls = Math.Max(calls + 1, (int)(calls * Math.Min(10, 1.2 * SampleSeconds / Math.Max(elapsed, 1e-7))));
            elapsed = Measure(work, calls);
        }

        double[] samples = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            samples[i] = Measure(work, calls) / calls;
        }

        Array.Sort(samples);
        return samples[Samples / 2];
    }

    private static double Measure(Action work, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            work();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
