using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// Operators that no ONNX case reaches. What the MNN runtime (3.6.1) answers is recorded in RuntimeAnswers.cs.
/// </summary>
internal static partial class RuntimeCases
{
    private const MNN_DATA_FORMAT Nchw = MNN_DATA_FORMAT.NCHW;
    private const MNN_DATA_FORMAT Nhwc = MNN_DATA_FORMAT.NHWC;
    private const MNN_DATA_FORMAT Nc4 = MNN_DATA_FORMAT.NC4HW4;

    /// <summary>All of them.</summary>
    internal static IEnumerable<TinyModel> All =>
        [.. Moving(), .. Indexing(), .. Reducing(), .. Multiplying(), .. Recurring(), .. Detecting(), .. Casting(), .. Flowing(),
            .. Volumes(), .. Pictures()];

    private static IEnumerable<TinyModel> Moving()
    {
        var m = new TinyModel("StridedSliceShrinkAndNewAxis");
        yield return m.Gives(m.Add(
            OpType.StridedSlice, new StridedSliceParam { ShrinkAxisMask = 1, BeginMask = 2, EndMask = 4 },
            m.Floats([3, 4, 5]), m.ConstInts([3], 1, 7, 1), m.ConstInts([3], 2, 3, 0), m.ConstInts([3], 1, 2, 1)));

        m = new TinyModel("StridedSliceEllipsis");
        yield return m.Gives(m.Add(
            OpType.StridedSlice, new StridedSliceParam { EllipsisMask = 1 },
            m.Floats([2, 3, 4]), m.ConstInts([2], 0, 1), m.ConstInts([2], 0, 3), m.ConstInts([2], 1, 1)));

        m = new TinyModel("StridedSliceOnnxBackwards");
        yield return m.Gives(m.Add(
            OpType.StridedSlice, new StridedSliceParam { FromType = 1 },
            m.Floats([3, 5]), m.ConstInts([1], -1), m.ConstInts([1], -6), m.ConstInts([1], 1), m.ConstInts([1], -2)));

        m = new TinyModel("SliceCaffe");
        yield return m.Gives(m.AddMany(
            OpType.Slice, new Slice { Axis = 1, SlicePoints = [1, 3], SourceType = NetSource.CAFFE }, 3,
            m.Floats([1, 6, 2, 2], Nc4)));

        m = new TinyModel("SliceTorch");
        yield return m.Gives(m.AddMany(
            OpType.Slice, new Slice { Axis = -1, SlicePoints = [2], SourceType = NetSource.TORCH }, 2, m.Floats([2, 4])));

        m = new TinyModel("ExpandDims");
        yield return m.Gives(m.Add(OpType.ExpandDims, new ExpandDims { Axis = 1 }, m.Floats([2, 3, 4]), m.ConstInts([1], 1)));

        m = new TinyModel("RasterTransposes");
        yield return m.Gives(m.Add(
            OpType.Raster,
            new Extra
            {
                Type = "Raster",
                Attr =
                [
                    new Mnn.Quantize.Model.Schema.Attribute { Key = "shape", List = new ListValue { I = [1, 2, 4, 3] } },
                    new Mnn.Quantize.Model.Schema.Attribute { Key = "region", List = new ListValue { I = [0, 12, 1, 4, 0, 12, 3, 1, 2, 4, 3] } },
                ],
            },
            m.Floats([1, 2, 3, 4])));

        m = new TinyModel("ZerosLike");
        yield return m.Gives(m.Add(OpType.ZerosLike, null, m.Floats([2, 3, 4])));

        m = new TinyModel("Sigmoid");
        yield return m.Gives(m.Add(OpType.Sigmoid, null, m.Floats([1, 5, 2, 4], Nc4)));

        m = new TinyModel("TanH");
        yield return m.Gives(m.Add(OpType.TanH, null, m.Floats([1, 5, 2, 4], Nc4)));

        m = new TinyModel("Crop");
        yield return m.Gives(m.Add(
            OpType.Crop, new Crop { Axis = 2, Offset = [1, 2] }, m.Floats([1, 2, 4, 5], Nc4), m.Floats([1, 2, 2, 3], Nc4)));

        m = new TinyModel("SpaceToBatch");
        yield return m.Gives(m.Add(
            OpType.SpaceToBatchND, null, m.Floats([1, 3, 3, 2], Nhwc), m.ConstInts([2], 2, 2), m.ConstInts([2, 2], 1, 0, 0, 1)));

        m = new TinyModel("BatchToSpace");
        yield return m.Gives(m.Add(
            OpType.BatchToSpaceND, null, m.Floats([4, 2, 2, 3], Nc4), m.ConstInts([2], 2, 2), m.ConstInts([2, 2], 0, 1, 1, 0)));

        m = new TinyModel("DepthToSpaceNhwc");
        yield return m.Gives(m.Add(
            OpType.DepthToSpace, new DepthSpaceParam { BlockSize = 2 }, m.Floats([1, 2, 3, 8], Nhwc)));

        m = new TinyModel("Reverse");
        yield return m.Gives(m.Add(OpType.Reverse, null, m.Floats([2, 3, 2]), m.ConstInts([1], 1)));

        m = new TinyModel("BroadcastToFront");
        yield return m.Gives(m.Add(
            OpType.BroadcastTo, new Axis { AxisValue = 1 }, m.Floats([3]), m.ConstInts([2], 3, 2)));

        m = new TinyModel("MatrixBandPart");
        yield return m.Gives(m.Add(
            OpType.MatrixBandPart, null, m.Floats([2, 3, 4]), m.ConstInts([], 1), m.ConstInts([], 0)));

        m = new TinyModel("EyeLike");
        yield return m.Gives(m.Add(OpType.EyeLike, null, m.Floats([3, 4]), m.ConstInts([1], 1)));

        m = new TinyModel("Resize");
        yield return m.Gives(m.Add(OpType.Resize, new Resize { XScale = 2, YScale = 1.5f }, m.Floats([1, 2, 4, 3], Nc4)));

        m = new TinyModel("CropAndResizeBilinear");
        yield return m.Gives(m.Add(
            OpType.CropAndResize, new CropAndResize { ExtrapolationValue = 0.5f }, m.Floats([2, 4, 5, 2], Nhwc),
            m.Floats([2, 4], Nhwc, [0.1f, 0.2f, 0.8f, 0.9f, -0.2f, 0.1f, 0.7f, 0.6f]), m.Ints([2], 1, 0), m.ConstInts([2], 3, 2)));

        m = new TinyModel("CropAndResizeNearest");
        yield return m.Gives(m.Add(
            OpType.CropAndResize, new CropAndResize { Method = CropAndResizeMethod.NEAREST }, m.Floats([1, 4, 5, 2], Nhwc),
            m.Floats([1, 4], Nhwc, [0.1f, 0.2f, 0.8f, 0.9f]), m.Ints([1], 0), m.ConstInts([2], 2, 3)));

        m = new TinyModel("Col2Im");
        yield return m.Gives(m.Add(
            OpType.Col2Im,
            new Convolution2D { Common = new Convolution2DCommon { KernelX = 2, KernelY = 2, StrideX = 1, StrideY = 1, Pads = [1, 0, 0, 1] } },
            m.Floats([1, 8, 12]), m.ConstInts([2], 3, 4)));
    }

