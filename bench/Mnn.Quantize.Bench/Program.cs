using Mnn.Quantize.Bench;
using Mnn.Quantize.Kernels;

// Usage: [--out FILE.json] [name ...]; without a name all but startup, which counts only alone. Or: model FILE
// [INPUT=1x3x224x224 ...], or decode FOLDER, or stages MODEL CONFIG [RUNS [WORKERS ...]].
string? file = null;
var results = new ResultFile(Console.Out);
Console.SetOut(results);
if (args is ["--out", var path, ..])
{
    (file, args) = (path, args[2..]);
}

if (args is ["model", _, ..] or ["decode", _] or ["stages", _, _, ..])
{
    switch (args[0])
    {
        case "model":
            ModelBench.Run(args[1..]);
            break;
        case "decode":
            DecodeBench.Run(args[1]);
            break;
        default:
            StageBench.Run(args[1..]);
            break;
    }

    Save();
    return 0;
}

Dictionary<string, Action<double>> benches = new(StringComparer.Ordinal)
{
    ["gemm"] = GemmBench.Run,
    ["convolution"] = ConvolutionBench.Run,
    ["int8"] = Int8Bench.Run,
    ["elementwise"] = ElementwiseBench.Run,
    ["startup"] = StartupBench.Run,
};

List<string> names = [.. args.Where(argument => argument != "--quick")];
string? unknown = names.Find(name => !benches.ContainsKey(name));
if (unknown is not null)
{
    Console.Error.WriteLine($"No benchmark is called '{unknown}'; there are: {string.Join(", ", benches.Keys)}.");
    return 1;
}

// The median of several, since neighbours on the machine disturb single ones.
double[] peaks = [.. Enumerable.Range(0, 7).Select(_ => Peak.FlopsPerSecond())];
Array.Sort(peaks);
double peak = peaks[peaks.Length / 2];
Console.WriteLine(
    $"kernels: {SimdLevels.Active}; peak of one core: {peak * 1e-9:F1} GFLOP/s " +
    $"(median; from {peaks[0] * 1e-9:F1} to {peaks[^1] * 1e-9:F1})");
foreach ((string name, Action<double> run) in benches)
{
    if (names.Count == 0 ? name != "startup" : names.Contains(name))
    {
        run(peak);
    }
}

Save();
return 0;

void Save()
{
    if (file is not null)
    {
        results.Save(file);
    }
}
