using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

internal static partial class RuntimeCases
{
    private static IEnumerable<TinyModel> Recurring()
    {
        var m = new TinyModel("LstmBothDirections");
        yield return m.Gives(m.AddMany(
            OpType.LSTM, new LSTM { OutputCount = 3 }, 3, m.Floats([4, 2, 5]), m.ConstArbitrary(2, 12, 5),
            m.ConstArbitrary(2, 12, 3), m.ConstArbitrary(2, 12), m.Floats([2, 2, 3]), m.Floats([2, 2, 3])));

        m = new TinyModel("Rnn");
        yield return m.Gives(m.AddMany(
            OpType.RNN, new LSTM { OutputCount = 3 }, 2, m.Floats([4, 2, 5]), m.ConstArbitrary(1, 3, 5),
            m.ConstArbitrary(1, 3, 3), m.ConstArbitrary(1, 3)));

        foreach (bool linear in new[] { false, true })
        {
            var g = new TinyModel($"GruLinearBeforeReset{linear}");
            yield return g.Gives(g.AddMany(
                OpType.RNNSequenceGRU, new RNNParam { NumUnits = 3, KeepAllOutputs = true, LinearBeforeReset = linear }, 2,
                g.Floats([4, 2, 5]), g.ConstArbitrary(8, 6), g.ConstArbitrary(6), g.ConstArbitrary(8, 3), g.ConstArbitrary(3),
                g.ConstArbitrary(9)));
        }

        m = new TinyModel("LstmCaffe");
        yield return m.Gives(m.Add(
            OpType.LSTM,
            new LSTM
            {
                OutputCount = 3,
                WeightI = new Blob { Dims = [60], Float32s = m.Arbitrary(60) },
                WeightH = new Blob { Dims = [36], Float32s = m.Arbitrary(36) },
                Bias = new Blob { Dims = [12], Float32s = m.Arbitrary(12) },
            },
            m.Floats([2, 4, 1, 5], Nc4)));
    }

    private static IEnumerable<TinyModel> Detecting()
    {
        var m = new TinyModel("RoiPooling");
        yield return m.Gives(m.Add(
            OpType.ROIPooling, new RoiParameters { PooledWidth = 2, PooledHeight = 3, SpatialScale = 0.5f },
            m.Floats([1, 2, 6, 7], Nc4), m.Floats([2, 5, 1, 1], Nc4, [0, 1, 2, 9, 11, 0, 4, 0, 13, 5])));

        m = new TinyModel("RoiAlignMaximum");
        yield return m.Gives(m.Add(
            OpType.ROIAlign,
            new RoiParameters { PooledWidth = 2, PooledHeight = 2, SpatialScale = 0.5f, SamplingRatio = 2, PoolType = PoolType.MAXPOOL },
            m.Floats([1, 2, 6, 7], Nc4), m.Floats([1, 5, 1, 1], Nc4, [0, 1, 2, 9, 11])));

        m = new TinyModel("PriorBox");
        yield return m.Gives(m.Add(
            OpType.PriorBox,
            new PriorBox
            {
                MinSizes = [3, 5],
                MaxSizes = [6, 8],
                AspectRatios = [2],
                Variances = [0.1f, 0.1f, 0.2f, 0.2f],
                Flip = true,
                Clip = true,
                Offset = 0.5f,
            },
            m.Floats([1, 4, 2, 3], Nc4), m.Floats([1, 3, 20, 30], Nc4)));

        m = new TinyModel("DetectionOutput");
        yield return m.Gives(m.Add(
            OpType.DetectionOutput,
            new DetectionOutput
            {
                ClassCount = 3,
                NmsThresholdold = 0.45f,
                NmsTopK = 10,
                KeepTopK = 5,
                ConfidenceThreshold = 0.3f,
                ShareLocation = 1,
                CodeType = 2,
            },
            m.Floats([1, 12, 1, 1], Nc4),
            m.Floats([1, 9, 1, 1], Nc4, [0.1f, 0.7f, 0.2f, 0.2f, 0.65f, 0.35f, 0.1f, 0.5f, 0.4f]),
            m.Floats(
                [1, 2, 12, 1], Nc4,
                [
                    0.1f, 0.1f, 0.5f, 0.5f, 0.12f, 0.1f, 0.5f, 0.52f, 0.4f, 0.5f, 0.9f, 0.8f,
                    0.1f, 0.1f, 0.2f, 0.2f, 0.1f, 0.1f, 0.2f, 0.2f, 0.1f, 0.1f, 0.2f, 0.2f,
                ])));

        m = new TinyModel("DetectionPostProcess");
        yield return m.Gives(m.AddMany(
            OpType.DetectionPostProcess,
            new DetectionPostProcessParam
            {
                MaxDetections = 2,
                MaxClassesPerDetection = 1,
                DetectionsPerClass = 1,
                NmsScoreThreshold = 0.2f,
                IouThreshold = 0.5f,
                NumClasses = 2,
                CenterSizeEncoding = [10, 10, 5, 5],
            },
            4, m.Floats([1, 4, 4]), m.Floats([1, 4, 3], Nchw, [0, 0.9f, 0.3f, 0, 0.85f, 0.2f, 0, 0.1f, 0.6f, 0, 0.05f, 0.1f]),
            m.Floats([4, 4], Nchw, [0.5f, 0.5f, 1, 1, 0.5f, 0.52f, 1, 1, 2, 2, 1, 1, 4, 4, 1, 1])));

        m = new TinyModel("Proposal");
        yield return m.Gives(m.AddMany(
            OpType.Proposal,
            new Proposal
            {
                FeatStride = 16,
                BaseSize = 16,
                PreNmsTopN = 20,
                AfterNmsTopN = 5,
                NmsThreshold = 0.5f,
                MinSize = 4,
                Ratios = new Blob { Dims = [2], Float32s = [0.5f, 1] },
                Scales = new Blob { Dims = [2], Float32s = [1, 2] },
            },
            2, m.Floats([1, 8, 3, 4], Nc4), m.Floats([1, 16, 3, 4], Nc4), m.Floats([1, 3, 1, 1], Nc4, [48, 64, 1.5f])));

        m = new TinyModel("NonMaxSuppression");
        yield return m.Gives(m.Add(
            OpType.NonMaxSuppressionV2, null,
            m.Floats([3, 4], Nchw, [0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, 2, 1, 3]), m.Floats([3], Nchw, [0.4f, 0.9f, 0.5f]),
            m.ConstInts([], 3), m.ConstFloats([], 0.5f), m.ConstFloats([], 0)));
    }

