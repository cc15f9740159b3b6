using System.Text;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization.Compression;
using Mnn.Quantize.Tests;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Quantization.Compression;

/// <summary>The modes <c>weight_only</c> and <c>fp16</c> on whole models.</summary>
[TestClass]
public sealed class WeightModeTests
{
    [TestMethod]
    [DataRow("lenet5", "fp16", 8, false, 0, 0.51, 0.9999999)]
    [DataRow("lenet5", "weight_only", 8, false, 0, 0.27, 0.9999)]
    [DataRow("lenet5", "weight_only", 4, true, 32, 0.20, 0.99)]
    [DataRow("mbv2", "fp16", 8, false, 0, 0.53, 0.9999995)]
    [DataRow("mbv2", "weight_only", 8, true, 0, 0.31, 0.9999)]
    [DataRow("mbv2", "weight_only", 6, false, 0, 0.24, 0.999)]
    [DataRow("mbv2", "weight_only", 4, true, 32, 0.225, 0.99)]
    [DataRow("face_detection_short_range", "fp16", 8, false, 0, 0.56, 0.9999999)]
    [DataRow("face_detection_short_range", "weight_only", 8, true, 0, 0.36, 0.9985)]
    [DataRow("face_detection_short_range", "weight_only", 6, true, 32, 0.315, 0.97)]
    public void A_model_answers_nearly_as_it_did_without_any_data(
        string model, string mode, int bits, bool isAsymmetric, int block, double ratio, double cosine)
    {
        using var folder = new TemporaryFolder();
        QuantizeResult result = QuantizePipeline.Run(Options(
            folder, model, $"\"mode\": \"{mode}\"" + (mode == "fp16" ? "" : Settings(bits, isAsymmetric, block))));

        Assert.AreEqual(ComparedOn.SynthesizedInputs, result.ComparedOn);
        Assert.IsLessThan(ratio, (double)result.DestinationBytes / result.SourceBytes);
        Assert.AreEqual(result.Convolutions.All, result.Convolutions.Quantized);
        Assert.IsEmpty(result.Warnings);
        Assert.IsGreaterThan(cosine, Cosine(model, result.Destination));
    }

    [TestMethod]
    public void The_file_holds_what_the_settings_say()
    {
        using var folder = new TemporaryFolder();
        QuantizeResult result = QuantizePipeline.Run(Options(folder, "mbv2", "\"mode\": \"WeightOnly\"" + Settings(4, true, 32)));
        Dictionary<string, Op> ops = MnnModel.Load(result.Destination).Net.Oplists!.Where(o => o.Main is Convolution2D).ToDictionary(o => o.Name!);

        foreach (CompressedOperator compressed in result.Weights)
        {
            IDSTQuan coded = ((Convolution2D)ops[compressed.Name].Main!).QuanParameter!;
            Assert.AreEqual(compressed.Bits, coded.AMaxOrBits);
            Assert.AreEqual(compressed.IsAsymmetric, coded.ReadType != 0);
            Assert.AreEqual(compressed.Scales * (compressed.IsAsymmetric ? 2 : 1), coded.Alpha!.Length);
            Assert.AreEqual(compressed.Bytes, coded.Buffer!.Length + (4L * coded.Alpha.Length));
        }

        CompressedOperator depthwise = result.Weights.First(w => w.Type == "ConvolutionDepthwise");
        Assert.AreEqual((8, true), (depthwise.Bits, depthwise.IsAsymmetric), "nine weights have no use for four bits");
        CompressedOperator blocks = result.Weights.First(w => w.Scales > ((Convolution2D)ops[w.Name].Main!).Common!.OutputCount);
        Assert.AreEqual((4, true), (blocks.Bits, blocks.IsAsymmetric));
    }

    [TestMethod]
    [DataRow("\"mode\": \"fp16\"")]
    [DataRow("\"mode\": \"weight_only\", \"quant_bits\": 3")]
    public void The_bytes_do_not_depend_on_the_number_of_threads(string settings)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Options(folder, "mbv2", settings);
        QuantizePipeline.Run(options with { MaxParallelism = 1 });
        byte[] one = File.ReadAllBytes(options.Destination);
        QuantizePipeline.Run(options with { MaxParallelism = 5 });

