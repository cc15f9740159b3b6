using System.Text;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Core.Tests.Training;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Values that are not finite are named with operator, tensor and sample.</summary>
[TestClass]
public sealed class NotFiniteTests
{
    private const int Size = 8;

    // A logarithm before the first convolution: one sample with a zero is enough.
    private static MnnModel Logarithm(int size = Size) => new SmallNet().Input(1, size)
        .Add(OpType.UnaryOp, "log", new UnaryOp { OpType = UnaryOpOperation.LOG, T = DataType.DT_FLOAT }, [0])
        .Convolution("a", 1, 4).Add(OpType.ReLU, "r", new Relu(), [2])
        .Add(OpType.Pooling, "mean", new Pool { Type = PoolType.AVEPOOL, IsGlobal = true }, [3])
        .Convolution("c", 4, 4, kernel: 1).Build();

    private static QuantizeOptions Prepare(TemporaryFolder folder, string settings, float oddValue)
    {
        Logarithm().Save(Path.Combine(folder.Path, "net.mnn"));
        for (int sample = 0; sample < 6; sample++)
        {
            float[] values = [.. Enumerable.Range(0, Size * Size).Select(i => 1 + ((i + sample) % 7f))];
            if (sample == 4)
            {
                values[9] = oddValue;
            }

            folder.Write($"data/{sample}.npy", NpyFile.Write(new TensorValue("data", [1, 1, Size, Size], values)));
        }

        return new QuantizeOptions
        {
            Source = Path.Combine(folder.Path, "net.mnn"),
            Destination = Path.Combine(folder.Path, "int8.mnn"),
            Config = folder.Write("quant.json", Encoding.UTF8.GetBytes($$"""{ "input_type": "sequence", "path": "data"{{settings}} }""")),
        };
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(""", "feature_quantize_method": "ADMM" """)]
    [DataRow(""", "feature_quantize_method": "EMA", "batch_size": 3 """)]
    [DataRow(""", "repair": "default" """)]
    [DataRow(""", "mode": "auto" """)]
    public void Calibration_names_operator_tensor_and_sample(string settings)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, settings, 0);

        Diagnostic error = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options)).Diagnostic;

        Assert.AreEqual(5006, error.Code);
        StringAssert.StartsWith(error.Message, "'log' has values that are not finite (NaN or infinity), computed by 'log', for 4.npy.");
        Assert.IsFalse(File.Exists(options.Destination));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(""", "feature_quantize_method": "EMA", "batch_size": 3 """)]
    [DataRow(""", "mode": "auto" """)]
    public void A_sample_that_has_them_is_named_with_its_input(string settings)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, settings, float.NaN);

        Diagnostic error = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options)).Diagnostic;

        Assert.AreEqual(5006, error.Code);
        StringAssert.StartsWith(error.Message, "'data' has values that are not finite (NaN or infinity) for 4.npy.");
    }

    [TestMethod]
    [DataRow(0f, "'log' has values that are not finite (NaN or infinity), computed by 'log', for 4.npy.")]
    [DataRow(float.NaN, "'data' has values that are not finite (NaN or infinity) for 4.npy.")]
    public void A_comparison_warns_of_the_first(float value, string expected)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "", 2);
        QuantizePipeline.Run(options);
        Prepare(folder, "", value);

        ComparisonReport report = ModelComparison.Run(
            new ComparisonOptions { Float = options.Source, Int8 = options.Destination, Config = options.Config, MaxParallelism = 2 });

        Diagnostic warning = report.Warnings.Single(w => w.Code == 8108);
        StringAssert.StartsWith(warning.Message, expected);
    }

    [TestMethod]
    public void A_training_names_operator_tensor_and_example()
    {
        // Grey levels below the mean have no logarithm.
        using var task = new TextureTask(model: Logarithm(TextureTask.Size));
        task.Configure(""", "lsq": false """);

        Diagnostic error = Assert.ThrowsExactly<QuantizeException>(() => TrainPipeline.Run(task.Options)).Diagnostic;

        Assert.AreEqual(5006, error.Code, error.Message);
        StringAssert.Contains(error.Message, "computed by 'log', for example ");
    }

    [TestMethod]
    public void Weights_that_are_not_finite_are_named_with_their_operator()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Prepare(folder, "", 2);
        MnnModel model = Logarithm();
        ((Convolution2D)model.Net.Oplists!.First(op => op.Name == "c").Main!).Weight![3] = float.NaN;
        model.Save(options.Source);

        Diagnostic error = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options)).Diagnostic;

        Assert.IsTrue(error.Code is 5007 or 5006, error.Message);
        StringAssert.Contains(error.Message, "'c'");
    }
}
