using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Methods and settings on real models, from file to file.</summary>
[TestClass]
public sealed class MethodTests
{
    [TestMethod]
    [DataRow("KL")]
    [DataRow("ADMM")]
    [DataRow("EMA")]
    public void TheBytesDoNotDependOnTheNumberOfThreads(string method)
    {
        byte[][] files = [.. new[] { 1, 2, 7 }.Select(workers =>
            Run("mbv2", 32, pictures: 20, $", \"feature_quantize_method\": \"{method}\", \"batch_size\": 4", workers).Bytes)];

        CollectionAssert.AreEqual(files[0], files[1]);
        CollectionAssert.AreEqual(files[0], files[2]);
    }

    [TestMethod]
    [DataRow("ADMM", 0.9975)]
    [DataRow("EMA", 0.98)]
    public void AMethodKeepsTheOutputsOfLenet5(string method, double least)
    {
        (QuantizeResult result, _, _) = Run("lenet5", 28, 48, $", \"feature_quantize_method\": \"{method}\", \"batch_size\": 16");

        Assert.IsGreaterThan(least, result.Cosine);
        Assert.AreEqual((5, 5), result.Convolutions);
    }

    [TestMethod]
    public void EmaWritesZeroPointsWhereTheRuntimeReadsThem()
    {
        (_, MnnModel model, _) = Run("mbv2", 32, 16, ", \"feature_quantize_method\": \"EMA\", \"batch_size\": 16");
        Dictionary<int, TensorQuantInfo> infos = model.Net.ExtraTensorDescribe!.ToDictionary(d => d.Index, d => d.QuantInfo!);

        foreach (Op op in model.Net.Oplists!.Where(o => o.Main is Convolution2D))
        {
            var convolution = (Convolution2D)op.Main!;
            Assert.AreEqual(infos[op.InputIndexes![0]].Zero, convolution.SymmetricQuan!.ZeroPoint);
            Assert.AreEqual(infos[op.OutputIndexes![0]].Zero, convolution.SymmetricQuan.OutputZeroPoint);
            Assert.AreEqual(infos[op.InputIndexes[0]].Scale, convolution.QuanParameter!.ScaleIn);
            Assert.AreEqual((-127f, 127f), (infos[op.OutputIndexes[0]].Min, infos[op.OutputIndexes[0]].Max));
            Assert.IsTrue(!convolution.Common!.Relu || convolution.SymmetricQuan.OutputZeroPoint == -127);
        }

        // The pictures hold black and white: (0 - 72.93) and (255 - 72.93), times the factor.
        float step = 255 * 0.011109259567849803f / 254;
        TensorQuantInfo input = infos[model.Net.Oplists!.First(o => o.Main is Convolution2D).InputIndexes![0]];
        Assert.AreEqual(step, input.Scale, step * 1e-4f);
        Assert.AreEqual(-54, input.Zero);
    }

    [TestMethod]
    public void EmaTakesWholeBatchesOrWhatThereIs()
    {
        const string Ema = ", \"feature_quantize_method\": \"EMA\", \"batch_size\": ";
        byte[] Bytes(int pictures, int batch) => Run("lenet5", 28, pictures, Ema + batch).Bytes;

        CollectionAssert.AreEqual(Bytes(8, 4), Bytes(11, 4), "three pictures don't fill a batch");
        CollectionAssert.AreEqual(Bytes(3, 3), Bytes(3, 32), "a batch of what there is");
        CollectionAssert.AreNotEqual(Bytes(8, 4), Bytes(8, 8));
    }

    [TestMethod]
    [DataRow("KL", "/c1/Conv_output_0")]
    [DataRow("KL", "output__matmul_converted")]
    [DataRow("EMA", "/c2/Conv_output_0")]
    [DataRow("ADMM", "/f1/Gemm_output_0__matmul_converted")]
    public void ASkippedConvolutionKeepsItsWeightsAndTheModelRuns(string method, string name)
    {
        (QuantizeResult result, MnnModel model, _) = Run(
            "lenet5", 28, 16, $", \"feature_quantize_method\": \"{method}\", \"batch_size\": 16, \"skip_quant_op_names\": [\"{name}\"]");

        var skipped = (Convolution2D)model.Net.Oplists!.Single(o => o.Name == name).Main!;
        MnnModel original = MnnModel.Load(ModelFiles.PathOf("lenet5/model.mnn"));
        CollectionAssert.AreEqual(((Convolution2D)original.Net.Oplists!.Single(o => o.Name == name).Main!).Weight, skipped.Weight);
        Assert.IsNull(skipped.SymmetricQuan);
        Assert.AreEqual((4, 5), result.Convolutions);
        Assert.IsGreaterThan(0.975, result.Cosine);
    }

