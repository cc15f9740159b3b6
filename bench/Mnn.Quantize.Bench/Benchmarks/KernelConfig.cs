using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace Mnn.Quantize.Bench.Benchmarks;

/// <summary>How BenchmarkDotNet measures kernels: in short, in this process, with what they do a second beside the time.</summary>
internal static class KernelConfig
{
    private const int WidestName = 60;

    /// <summary>The pictures of the tests.</summary>
    public static string TestPictures => Path.Combine(Root(), "tests", "assets", "pictures");

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="arguments">Those of BenchmarkDotNet, after --pictures FOLDER if there is one; all benchmarks run without --filter.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is ["--pictures", var folder, ..])
        {
            DecodingBenchmarks.Folder = Path.GetFullPath(folder);
            arguments = [.. arguments.Skip(2)];
        }

        bool hasFilter = arguments.Any(a => a is "--filter" or "-f");
        string[] asked = hasFilter ? [.. arguments] : [.. arguments, "--filter", "*"];

        // A process of its own for each benchmark would compile a project for each, and the kernels leave nothing behind.
        bool hasJob = asked.Any(a => a is "--job" or "-j");
        IConfig config = Create(hasJob, Peak.Print());
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(KernelConfig).Assembly).Run([.. asked, "--inProcess"], config)];
        return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
    }

    private static IConfig Create(bool hasJob, double peak)
    {
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddColumn(StatisticColumn.Median)
            .AddColumn(new RateColumn("GFLOP/s", "Multiplications and additions a second, 1e9 of them; of integers for int8", c => c.Operations, "F1"))
            .AddColumn(new RateColumn("Of peak", $"The same by {peak * 1e-9:F1} GFLOP/s, the core's fused multiply-adds", c => c.Operations * 1e9 / peak, "P0"))
            .AddColumn(new RateColumn("GB/s", "Bytes that must be read and written, a second, 1e9 of them", c => c.Bytes, "F1"))
            .AddColumn(new RateColumn("Mpixel/s", "Pixels a second, 1e6 of them", c => c.Pixels * 1e3, "F1"))
            .AddExporter(JsonExporter.Brief)
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(WidestName));
        return hasJob ? config : config.AddJob(Short);
    }

    // Two warm-ups and nine samples of 100 ms: a class takes less than a minute.
    private static Job Short => Job.Default
        .WithId("Short")
        .WithIterationTime(TimeInterval.FromMilliseconds(100))
        .WithWarmupCount(2)
        .WithIterationCount(9)
        .AsDefault();

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Mnn.Quantize.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Benchmarks run in the repository.");
    }
}