        CollectionAssert.AreEqual(one, File.ReadAllBytes(options.Destination));
    }

    [TestMethod]
    [DataRow("fp16")]
    [DataRow("weight_only")]
    public void With_data_it_is_compared_on_them_and_a_lock_makes_it_again(string mode)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 12, $", \"mode\": \"{mode}\"")
            with
        { LockFile = Path.Combine(folder.Path, "lock") };
        QuantizeResult result = QuantizePipeline.Run(options);
        byte[] bytes = File.ReadAllBytes(options.Destination);
        Directory.Delete(Path.Combine(folder.Path, "pictures"), recursive: true);

        QuantizeResult again = QuantizePipeline.Run(options with { Locked = true });

        Assert.AreEqual((ComparedOn.Samples, 8), (result.ComparedOn, result.Pictures));
        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(options.Destination));
        Assert.AreEqual((result.Cosine, result.Convolutions, result.Mode), (again.Cosine, again.Convolutions, again.Mode));
    }

    [TestMethod]
    public void Named_operators_stay_float_and_unknown_names_are_told()
    {
        using var folder = new TemporaryFolder();
        string name = MnnModel.Load(ModelFiles.PathOf("lenet5/model.mnn")).Net.Oplists!.First(o => o.Main is Convolution2D).Name!;
        QuantizeResult result = QuantizePipeline.Run(Options(
            folder, "lenet5", $"\"mode\": \"weight_only\", \"skip_quant_op_names\": [\"{name}\", \"nobody\"]"));

        Assert.AreEqual((name, 32), result.Weights.Where(w => !w.IsCompressed).Select(w => (w.Name, w.Bits)).Single());
        Assert.AreEqual(result.Convolutions.All - 1, result.Convolutions.Quantized);
        Assert.AreEqual(1103, result.Warnings.Single().Code);
    }

    [TestMethod]
    [DataRow(OpType.Convolution, 1)]
    [DataRow(OpType.Convolution, 4)]
    [DataRow(OpType.ConvolutionDepthwise, 1)]
    [DataRow(OpType.Deconvolution, 1)]
    [DataRow(OpType.DeconvolutionDepthwise, 1)]
    public void Every_kind_of_convolution_is_compressed_and_computes_in_float(OpType type, int group)
    {
        MnnModel source = new SmallNet().Input(64, 6).Convolution("c", 64, 64, type, group).Build();
        foreach (string settings in (string[])["\"mode\": \"fp16\"", "\"mode\": \"weight_only\"", "\"mode\": \"weight_only\"" + Settings(6, true, 16)])
        {
            using var folder = new TemporaryFolder();
            string file = folder.Write("source.mnn", source.ToBytes());
            QuantizeResult result = QuantizePipeline.Run(Options(folder, "lenet5", settings) with { Source = file });

            Assert.IsTrue(result.Weights.Single().IsCompressed);
            Assert.IsGreaterThan(0.999, result.Cosine, settings);
        }
    }

    [TestMethod]
    public void Matrices_of_matrix_products_become_half_floats_and_other_constants_only_with_fp16()
    {
        MnnModel source = Product();
        foreach ((string mode, DataType added) in (ReadOnlySpan<(string, DataType)>)[("weight_only", DataType.DT_FLOAT), ("fp16", DataType.DT_HALF)])
        {
            using var folder = new TemporaryFolder();
            string file = folder.Write("source.mnn", source.ToBytes());
            QuantizeResult result = QuantizePipeline.Run(Options(folder, "lenet5", $"\"mode\": \"{mode}\"") with { Source = file });
            Dictionary<string, Blob> blobs = MnnModel.Load(result.Destination).Net.Oplists!
                .Where(o => o.Main is Blob).ToDictionary(o => o.Name!, o => (Blob)o.Main!);

            Assert.AreEqual(DataType.DT_HALF, blobs["matrix"].DataType);
            Assert.AreEqual(added, blobs["added"].DataType);
            Assert.AreEqual(DataType.DT_FLOAT, blobs["large"].DataType, "1e9 is no half float");
            Assert.AreEqual(DataType.DT_FLOAT, blobs["few"].DataType);
            Assert.IsGreaterThan(0.9999, result.Cosine);
        }
    }

    [TestMethod]
    public void A_model_that_is_quantized_or_has_no_weights_is_an_error_and_a_size_that_is_open_is_not()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Options(folder, "lenet5", "\"mode\": \"weight_only\"");
        QuantizePipeline.Run(options);
        QuantizeOptions twice = options with { Source = options.Destination, Destination = Path.Combine(folder.Path, "twice.mnn") };
        Assert.AreEqual(5001, Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(twice)).Diagnostic.Code);

        string empty = folder.Write("empty.mnn", new SmallNet().Input(4, 4).Add(OpType.ReLU, "r", new Relu(), [0]).Build().ToBytes());
        Assert.AreEqual(
            5160, Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options with { Source = empty })).Diagnostic.Code);

        var open = MnnModel.Load(ModelFiles.PathOf("lenet5/model.mnn"));
        ((Input)open.Net.Oplists!.First(o => o.Type == OpType.Input).Main!).Dims![3] = -1;
        string file = folder.Write("open.mnn", open.ToBytes());
        QuantizeResult result = QuantizePipeline.Run(options with { Source = file });
        Assert.AreEqual((ComparedOn.Nothing, double.NaN), (result.ComparedOn, result.Cosine));
        Assert.AreEqual(5161, result.Warnings.Single().Code);
    }

    [TestMethod]
    [DataRow("\"mode\": \"fp16\", \"quant_bits\": 4", "quant_bits")]
    [DataRow("\"mode\": \"weight_only\", \"repair\": \"default\"", "repair")]
    [DataRow("\"mode\": \"weight_only\", \"feature_quantize_method\": \"EMA\"", "feature_quantize_method")]
    public void The_plan_tells_keys_without_effect_and_each_operators_bits(string settings, string idle)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Options(folder, "lenet5", settings);
        PlanReport plan = QuantizePipeline.Plan(options);

        Assert.Contains($"\"{idle}\" has no effect", plan.Warnings.Single().Message);
        Assert.IsTrue(plan.Steps.All(step => step.Reason.Contains(settings.Contains("fp16", StringComparison.Ordinal) ? "half" : "8-bit", StringComparison.Ordinal)));
        long written = QuantizePipeline.Run(options).DestinationBytes;
        Assert.AreEqual(plan.ExpectedBytes, written);
    }

    // x [1, 64] times matrix [64, 32], and sums of it with constants.
    private static MnnModel Product()
    {
        var net = new SmallNet();
        Blob Constant(int rows, int columns, float factor) => new()
        {
            Dims = [rows, columns],
            DataFormat = MNN_DATA_FORMAT.NCHW,
            DataType = DataType.DT_FLOAT,
            Float32s = net.Values(rows * columns, -factor, factor),
        };
        net.Add(OpType.Input, "x", new Input { Dims = [1, 64], Dformat = MNN_DATA_FORMAT.NCHW, Dtype = DataType.DT_FLOAT }, []);
        net.Add(OpType.Const, "matrix", Constant(64, 64, 1), []);
        net.Add(OpType.MatMul, "product", new MatMul(), [0, 1]);
        net.Add(OpType.Const, "added", Constant(1, 64, 1), []);
        net.Sum("sum", 2, 3);
        net.Add(OpType.Const, "large", Constant(1, 64, 1e9f), []);
        net.Add(OpType.BinaryOp, "least", new BinaryOp { OpType = BinaryOpOperation.MINIMUM }, [4, 5]);
        net.Add(OpType.Const, "few", Constant(1, 1, 1), []);
        return net.Sum("y", 4, 7).Build("least");
    }

    private static string Settings(int bits, bool isAsymmetric, int block) =>
        $", \"quant_bits\": {bits}, \"weight_asymmetric\": {(isAsymmetric ? "true" : "false")}, \"weight_block_size\": {block}";

    private static QuantizeOptions Options(TemporaryFolder folder, string model, string settings) => new()
    {
        Source = ModelFiles.PathOf($"{model}/model.mnn"),
        Destination = Path.Combine(folder.Path, "small.mnn"),
        Config = folder.Write("quant.json", Encoding.UTF8.GetBytes($"{{ {settings} }}")),
    };

    // To what the runtime answers with the float model, on inputs made of pictures.
    private static double Cosine(string model, string file)
    {
        var session = InferenceSession.Load(file);
        double least = 1;
        foreach (string name in Archive.FloatRuns.Names.Where(n => n.StartsWith(model + "/", StringComparison.Ordinal) && n.EndsWith(".input.f32", StringComparison.Ordinal)))
        {
            IReadOnlyList<TensorValue> outputs = session.Run(
                new TensorValue(session.Inputs[0].Name, session.Inputs[0].Shape, Archive.FloatRuns.Floats(name)));
            for (int k = 0; k < outputs.Count; k++)
            {
                float[] expected = Archive.FloatRuns.Floats(name.Replace(".input.", $".output{k}.", StringComparison.Ordinal));
                least = Math.Min(least, Mnn.Quantize.Quantization.OutputCosine.Of(expected, outputs[k].Floats));
            }
        }

        return least;
    }
}