    private static IEnumerable<TinyModel> Indexing()
    {
        var m = new TinyModel("TopKLargest");
        yield return m.Gives(m.AddMany(OpType.TopKV2, new TopKV2(), 2, m.Floats([2, 5]), m.ConstInts([1], 3)));

        m = new TinyModel("TopKSmallestAlongFirst");
        yield return m.Gives(m.AddMany(
            OpType.TopKV2, new TopKV2 { Largest = false }, 2, m.Floats([4, 3]), m.ConstInts([1], 2), m.ConstInts([1], 0)));

        m = new TinyModel("ArgMaxCaffeFirst");
        yield return m.Gives(m.Add(OpType.ArgMax, new ArgMax { TopK = 2, OutMaxVal = 1 }, m.Floats([1, 6, 1, 1], Nc4)));

        m = new TinyModel("SetDifference");
        yield return m.Gives(m.Add(OpType.SetDiff1D, null, m.Ints([6], 4, 1, 3, 4, 5, 2), m.Ints([2], 1, 5)));

        m = new TinyModel("Unique");
        yield return m.Gives(m.AddMany(OpType.Unique, null, 2, m.Ints([6], 4, 1, 3, 4, 1, 2)));

        m = new TinyModel("UnravelIndex");
        yield return m.Gives(m.Add(OpType.UnravelIndex, null, m.Ints([3], 5, 0, 11), m.Ints([2], 3, 4)));

        m = new TinyModel("ScatterNdAdd");
        yield return m.Gives(m.Add(
            OpType.ScatterNd, new BinaryOp { OpType = BinaryOpOperation.ADD }, m.Ints([3, 1], 1, 3, 1), m.Floats([3, 2]),
            m.ConstInts([2], 4, 2)));

        m = new TinyModel("ScatterElementsMultiply");
        yield return m.Gives(m.Add(
            OpType.ScatterElements, new BinaryOp { OpType = BinaryOpOperation.MUL }, m.Floats([2, 3]),
            m.Ints([2, 1], 2, 0), m.Floats([2, 1]), m.ConstInts([1], 1)));

        m = new TinyModel("SelectBroadcast");
        yield return m.Gives(m.Add(OpType.Select, null, m.Ints([2, 1], 1, 0), m.Floats([2, 3]), m.Floats([2, 3])));

        m = new TinyModel("LinSpace");
        yield return m.Gives(m.Add(
            OpType.LinSpace, null, m.ConstFloats([], -1), m.ConstFloats([], 2), m.ConstInts([], 5)));

        m = new TinyModel("RandomUniformSeeded");
        yield return m.Gives(m.Add(
            OpType.RandomUniform, new RandomUniform { Seed = 7, Low = -2, High = 3 }, m.ConstInts([2], 2, 4)));

        m = new TinyModel("RandomUniformUnseeded");
        yield return m.Gives(m.Add(OpType.RandomUniform, new RandomUniform(), m.ConstInts([1], 6)));

        m = new TinyModel("CastLike");
        yield return m.Gives(m.Add(
            OpType.CastLike, null, m.Floats([4], Nchw, [-1.7f, 0.2f, 1.9f, 3]), m.Ints([1], 1)));
    }

