using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Mnn.Quantize.Bench.Cases;

namespace Mnn.Quantize.Bench.Benchmarks;

/// <summary>How much a kernel does in its median time.</summary>
/// <param name="name">The unit.</param>
/// <param name="legend">What is counted.</param>
/// <param name="amount">What a call does, in the unit's part before "/s" times 1e9, or 0 to leave it out.</param>
/// <param name="format">How to write it.</param>
internal sealed class RateColumn(string name, string legend, Func<KernelCase, double> amount, string format) : IColumn
{
    /// <inheritdoc/>
    public string Id => nameof(RateColumn) + name;

    /// <inheritdoc/>
    public string ColumnName => name;

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => legend;

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        double done = amount(Case(benchmarkCase));
        double? nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Median;
        return done > 0 && nanoseconds > 0
            ? (done / nanoseconds.Value).ToString(format, CultureInfo.InvariantCulture)
            : "-";
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(c => amount(Case(c)) > 0);

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    private static KernelCase Case(BenchmarkCase benchmark) => (KernelCase)benchmark.Parameters[nameof(KernelBenchmarks.Case)];
}
