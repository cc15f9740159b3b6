using Mnn.Quantize.Core.Tests.Inference;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Which tensors come to share a scale.</summary>
[TestClass]
public sealed class ScaleUnifierTests
{
    private const MNN_DATA_FORMAT Nc4 = MNN_DATA_FORMAT.NC4HW4;

    private static readonly int[] Shape = [1, 4, 4, 4];

    [TestMethod]
    public void WhatIsJoinedTakesTheScaleOfTheJoint()
    {
        var m = new TinyModel("joint");
        int a = m.Floats(Shape, Nc4);
        int b = m.Floats(Shape, Nc4);
        int joint = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, a, b);

        float[] scales = Unified(m.Gives(joint), 1, 2, 3);
        CollectionAssert.AreEqual((float[])[3, 3, 3], scales);
    }

    [TestMethod]
    [DataRow(OpType.Pooling)]
    [DataRow(OpType.Identity)]
    public void WhatOnlyPassesValuesOnTakesTheScaleOfItsSource(OpType type)
    {
        var m = new TinyModel("source");
        int a = m.Floats(Shape, Nc4);
        int b = m.Add(type, type == OpType.Pooling ? new Pool { IsGlobal = true } : null, a);

        CollectionAssert.AreEqual((float[])[1, 1], Unified(m.Gives(b), 1, 2));
    }

    [TestMethod]
    public void AScaleGoesThroughChainsOfJointsAndPoolings()
    {
        var m = new TinyModel("chain");
        int a = m.Floats(Shape, Nc4);
        int b = m.Floats(Shape, Nc4);
        int pooled = m.Add(OpType.Pooling, new Pool { KernelX = 1, KernelY = 1, StrideX = 1, StrideY = 1 }, a);
        int first = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, pooled, b);
        int second = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, first, b);

        CollectionAssert.AreEqual((float[])[5, 5, 5, 5, 5], Unified(m.Gives(second), 1, 2, 3, 4, 5));
    }

    [TestMethod]
    public void TheLastOfSeveralJointsDecidesWhicheverGroupItExtends()
    {
        var m = new TinyModel("joints");
        int[] inputs = [m.Floats(Shape, Nc4), m.Floats(Shape, Nc4), m.Floats(Shape, Nc4), m.Floats(Shape, Nc4)];
        int left = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, inputs[0], inputs[1]);
        int right = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, inputs[2], inputs[3]);
        int all = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, left, right);

        CollectionAssert.AreEqual((float[])[7, 7, 7, 7, 7, 7, 7], Unified(m.Gives(all), 1, 2, 3, 4, 5, 6, 7));
    }

    [TestMethod]
    public void WhatChangesValuesKeepsItsOwnScale()
    {
        var m = new TinyModel("own");
        int a = m.Floats(Shape, Nc4);
        int b = m.Add(OpType.UnaryOp, new UnaryOp { OpType = UnaryOpOperation.SQUARE }, a);
        int c = m.Add(OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.ADD }, a, b);

        CollectionAssert.AreEqual((float[])[1, 2, 3], Unified(m.Gives(c), 1, 2, 3));
    }

    [TestMethod]
    public void AJointWithATensorThatStaysFloatSharesNothing()
    {
        var m = new TinyModel("without");
        int a = m.Floats(Shape, Nc4);
        int b = m.Floats(Shape, Nc4);
        int joint = m.Add(OpType.Concat, new Axis { AxisValue = 1 }, a, b);

        CollectionAssert.AreEqual((float[])[1, 0, 3], Unified(m.Gives(joint), 1, 0, 3));
        CollectionAssert.AreEqual((float[])[1, 2, 0], Unified(m, 1, 2, 0));
    }

    private static float[] Unified(TinyModel model, params float[] scales)
    {
        Graph graph = Graph.Build(model.Build());
        QuantParameters?[] quant = [.. scales.Select(s => s > 0 ? new QuantParameters(s, 0, -127, 127) : null)];
        ScaleUnifier.Unify(graph, n => n.Operator.MovesElements || n.Op.Type == OpType.Pooling, quant);
        return [.. quant.Select(q => q?.Scale ?? 0)];
    }
}