    private static IEnumerable<TinyModel> Reducing()
    {
        foreach (ReductionType type in new[] { ReductionType.SUM, ReductionType.MEAN, ReductionType.PROD, ReductionType.MAXIMUM })
        {
            var r = new TinyModel($"ReduceTwoAxes{type}");
            yield return r.Gives(r.Add(
                OpType.Reduction, new ReductionParam { Operation = type, Dim = [0, 2], KeepDims = false }, r.Floats([2, 3, 4])));
        }

        var m = new TinyModel("ReduceIntMean");
        yield return m.Gives(m.Add(
            OpType.Reduction, new ReductionParam { Operation = ReductionType.MEAN, Dim = [1], DType = DataType.DT_INT32 },
            m.Ints([2, 3], 1, 2, 5, -7, 2, 1)));

        m = new TinyModel("ReduceAny");
        yield return m.Gives(m.Add(
            OpType.Reduction, new ReductionParam { Operation = ReductionType.ANY, Dim = [1] }, m.Ints([2, 3], 0, 0, 0, 0, 1, 0)));

        m = new TinyModel("ReduceAll");
        yield return m.Gives(m.Add(
            OpType.Reduction, new ReductionParam { Operation = ReductionType.ALL, Dim = [1] }, m.Ints([2, 3], 1, 1, 1, 0, 1, 1)));

        m = new TinyModel("CumSumExclusiveReverse");
        yield return m.Gives(m.Add(
            OpType.CumSum, new CumSum { Exclusive = true, Reverse = true }, m.Floats([2, 4, 2]), m.ConstInts([1], 1)));

        m = new TinyModel("CumProd");
        yield return m.Gives(m.Add(OpType.CumProd, new Axis { AxisValue = 1 }, m.Floats([2, 4])));

        m = new TinyModel("LayerNormScaled");
        yield return m.Gives(m.Add(
            OpType.LayerNorm,
            new LayerNorm { Axis = [-1], Epsilon = 1e-3f, Gamma = m.Arbitrary(21), Beta = m.Arbitrary(21) }, m.Floats([2, 3, 21])));

        m = new TinyModel("LayerNormRootMeanSquare");
        yield return m.Gives(m.Add(
            OpType.LayerNorm,
            new LayerNorm { Axis = [-1], Epsilon = 1e-3f, Gamma = m.Arbitrary(9), Beta = new float[9], UseRMSNorm = true },
            m.Floats([2, 9])));

        m = new TinyModel("LayerNormGroups");
        yield return m.Gives(m.Add(OpType.LayerNorm, new LayerNorm { Epsilon = 1e-3f, Group = 2 }, m.Floats([2, 4, 3])));

        m = new TinyModel("LocalResponseNormSquare");
        yield return m.Gives(m.Add(
            OpType.LRN, new LRN { RegionType = 1, LocalSize = 3, Alpha = 0.9f, Beta = 0.75f, Bias = 1 }, m.Floats([1, 2, 4, 5], Nc4)));

        m = new TinyModel("Normalize");
        yield return m.Gives(m.Add(
            OpType.Normalize, new Normalize { Eps = 1e-4f, Scale = [1, 2, 0.5f] }, m.Floats([2, 3, 2, 2], Nc4)));

        m = new TinyModel("Threshold");
        yield return m.Gives(m.Add(OpType.Threshold, new ELU { Alpha = 0.2f }, m.Floats([8])));
    }

