using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>A folded model computes what the model before it did, with the operators that the runtime has.</summary>
[TestClass]
public sealed class BatchNormFoldingTests
{
    private const int Channels = 4;
    private const int Outputs = 6;
    private const int Size = 5;

    [TestMethod]
    [DataRow(OpType.Convolution, 1)]
    [DataRow(OpType.Convolution, 2)]
    [DataRow(OpType.ConvolutionDepthwise, Channels)]
    [DataRow(OpType.Deconvolution, 1)]
    [DataRow(OpType.Deconvolution, 2)]
    [DataRow(OpType.DeconvolutionDepthwise, Channels)]
    public void Each_kind_of_convolution_takes_up_BatchNorm_Scale_and_ReLU6(OpType type, int group)
    {
        int outputs = group == Channels ? Channels : Outputs;
        MnnModel Make() => new SmallNet().Input(Channels, Size)
            .Convolution("conv", Channels, outputs, type, group)
            .BatchNorm("norm", outputs).Scale("scale", outputs)
            .Add(OpType.ReLU6, "clip", SmallNet.Clip(0, 6), [3]).Build();

        MnnModel folded = AssertSameOutputs(Make);

        Op op = folded.Net.Oplists!.Single(o => o.Type != OpType.Input);
        Assert.AreEqual("conv", op.Name);
        Assert.IsTrue(((Convolution2D)op.Main!).Common!.Relu6);
    }

    [TestMethod]
    public void A_ReLU_is_fused_but_one_with_a_slope_or_another_bound_is_not()
    {
        Assert.HasCount(2, AssertSameOutputs(() => After(OpType.ReLU, new Relu())).Net.Oplists!);
        Assert.HasCount(3, AssertSameOutputs(() => After(OpType.ReLU, new Relu { Slope = 0.1f })).Net.Oplists!);
        Assert.HasCount(3, AssertSameOutputs(() => After(OpType.ReLU6, SmallNet.Clip(-1, 1))).Net.Oplists!);
    }

    [TestMethod]
    public void Nothing_is_folded_across_a_tensor_that_somebody_else_reads()
    {
        MnnModel folded = AssertSameOutputs(() => new SmallNet().Input(Channels, Size)
            .Convolution("conv", Channels, Channels).BatchNorm("norm", Channels).Sum("sum", 1, 2).Build());
        AssertTypes(folded, OpType.Input, OpType.Convolution, OpType.Scale, OpType.BinaryOp);
    }

    [TestMethod]
    public void Names_of_tensors_that_are_gone_take_no_place_and_the_others_stay()
    {
        MnnModel folded = AssertSameOutputs(() => new SmallNet().Input(Channels, Size)
            .Convolution("conv", Channels, Channels).BatchNorm("norm", Channels).Build());
        CollectionAssert.AreEqual(new[] { "data", "", "norm" }, folded.Net.TensorName);
    }

    [TestMethod]
    public void Nothing_is_folded_across_an_output_of_the_model()
    {
        MnnModel folded = AssertSameOutputs(() => new SmallNet().Input(Channels, Size)
            .Convolution("conv", Channels, Channels).BatchNorm("norm", Channels).Build("conv"));
        AssertTypes(folded, OpType.Input, OpType.Convolution, OpType.Scale);
    }

    [TestMethod]
    public void A_BatchNorm_behind_an_activation_or_an_input_becomes_a_Scale()
    {
        MnnModel folded = AssertSameOutputs(() => new SmallNet().Input(Channels, Size).BatchNorm("first", Channels)
            .Convolution("conv", Channels, Channels).Add(OpType.ReLU, "relu", null, [2]).BatchNorm("norm", Channels).Build());
        AssertTypes(folded, OpType.Input, OpType.Scale, OpType.Convolution, OpType.Scale);
    }

    [TestMethod]
    public void A_BatchNorm_without_statistics_is_an_error_that_names_it()
    {
        MnnModel model = new SmallNet().Input(Channels, Size).BatchNorm("norm", Channels).Build();
        ((BatchNorm)model.Net.Oplists![1].Main!).VarData = null;

        QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => BatchNormFolding.Apply(model));

        Assert.Contains("'norm'", e.Message);
    }

    private static MnnModel After(OpType type, object parameters) => new SmallNet().Input(Channels, Size)
        .Convolution("conv", Channels, Channels).Add(type, "activation", parameters, [1]).Build();

    private static MnnModel AssertSameOutputs(Func<MnnModel> make)
    {
        MnnModel folded = make();
        BatchNormFolding.Apply(folded);
        Assert.IsFalse(BatchNormFolding.HasBatchNorm(folded));
        var input = new TensorValue("data", [1, Channels, Size, Size], new SmallNet().Values(Channels * Size * Size, -3, 3));
        IReadOnlyList<TensorValue> before = new InferenceSession(make()).Run(input);
        IReadOnlyList<TensorValue> after = new InferenceSession(folded).Run(input);
        for (int i = 0; i < before.Count; i++)
        {
            for (int j = 0; j < before[i].Floats.Length; j++)
            {
                Assert.AreEqual(before[i].Floats[j], after[i].Floats[j], 1e-4f, before[i].Name);
            }
        }

        return folded;
    }

    private static void AssertTypes(MnnModel model, params OpType[] expected) =>
        CollectionAssert.AreEqual(expected, model.Net.Oplists!.ConvertAll(o => o.Type));
}
