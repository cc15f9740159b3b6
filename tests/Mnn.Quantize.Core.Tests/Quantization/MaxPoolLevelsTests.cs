using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Max poolings over values of both signs, which the x86 runtime orders wrongly by levels of both signs.</summary>
[TestClass]
public sealed class MaxPoolLevelsTests
{
    [TestMethod]
    [DataRow("KL", 0.96, DisplayName = "KL, which clips")]
    [DataRow("ADMM", 0.99)]
    public void ScalesWithoutZeroPointsBeginAtLevelZero(string method, double least)
    {
        (QuantizeResult result, TensorQuantInfo input, TensorQuantInfo output) = Run(method);

        Assert.AreEqual((input.Scale, input.Zero), (output.Scale, output.Zero));
        Assert.AreEqual(0, input.Min);
        Assert.IsGreaterThan(0, input.Zero, "the values are of both signs");
        Assert.IsGreaterThan(least, result.Cosine);
    }

    [TestMethod]
    public void EmaPoolsInFloat()
    {
        (QuantizeResult result, TensorQuantInfo input, TensorQuantInfo output) = Run("EMA");

        Assert.AreEqual(-127, input.Min);
        Assert.AreNotEqual(input.Scale, output.Scale);
        Assert.IsGreaterThan(0.99, result.Cosine);
    }

    private static (QuantizeResult Result, TensorQuantInfo Input, TensorQuantInfo Output) Run(string method)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(
            folder, "lenet5", 28, 8, $", \"width\": 28, \"height\": 28, \"feature_quantize_method\": \"{method}\"");
        string source = Path.Combine(folder.Path, "pool.mnn");
        var pool = new Pool { KernelX = 2, KernelY = 2, StrideX = 2, StrideY = 2 };
        new SmallNet().Input(1, 28).Convolution("first", 1, 4).Add(OpType.Pooling, "pool", pool, [1])
            .Convolution("last", 4, 2).Build().Save(source);

        QuantizeResult result = QuantizePipeline.Run(options with { Source = source });

        MnnModel model = MnnModel.Load(options.Destination);
        Dictionary<int, TensorQuantInfo> infos = model.Net.ExtraTensorDescribe!.ToDictionary(d => d.Index, d => d.QuantInfo!);
        Op op = model.Net.Oplists!.Single(o => o.Name == "pool");
        return (result, infos[op.InputIndexes![0]], infos[op.OutputIndexes![0]]);
    }
}
