using System.Text.Json;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Tests.Verification;

[TestClass]
public sealed class ModelInspectionTests
{
    [TestMethod]
    public void A_float_model_is_counted()
    {
        ModelDescription model = ModelInspection.Describe(Asset("lenet5/model.mnn"));

        // 5x5 convolutions of 16 and 32 channels, then layers of 120, 84 and 10: weights and biases.
        Assert.AreEqual(416 + 12_832 + 96_120 + 10_164 + 850, model.Parameters);
        Assert.AreEqual((28 * 28 * 16 * 25) + (10 * 10 * 32 * 16 * 25) + (800 * 120) + (120 * 84) + (84 * 10), model.MultiplyAccumulates);
        Assert.AreEqual(487_656, model.Bytes);
        Assert.IsFalse(model.IsInt8);
        CollectionAssert.AreEqual(new[] { 1, 10 }, model.Outputs[0].Shape!.ToArray());
        Assert.AreEqual(5, model.Operators.Count(o => o.IsConvolution && o.IsInt8));
        Assert.IsEmpty(model.Warnings);
    }

    [TestMethod]
    public void An_int8_model_has_the_same_size_and_tells_what_runs_in_int8()
    {
        ModelDescription model = ModelInspection.Describe(Asset("mbv2/KL-MAX_ABS.mnn"));
        ModelDescription original = ModelInspection.Describe(Asset("mbv2/model.mnn"));

        Assert.IsTrue(model.IsInt8);
        Assert.AreEqual(original.Parameters, model.Parameters);
        Assert.AreEqual(original.MultiplyAccumulates, model.MultiplyAccumulates);
        Assert.IsTrue(model.Operators.Where(o => o.IsConvolution).All(o => o.IsInt8));
        Assert.IsTrue(model.Operators.All(o => o.Reason.Length > 0));
        Assert.AreEqual(ElementType.Float32, model.Outputs[0].Type);
    }

    [TestMethod]
    public void Another_shape_changes_what_is_computed()
    {
        ModelDescription one = ModelInspection.Describe(Asset("mbv2/model.mnn"));
        ModelDescription two = ModelInspection.Describe(
            Asset("mbv2/model.mnn"), new Dictionary<string, int[]> { [""] = [2, 1, 32, 32] });

        Assert.AreEqual(2 * one.MultiplyAccumulates, two.MultiplyAccumulates);
        Assert.AreEqual(one.Parameters, two.Parameters);
    }

    [TestMethod]
    public void A_shape_for_no_input_is_an_error()
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => ModelInspection.Describe(
            Asset("mbv2/model.mnn"), new Dictionary<string, int[]> { ["inptu"] = [1, 1, 32, 32] }));

        Assert.AreEqual(7003, error.Diagnostic.Code);
    }

    [TestMethod]
    public void A_shape_that_does_not_work_leaves_the_rest_and_a_warning()
    {
        ModelDescription model = ModelInspection.Describe(
            Asset("lenet5/model.mnn"), new Dictionary<string, int[]> { ["input"] = [1, 2, 3, 4, 5] });

        CollectionAssert.AreEqual(new[] { 7102 }, model.Warnings.Select(w => w.Code).ToArray());
        Assert.IsNull(model.MultiplyAccumulates);
        using var json = JsonDocument.Parse(DescriptionText.Json(model));
        Assert.AreEqual(JsonValueKind.Null, json.RootElement.GetProperty("macs").ValueKind);
    }

    private static string Asset(string name) => Path.Combine(Repository.Root, "tests/assets/models", name);
}
