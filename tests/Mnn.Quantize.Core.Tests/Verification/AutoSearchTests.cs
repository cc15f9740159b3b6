using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Verification;

[TestClass]
public sealed class AutoSearchTests
{
    [TestMethod]
    public void Of_several_methods_the_nearest_is_written()
    {
        QuantizeResult result = Run("");

        TriedModel chosen = result.Tried.Single(t => t.IsChosen);
        Assert.IsGreaterThan(5, result.Tried.Count);
        Assert.AreEqual(result.Tried.Max(t => t.Cosine), chosen.Cosine);
        Assert.AreEqual(chosen.Bytes, result.DestinationBytes);
        Assert.IsTrue(chosen.IsOnFrontier(result.Tried));
        Assert.IsGreaterThan(0.9995, result.Cosine);
        Assert.IsEmpty(result.Warnings);
    }

    [TestMethod]
    public void Convolutions_stay_float_where_the_target_needs_it()
    {
        QuantizeResult plain = Run("");
        QuantizeResult near = Run(", \"target_cosine\": 0.999999, \"max_size_ratio\": 0.9");

        TriedModel chosen = near.Tried.Single(t => t.IsChosen);
        Assert.IsNotEmpty(chosen.FloatConvolutions);
        Assert.IsGreaterThan(plain.Tried.Single(t => t.IsChosen).Cosine, chosen.Cosine);
        Assert.IsLessThanOrEqualTo((long)(0.9 * near.SourceBytes), near.DestinationBytes);
    }

    [TestMethod]
    public void Operators_compute_in_float_without_a_byte_more()
    {
        using var folder = new TemporaryFolder();

        QuantizeResult result = QuantizePipeline.Run(
            FashionRun.Prepare(folder, "mbv2", 32, 12, ", \"mode\": \"auto\", \"target_cosine\": 0.9999, \"max_size_ratio\": 0.3"));

        TriedModel chosen = result.Tried.Single(t => t.IsChosen);
        Assert.IsGreaterThanOrEqualTo(0.9999, chosen.Cosine);
        Assert.IsTrue(chosen.FloatConvolutions.Count is > 0 and < 25, $"{chosen.FloatConvolutions.Count} in float");
        Assert.AreEqual(result.Convolutions.All - result.Convolutions.Quantized, chosen.FloatConvolutions.Count, 1);
        Assert.IsLessThanOrEqualTo((long)(0.3 * result.SourceBytes), result.DestinationBytes);
    }

    [TestMethod]
    public void What_no_repair_has_touched_is_among_the_models_that_are_judged()
    {
        using var folder = new TemporaryFolder();

        QuantizeResult result = QuantizePipeline.Run(FashionRun.Prepare(folder, "mbv2", 32, 12, ", \"mode\": \"auto\""));

        TriedModel plain = result.Tried.Single(t => t.Name == "KL");
        Assert.IsLessThanOrEqualTo(result.Tried.Single(t => t.IsChosen).Cosine, plain.Cosine);
    }

    [TestMethod]
    public void Samples_that_a_model_hardly_answers_to_are_counted()
    {
        TensorValue[][] outputs =
        [
            [new("a", [2], [1f, -4f]), new("b", [1], [0.5f])],
            [new("a", [2], [0.003f, 0f]), new("b", [1], [0.0004f])],
            [new("a", [2], [0.003f, 0f]), new("b", [1], [0.4f])],
        ];

        Assert.AreEqual(1, FaintSamples.Count(outputs));
        Assert.AreEqual(0, FaintSamples.Count([]));
    }

    [TestMethod]
    public void A_target_out_of_reach_is_a_warning_with_the_figures()
    {
        QuantizeResult result = Run(", \"target_cosine\": 1, \"max_size_ratio\": 0.3");

        Assert.AreEqual(5140, result.Warnings.Single().Code);
        StringAssert.Contains(result.Warnings[0].Message, "target 1.0000");
        Assert.IsLessThanOrEqualTo((long)(0.3 * result.SourceBytes), result.DestinationBytes);
    }

    [TestMethod]
    public void Without_a_budget_one_method_is_tried()
    {
        QuantizeResult result = Run(", \"time_budget_seconds\": 0, \"target_cosine\": 0.9");

        Assert.HasCount(1, result.Tried);
        Assert.AreEqual(5141, result.Warnings.Single().Code);
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_byte()
    {
        Assert.AreSequenceEqual(Bytes(1), Bytes(3));
    }

    private static byte[] Bytes(int workers)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 12, ", \"mode\": \"auto\", \"target_cosine\": 0.99999");
        QuantizePipeline.Run(options with { MaxParallelism = workers });
        return File.ReadAllBytes(options.Destination);
    }

    private static QuantizeResult Run(string settings)
    {
        using var folder = new TemporaryFolder();
        return QuantizePipeline.Run(FashionRun.Prepare(folder, "lenet5", 28, 16, ", \"mode\": \"auto\"" + settings));
    }
}
