using Mnn.Quantize.Bench;
using Mnn.Quantize.Bench.Benchmarks;
using Mnn.Quantize.Bench.Cases;
using Mnn.Quantize.Bench.Operators;

const string Usage = """
    benchmark [ARGUMENTS OF BENCHMARKDOTNET]   kernels, by BenchmarkDotNet; --pictures FOLDER before them names pictures to decode
    [--out FILE.json] [NAME ...]               a look at kernels in seconds: gemm, int8, convolution, depthwise, pooling, elementwise
    [--out FILE.json] decode FOLDER            decoding of a folder's pictures
    [--out FILE.json] model FILE [INPUT=1x3x224x224 ...]   a model's operators
    [--out FILE.json] operators [--only TEXT] COMMAND   single operators beside the MNN runtime's timeProfile.out
    [--out FILE.json] stages MODEL CONFIG [RUNS [WORKERS ...]]   the stages of quantizing
    startup                                    first calls of kernels
    """;

if (args is ["benchmark", ..])
{
    return KernelConfig.Run(args[1..]);
}

string? file = null;
var results = new ResultFile(Console.Out);
Console.SetOut(results);
if (args is ["--out", var path, ..])
{
    (file, args) = (path, args[2..]);
}

Dictionary<string, Func<IEnumerable<KernelCase>>> kernels = new(StringComparer.Ordinal)
{
    ["gemm"] = () => GemmCases.All,
    ["int8"] = () => Int8GemmCases.All,
    ["convolution"] = () => ConvolutionCases.All,
    ["depthwise"] = () => DepthwiseCases.All,
    ["pooling"] = () => PoolingCases.All,
    ["elementwise"] = () => ElementwiseCases.All,
};

switch (args)
{
    case ["model", _, ..]:
        ModelBench.Run(args[1..]);
        break;
    case ["operators", "--only", var part, _, ..]:
        new OperatorBench(args[3..], part).Run();
        break;
    case ["operators", _, ..]:
        new OperatorBench(args[1..], part: "").Run();
        break;
    case ["stages", _, _, ..]:
        StageBench.Run(args[1..]);
        break;
    case ["decode", var folder]:
        KernelBench.Run(DecodingCases.Of(folder), peak: 0);
        break;
    case ["startup"]:
        StartupBench.Run();
        break;
    case var names when names.All(kernels.ContainsKey):
        double peak = Peak.Print();
        foreach (string name in names.Length == 0 ? kernels.Keys : names.AsEnumerable())
        {
            KernelBench.Run(kernels[name](), peak);
        }

        break;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}

if (file is not null)
{
    results.Save(file);
}

return 0;