    // The casts of models that older tools made.
    private static IEnumerable<TinyModel> Casting()
    {
        var m = new TinyModel("Int8CastsOfATensor");
        var levels = new QuantizedFloatParam { TensorScale = [37], ZeroPoint = 5, ClampMin = -30, ClampMax = 33 };
        int rounded = m.Add(OpType.FloatToInt8, levels, m.Floats([1, 5, 3, 4], Nc4));
        yield return m.Gives(m.Add(
            OpType.Int8ToFloat, new QuantizedFloatParam { TensorScale = [0.03f], ZeroPoint = 5 }, rounded));

        m = new TinyModel("Int8CastsOfChannels");
        rounded = m.Add(
            OpType.FloatToInt8, new QuantizedFloatParam { TensorScale = [20, 90, 127, 300, 55] }, m.Floats([2, 5, 2, 3], Nc4));
        yield return m.Gives(m.Add(
            OpType.Int8ToFloat, new QuantizedFloatParam { TensorScale = [0.05f, 0.01f, 0.008f, 0.003f, 0.02f] }, rounded));
    }

    private static IEnumerable<TinyModel> Flowing()
    {
        foreach (int condition in new[] { 0, 1 })
        {
            var i = new TinyModel($"If{condition}");
            i.Graph("then", ["x", "y"], "sum", OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.ADD });
            i.Graph("else", ["p", "q"], "product", OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.MUL });
            yield return i.Gives(i.Add(
                OpType.If,
                new IfParam
                {
                    ThenGraph = "then",
                    ElseGraph = "else",
                    AliasesInputs = [new StringVec { Data = [] }, new StringVec { Data = ["x", "p"] }, new StringVec { Data = ["y", "q"] }],
                    AliasesOutputs = [new StringVec { Data = ["sum", "product"] }],
                },
                i.Ints([], condition), i.Floats([2]), i.Floats([2])));
        }

        var m = new TinyModel("WhileUntilSmall");
        m.Graph("condition", ["value"], "big", OpType.Cast, new CastParam { SrcT = DataType.DT_FLOAT, DstT = DataType.DT_INT32 });
        m.Graph("body", ["state", "factor"], "next", OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.MUL });
        yield return m.Gives(m.Add(
            OpType.While,
            new WhileParam
            {
                CondGraph = "condition",
                BodyGraph = "body",
                AliasesInputs = [new StringVec { Data = ["value", "state"] }, new StringVec { Data = ["factor"] }],
                AliasesUpdates = [new StringVec { Data = ["next", "value"] }, new StringVec { Data = ["next", "state"] }],
                AliasesOutputs = ["next"],
            },
            m.Floats([2], Nchw, [9, 20]), m.Floats([2], Nchw, [0.5f, 0.25f])));

        m = new TinyModel("SequenceInsertAndJoin");
        var array = new TensorArray { DynamicSize = true, T = DataType.DT_FLOAT, Axis = 0 };
        int[] created = m.AddMany(OpType.TensorArray, array, 2, m.ConstInts([1], 0));
        int first = m.Floats([2, 3]);
        int written = m.Add(OpType.TensorArrayWrite, array, created[0], m.ConstInts([1], 0), first, created[1]);
        int inserted = m.Add(OpType.TensorArrayInsert, array, written, m.ConstInts([1], 0), m.Floats([1, 3]), written);
        yield return m.Gives(
            m.Add(OpType.TensorArrayConcat, array, inserted, inserted),
            m.Add(OpType.TensorArraySize, array, inserted, inserted));

        m = new TinyModel("SequenceScatterAndGather");
        var fixedArray = new TensorArray { IdenticalElementShapes = true, ElementShape = [2], T = DataType.DT_FLOAT };
        created = m.AddMany(OpType.TensorArray, fixedArray, 2, m.ConstInts([1], 3));
        int scattered = m.Add(
            OpType.TensorArrayScatter, fixedArray, created[0], m.ConstInts([3], 2, 0, 1), m.Floats([3, 2]), created[1]);
        yield return m.Gives(m.Add(OpType.TensorArrayGather, fixedArray, created[0], m.ConstInts([2], 1, 2), scattered));
    }
}
