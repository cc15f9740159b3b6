using System.Diagnostics;
using System.Globalization;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Bench;

/// <summary>The stages of quantizing a model again and again in one process: what start and compilation are no part of.</summary>
internal static class StageBench
{
    private const int ComparedPictures = 8;
    private const int WarmRuns = 3;

    private static readonly string[] _stages = ["loading", "calibrating", "making", "comparing", "writing"];

    /// <summary>Prints a line a stage and number of workers: medians of the clock, of processor time, of bytes allocated.</summary>
    /// <param name="arguments">The model, its config, how many runs (9), and numbers of workers (1 2), which take turns.</param>
    public static void Run(IReadOnlyList<string> arguments)
    {
        int runs = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 9;
        int[] workers = arguments.Count > 3 ? [.. arguments.Skip(3).Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [1, 2];
        var taken = workers.ToDictionary(w => w, _ => new List<Cost[]>());
        for (int run = -WarmRuns; run < runs; run++)
        {
            foreach (int count in workers)
            {
                Cost[] costs = Quantize(arguments[0], arguments[1], count);
                if (run >= 0)
                {
                    taken[count].Add(costs);
                }
            }
        }

        foreach (int count in workers)
        {
            Console.WriteLine($"{count} workers: {Median(taken[count].Select(c => c.Sum(s => s.Milliseconds))):F1} ms");
            for (int stage = 0; stage < _stages.Length; stage++)
            {
                Cost[] costs = [.. taken[count].Select(c => c[stage])];
                Console.WriteLine(
                    $"  {_stages[stage]}: {Median(costs.Select(c => c.Milliseconds)):F1} ms, {Median(costs.Select(c => c.Processor)):F1} ms " +
                    $"of processors, {Median(costs.Select(c => c.Allocated)) / 1048576:F1} MiB allocated");
            }
        }
    }

    private static Cost[] Quantize(string model, string config, int workers)
    {
        string target = Path.GetTempFileName();
        var costs = new List<Cost>();
        CandidateMaker? maker = null;
        Candidate? candidate = null;
        Action[] stages =
        [
            () => maker = CandidateMaker.Prepare(model, Settings(config), workers, [], default),
            () => maker!.Calibrate(!maker.FollowsBatches, ComparedPictures, null, null, default, oneMethod: true),
            () => candidate = maker!.Make(QuantizeRecipe.Of(maker.Config), [], null, default),
            () => CandidateScore.Of(maker!, candidate!, ComparedPictures, null, default),
            () => candidate!.Model.Save(target),
        ];
        foreach (Action stage in stages)
        {
            costs.Add(Cost.Of(stage));
        }

        File.Delete(target);
        return [.. costs];
    }

    private static QuantConfig Settings(string config) =>
        new QuantizeOptions { Source = "", Destination = "", Config = config }.ToConfigSource().Load(new List<Diagnostic>());

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private readonly record struct Cost(double Milliseconds, double Processor, double Allocated)
    {
        public static Cost Of(Action work)
        {
            using var process = Process.GetCurrentProcess();
            (TimeSpan processor, long allocated, long start) =
                (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            work();
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            process.Refresh();
            return new Cost(
                milliseconds, (process.TotalProcessorTime - processor).TotalMilliseconds, GC.GetTotalAllocatedBytes() - allocated);
        }
    }
}
