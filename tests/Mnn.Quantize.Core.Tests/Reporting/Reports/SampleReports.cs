using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Imaging.Png;
using Mnn.Quantize.Verification;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Tests.Reporting.Reports;

/// <summary>Reports that no model made: as long as a test wants, with every optional part, and with hostile names.</summary>
internal static class SampleReports
{
    /// <summary>What would be markup, an end of a script, a link or a column if it were not escaped.</summary>
    internal const string Hostile = "</script><img src=x onerror=alert(1)>\"'&|`[a](http://b) <!-- ]]> \u2028";

    internal static ModelReport Of(int layers) => new()
    {
        Float = "net.mnn",
        Int8 = "net.int8.mnn",
        FloatBytes = 1792644,
        Int8Bytes = 525101,
        Pictures = 200,
        Cosine = 0.996927,
        Top1Agreement = 0.985,
        Convolutions = (layers / 2, layers / 2),
        Outputs = [new(Hostile, true, Errors(1), 0.985, 1, [.. Enumerable.Range(0, 1500).Select(Point)]), new("boxes", false, Errors(2), null, null, [])],
        Layers = [.. Enumerable.Range(0, layers).Select(i => Layer(i, layers))],
        Kinds =
        [
            new("Convolution", layers / 2, layers / 2, 1600000, 402000, 27_000_000),
            new("ReLU", layers - (layers / 2), 0, 0, 0, 0),
        ],
        WorstSamples = [.. Enumerable.Range(0, 8).Select(i => new SampleReport(i == 0 ? Hostile : $"{i:0000}.png", 0.9 + (0.01 * i), i, i & 6, Picture(i)))],
        SampleCosines = [.. Enumerable.Range(0, 200).Select(i => 1 - (0.1 / (1 + i)))],
        Provenance = new(
            "0.1.0", ["\"format\": \"RGB\"", $"\"skip_quant_op_names\": [\"{Hostile}\"]"], [new("float model", new string('a', 64))]),
        Warnings = [new Diagnostic(DiagnosticSeverity.Warning, 3567, Hostile)],
        Candidates = [new(Hostile, 0.99, 525101, true, true), new("KL", 0.98, 525101, false, false), new("float", 1, 1792644, false, true)],
        Labelled = new(10000, [new("top-1", 0.9134, (0.9077, 0.9188), 0.9121, (0.9064, 0.9175))]),
    };

    private static ErrorFigures Errors(int i) => new(
        1 - (0.07 * ((i * 37) % 100) / 100), 1 - (0.1 * ((i * 37) % 100) / 100), 0.01 * i, i, i == 3 ? double.PositiveInfinity : 20 + (i % 30), i % 7 / 300.0, 0);

    private static LayerReport Layer(int i, int layers) => new()
    {
        Name = i == 1 ? Hostile : $"features.{i}/conv",
        Type = i % 2 == 0 ? "Convolution" : "ReLU",
        Tensor = i == 1 ? Hostile + "2" : $"features.{i}/conv/a rather long name that is shared with others_output_{i}",
        Shape = [1, 32, 56, 56],
        RunsInt8 = i % 5 != 4,
        Reason = i == 1 ? Hostile : "its inputs and output have scales",
        WeightBits = i % 2 == 0 ? 8 : null,
        FloatBytes = i % 2 == 0 ? 4000 + (i * 16) : 0,
        Int8Bytes = i % 2 == 0 ? 1200 + (i * 4) : 0,
        MultiplyAccumulates = i % 2 == 0 ? 1_000_000 : 0,
        Errors = Errors(i),
        Scale = i == 2 ? null : 0.05f,
        ZeroPoint = 0,
        Range = i == 2 ? null : (-6.35f, 6.35f),
        Histogram = i == layers - 1 ? null : Histogram(i),
        Sensitivity = i % 2 == 0 ? 0.001 * i : null,
    };

    private static LayerHistogram Histogram(int i) => new(
        -8,
        8,
        [.. Enumerable.Range(0, 64).Select(b => Math.Max(0, 100000.0 / (1 + ((b - 32) * (b - 32))) * (1 + (i % 3)) - 10))],
        [.. Enumerable.Range(0, 64).Select(b => b is < 7 or > 57 ? 0 : 100000.0 / (1 + ((b - 32) * (b - 32))))],
        -7.9f,
        7.9f);

    private static (float Float, float Int8) Point(int i) => (i / 100f, (i / 100f) + (0.2f * ((i * 31 % 17) - 8) / 8));

    private static byte[] Picture(int seed)
    {
        var rgba = new byte[80 * 60 * 4];
        for (int i = 0; i < rgba.Length; i++)
        {
            rgba[i] = (byte)((i / 4 % 80 * 3) + (seed * 40) + (i % 4 * 50));
        }

        return StoredPng.Encode(new Picture(80, 60, rgba));
    }
}
