using BenchmarkDotNet.Attributes;
using Mnn.Quantize.Bench.Cases;

namespace Mnn.Quantize.Bench.Benchmarks;

/// <summary>One benchmark a case.</summary>
public abstract class KernelBenchmarks
{
    private Action _work = () => { };

    /// <summary>What there is to measure.</summary>
    public abstract IEnumerable<KernelCase> Cases { get; }

    /// <summary>What is measured.</summary>
    [ParamsSource(nameof(Cases))]
    public KernelCase Case { get; set; } = null!;

    /// <summary>Makes the data.</summary>
    [GlobalSetup]
    public void Prepare() => _work = Case.Prepare();

    /// <summary>One call.</summary>
    [Benchmark]
    public void Run() => _work();
}

/// <summary>Products of float matrices.</summary>
public class GemmBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => GemmCases.All;
}

/// <summary>Products of int8 matrices.</summary>
public class Int8GemmBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => Int8GemmCases.All;
}

/// <summary>Convolutions.</summary>
public class ConvolutionBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => ConvolutionCases.All;
}

/// <summary>Depthwise convolutions.</summary>
public class DepthwiseBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => DepthwiseCases.All;
}

/// <summary>Poolings.</summary>
public class PoolingBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => PoolingCases.All;
}

/// <summary>Functions of each element, reductions, changes of layout.</summary>
public class ElementwiseBenchmarks : KernelBenchmarks
{
    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => ElementwiseCases.All;
}

/// <summary>Decoding of pictures.</summary>
public class DecodingBenchmarks : KernelBenchmarks
{
    /// <summary>Where they lie; the tests' pictures unless another folder is named.</summary>
    public static string Folder { get; set; } = KernelConfig.TestPictures;

    /// <inheritdoc/>
    public override IEnumerable<KernelCase> Cases => DecodingCases.Of(Folder);
}