    [TestMethod]
    [DataRow("MAX_ABS")]
    [DataRow("ADMM")]
    public void BitsLimitTheLevelsWithoutAWeightClamp(string method)
    {
        int previous = 0;
        for (int bits = 2; bits <= 8; bits++)
        {
            (_, MnnModel model, byte[] bytes) = Run(
                "lenet5", 28, 2, $", \"quant_bits\": {bits}, \"weight_quantize_method\": \"{method}\"");
            int limit = (1 << (bits - 1)) - 1;
            Assert.IsGreaterThan(previous, bytes.Length, "fewer bits, a smaller file");
            previous = bytes.Length;
            foreach (Op op in model.Net.Oplists!.Where(o => o.Main is Convolution2D))
            {
                var convolution = (Convolution2D)op.Main!;
                DecodedWeights decoded = WeightCodec.Decode(convolution.QuanParameter!, "lenet5", op.Name!);
                Assert.AreEqual(limit, decoded.Values.Max(v => Math.Abs((int)v)), $"{op.Name} at {bits} bits");
                Assert.AreEqual(8, convolution.SymmetricQuan!.Nbits, "the runtime computes nonsense if told of fewer");
            }
        }
    }

    [TestMethod]
    public void AModelWithBatchNormIsQuantizedByEmaAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 4, ", \"width\": 28, \"height\": 28");
        string source = Path.Combine(folder.Path, "norm.mnn");
        new SmallNet().Input(1, 28).Convolution("conv", 1, 4).BatchNorm("norm", 4)
            .Add(OpType.ReLU, "relu", null, [2]).Convolution("last", 4, 2).Build().Save(source);

        QuantizeResult result = QuantizePipeline.Run(options with { Source = source });

        Diagnostic warning = result.Warnings.Single(w => w.Code == 5120);
        Assert.Contains("EMA", warning.Message);
        Assert.AreEqual((2, 2), result.Convolutions);
        MnnModel model = MnnModel.Load(options.Destination);
        var first = (Convolution2D)model.Net.Oplists!.Single(o => o.Name == "conv").Main!;
        Assert.IsTrue(first.Common!.Relu);
        Assert.AreEqual(-127, first.SymmetricQuan!.OutputZeroPoint);
        Assert.DoesNotContain(o => o.Type is OpType.BatchNorm or OpType.ReLU, model.Net.Oplists!);
        Assert.IsGreaterThan(0.99, result.Cosine);
    }

    [TestMethod]
    public void ConvolutionsOfOneNameAreQuantizedByWhatTheyComputeAndSkippedTogether()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions plain = FashionRun.Prepare(folder, "lenet5", 28, 8, "");
        QuantizePipeline.Run(plain);
        MnnModel expected = MnnModel.Load(plain.Destination);

        MnnModel model = MnnModel.Load(plain.Source);
        int[] twins = [.. model.Net.Oplists!.Index().Where(o => o.Item.Main is Convolution2D).Select(o => o.Index).Take(2)];
        foreach (int twin in twins)
        {
            model.Net.Oplists![twin].Name = "twin";
        }

        string source = Path.Combine(folder.Path, "twins.mnn");
        File.WriteAllBytes(source, model.ToBytes());
        QuantizeResult result = QuantizePipeline.Run(plain with { Source = source });
        MnnModel found = MnnModel.Load(plain.Destination);

        Assert.AreEqual((5, 5), result.Convolutions);
        foreach (int twin in twins)
        {
            var one = (Convolution2D)expected.Net.Oplists![twin].Main!;
            var other = (Convolution2D)found.Net.Oplists![twin].Main!;
            CollectionAssert.AreEqual(one.QuanParameter!.Buffer, other.QuanParameter!.Buffer);
            Assert.AreEqual(one.QuanParameter.ScaleIn, other.QuanParameter.ScaleIn);
            Assert.AreEqual(one.QuanParameter.ScaleOut, other.QuanParameter.ScaleOut);
        }

        QuantizeOptions skipping = FashionRun.Prepare(folder, "lenet5", 28, 8, ", \"skip_quant_op_names\": [\"twin\"]") with { Source = source };
        Assert.AreEqual((3, 5), QuantizePipeline.Run(skipping).Convolutions);
    }

    private static (QuantizeResult Result, MnnModel Model, byte[] Bytes) Run(
        string model, int size, int pictures, string extra, int workers = 2)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, model, size, pictures, extra) with { MaxParallelism = workers };
        QuantizeResult result = QuantizePipeline.Run(options);
        return (result, MnnModel.Load(options.Destination), File.ReadAllBytes(options.Destination));
    }
}