    private static IEnumerable<TinyModel> Multiplying()
    {
        var m = new TinyModel("BatchMatMulTransposedA");
        yield return m.Gives(m.Add(
            OpType.BatchMatMul, new BatchMatMulParam { AdjX = true }, m.Floats([2, 1, 4, 3]), m.Floats([3, 4, 2])));

        m = new TinyModel("BatchMatMulTransposedB");
        yield return m.Gives(m.Add(
            OpType.BatchMatMul, new BatchMatMulParam { AdjY = true }, m.Floats([2, 3, 4]), m.Floats([2, 5, 4])));

        foreach (bool transposed in new[] { false, true })
        {
            var c = new TinyModel($"MatMulOfConstantTransposed{transposed}");
            yield return c.Gives(c.Add(
                OpType.MatMul, new MatMul { TransposeA = !transposed, TransposeB = transposed },
                c.Floats(transposed ? [5, 4] : [4, 5]), c.ConstArbitrary(transposed ? [3, 4] : [4, 3])));
        }

        m = new TinyModel("MatMulOfVector");
        yield return m.Gives(m.Add(OpType.MatMul, new MatMul(), m.Floats([4]), m.Floats([4, 3])));

        m = new TinyModel("InnerProduct");
        yield return m.Gives(m.Add(
            OpType.InnerProduct,
            new InnerProduct { OutputCount = 3, BiasTerm = 1, WeightSize = 12, Weight = m.Arbitrary(12), Bias = m.Arbitrary(3) },
            m.Floats([1, 4])));

        m = new TinyModel("GridSampleNearest");
        yield return m.Gives(m.Add(
            OpType.GridSample, new GridSample { Mode = SampleMode.NEAREST, PaddingMode = BorderMode.CLAMP },
            m.Floats([1, 2, 3, 4], Nc4), m.Floats([1, 2, 3, 2])));

        m = new TinyModel("GridSampleVolume");
        yield return m.Gives(m.Add(
            OpType.GridSample, new GridSample { PaddingMode = BorderMode.ZEROS }, m.Floats([1, 2, 2, 3, 4], Nc4),
            m.Floats([1, 1, 2, 2, 3])));
    }
}
