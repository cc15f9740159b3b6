using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// Operators on int8 tensors. What the MNN runtime (3.6.1, x86-64 with AVX2) answers is recorded in
/// tests/assets/int8-answers.txt, all digits.
/// </summary>
internal static class Int8Cases
{
    private const MNN_DATA_FORMAT Nchw = MNN_DATA_FORMAT.NCHW;
    private const MNN_DATA_FORMAT Nhwc = MNN_DATA_FORMAT.NHWC;
    private const MNN_DATA_FORMAT Nc4 = MNN_DATA_FORMAT.NC4HW4;

    /// <summary>All of them.</summary>
    internal static IEnumerable<TinyModel> All =>
        [.. OfTwo(), .. OfTwoShapes(), .. Pooling(), .. OfOne(), .. Resizing(), .. Convolving(), .. Moving()];

    private static IEnumerable<TinyModel> OfTwo()
    {
        foreach (BinaryOpOperation function in new[]
        {
            BinaryOpOperation.ADD, BinaryOpOperation.SUB, BinaryOpOperation.MUL, BinaryOpOperation.SquaredDifference,
            BinaryOpOperation.MINIMUM, BinaryOpOperation.MAXIMUM, BinaryOpOperation.REALDIV, BinaryOpOperation.FLOORDIV,
        })
        {
            var m = new TinyModel($"Binary{function}");
            int a = m.Int8(m.Floats([1, 3, 5, 7], Nc4), 0.0091f, -11), b = m.Int8(m.Floats([1, 3, 5, 7], Nc4), 0.0067f, 23);
            yield return m.Gives(m.Int8(Two(m, function, a, b), 0.0173f, -5));
        }
    }

    private static IEnumerable<TinyModel> OfTwoShapes()
    {
        var m = new TinyModel("BinaryWithScalar");
        yield return m.Gives(m.Int8(
            Two(m, BinaryOpOperation.MUL, Quantized(m, [1, 4, 3, 3], Nc4), m.Int8(m.ConstFloats([1], 0.37f), 0.003f)), 0.004f));

        m = new TinyModel("BinaryRepeatsChannels");
        yield return m.Gives(m.Int8(
            Two(m, BinaryOpOperation.MUL, Quantized(m, [2, 4, 3, 3], Nc4), Quantized(m, [2, 4, 1, 1], Nc4)), 0.007f, 3));

        m = new TinyModel("BinaryLoopsInFloat");
        yield return m.Gives(m.Int8(
            Two(m, BinaryOpOperation.MUL, Quantized(m, [1, 4, 3, 5], Nhwc), Quantized(m, [1, 1, 1, 5], Nhwc)), 0.007f, 3));

        m = new TinyModel("BinaryRepeatsBoth");
        yield return m.Gives(m.Int8(
            Two(m, BinaryOpOperation.ADD, Quantized(m, [1, 4, 1, 5], Nhwc), Quantized(m, [1, 1, 3, 5], Nhwc)), 0.013f));

        m = new TinyModel("BinaryWithRelu");
        yield return m.Gives(m.Int8(
            m.Add(
                OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.ADD, T = DataType.DT_FLOAT, ActivationType = 1 },
                Quantized(m, [1, 8, 2, 2], Nc4), Quantized(m, [1, 8, 2, 2], Nc4)),
            0.013f, -30));
    }

    private static IEnumerable<TinyModel> Pooling()
    {
        foreach ((string name, Pool pool) in new (string, Pool)[]
        {
            ("Whole", new Pool { IsGlobal = true }),
            ("Padded", new Pool { KernelX = 3, KernelY = 3, StrideX = 2, StrideY = 2, PadX = 1, PadY = 1 }),
            ("Same", new Pool { KernelX = 2, KernelY = 3, StrideX = 2, StrideY = 1, PadType = PoolPadType.SAME }),
        })
        {
            foreach (PoolType type in new[] { PoolType.AVEPOOL, PoolType.MAXPOOL })
            {
                pool.Type = type;
                var m = new TinyModel($"Pool{name}{type}");
                yield return m.Gives(m.Int8(
                    m.Add(OpType.Pooling, pool, m.Int8(m.Floats([2, 17, 5, 7], Nc4), 0.0085f, -17)), 0.0085f, -17));
            }
        }
    }

    private static IEnumerable<TinyModel> OfOne()
    {
        foreach (UnaryOpOperation function in new[] { UnaryOpOperation.NEG, UnaryOpOperation.ABS, UnaryOpOperation.SIGN })
        {
            var m = new TinyModel($"Unary{function}");
            yield return m.Gives(m.Int8(
                m.Add(OpType.UnaryOp, new UnaryOp { OpType = function, T = DataType.DT_FLOAT }, Quantized(m, [1, 8, 3, 3], Nc4)),
                0.011f, 4));
        }

        var n = new TinyModel("UnaryTable");
        sbyte[] table = [.. Enumerable.Range(-127, 255).Select(q => (sbyte)(q * q / 128))];
        yield return n.Gives(n.Int8(
            n.Add(
                OpType.UnaryOp, new UnaryOp { OpType = UnaryOpOperation.SQUARE, T = DataType.DT_FLOAT, TableInt8 = table },
                Quantized(n, [1, 8, 3, 3], Nc4)),
            0.011f));

        n = new TinyModel("ReluTakesScale");
        int x = n.Int8(n.Floats([1, 8, 2, 4], Nc4), 0.0091f, -3);
        yield return n.Gives(n.Add(OpType.ReLU, new Relu(), x));

        n = new TinyModel("ReluOfOtherScale");
        x = n.Int8(n.Floats([1, 8, 2, 4]), 0.0091f, -3);
        yield return n.Gives(n.Int8(n.Add(OpType.ReLU, new Relu(), x), 0.005f, -127));

        n = new TinyModel("PReluOfChannels");
        yield return n.Gives(n.Int8(
            n.Add(OpType.PReLU, new PRelu { SlopeCount = 3, Slope = [0.25f, -0.5f, 2f] }, Quantized(n, [1, 3, 4, 4], Nc4)), 0.007f, 5));

        n = new TinyModel("PReluOfOneSlope");
        yield return n.Gives(n.Int8(
            n.Add(OpType.PReLU, new PRelu { SlopeCount = 1, Slope = [0.25f] }, Quantized(n, [1, 3, 4, 4], Nc4)), 0.007f, 5));

        n = new TinyModel("Scale");
        yield return n.Gives(n.Int8(
            n.Add(
                OpType.Scale,
                new Scale { Channels = 3, ScaleData = [1.5f, -0.75f, 0.1f], BiasData = [0.2f, -0.3f, 0.01f] },
                Quantized(n, [1, 3, 4, 4], Nc4)),
            0.012f, -7));

        n = new TinyModel("Softmax");
        yield return n.Gives(n.Int8(
            n.Add(OpType.Softmax, new Axis { AxisValue = 1 }, n.Int8(n.Floats([2, 10]), 0.0085f, 3)), 0.002f, -100));
    }

    private static IEnumerable<TinyModel> Resizing()
    {
        foreach (int type in new[] { 1, 2, 4 })
        {
            var m = new TinyModel($"Interp{type}");
            var interp = new Interp
            {
                ResizeType = type,
                OutputHeight = 7,
                OutputWidth = 9,
                Ctm = CoordinateTransformationMode.HalfPixels,
            };
            yield return m.Gives(m.Int8(m.Add(OpType.Interp, interp, m.Int8(m.Floats([1, 8, 3, 4], Nc4), 0.0085f, -17)), 0.01f, 9));
        }

        // Factors are no values: they stay float, though the constant has a scale.
        var f = new TinyModel("InterpByFactors");
        yield return f.Gives(f.Int8(
            f.Add(
                OpType.Interp, new Interp { ResizeType = 1, Ctm = CoordinateTransformationMode.Asymmetric },
                f.Int8(f.Floats([1, 8, 3, 4], Nc4), 0.0085f, -17), f.Int8(f.ConstFloats([4], 1, 1, 2, 3), 0.0236f)),
            0.0085f, -17));
    }

    private static IEnumerable<TinyModel> Convolving()
    {
        yield return Convolution("ConvolutionPadded", OpType.Convolution, 5, 11, 3, relu: false);
        yield return Convolution("ConvolutionOfPixels", OpType.Convolution, 19, 9, 1, relu: true);
        yield return Convolution("ConvolutionDepthwise", OpType.ConvolutionDepthwise, 21, 21, 3, relu: false);
        yield return Convolution("ConvolutionDepthwiseRelu", OpType.ConvolutionDepthwise, 8, 8, 5, relu: true);
        yield return Convolution("ConvolutionOfNoScale", OpType.Convolution, 5, 9, 3, relu: false, spoil: true);
        yield return Convolution("ConvolutionDepthwiseOfNoScale", OpType.ConvolutionDepthwise, 9, 9, 3, relu: true, spoil: true);
    }

    private static IEnumerable<TinyModel> Moving()
    {
        var m = new TinyModel("ConcatOfOneScale");
        int a = m.Int8(m.Floats([1, 2, 3, 3], Nc4), 0.008f), b = m.Int8(m.Floats([1, 3, 3, 3], Nc4), 0.008f);
        yield return m.Gives(m.Int8(m.Add(OpType.Concat, new Axis { AxisValue = 1 }, a, b), 0.008f));

        m = new TinyModel("ConcatOfTwoScales");
        a = m.Int8(m.Floats([1, 2, 3, 3], Nc4), 0.008f);
        b = m.Int8(m.Floats([1, 3, 3, 3], Nc4), 0.009f);
        int joined = m.Int8(m.Add(OpType.Concat, new Axis { AxisValue = 1 }, a, b), 0.008f);
        yield return m.Gives(m.Int8(Two(m, BinaryOpOperation.ADD, joined, joined), 0.02f));

        m = new TinyModel("ScaleOnTheWayDoesNotCount");
        int sum = m.Int8(Two(m, BinaryOpOperation.ADD, Quantized(m, [2, 6], Nchw), Quantized(m, [2, 6], Nchw)), 0.016f);
        int between = m.Int8(m.Add(OpType.Reshape, new Reshape { Dims = [3, 4] }, sum), 0.1f);
        int end = m.Int8(m.Add(OpType.Reshape, new Reshape { Dims = [4, 3] }, between), 0.016f);
        yield return m.Gives(m.Int8(Two(m, BinaryOpOperation.ADD, end, end), 0.03f));

        m = new TinyModel("PaddingIsZeroPoint");
        int padded = m.Int8(
            m.Add(OpType.Padding, null, m.Int8(m.Floats([1, 2, 2, 3], Nc4), 0.008f, -20), m.ConstInts([8], 0, 0, 0, 0, 1, 2, 0, 1)),
            0.008f, -20);
        yield return m.Gives(m.Int8(Two(m, BinaryOpOperation.ADD, padded, padded), 0.02f));
    }

    private static TinyModel Convolution(
        string name, OpType type, int inputs, int outputs, int kernel, bool relu, bool spoil = false)
    {
        var m = new TinyModel(name);
        int x = m.Int8(m.Floats([1, inputs, 6, 7], Nc4), 0.0083f, -9);
        int depth = type == OpType.Convolution ? inputs : 1;
        sbyte[] levels = [.. m.Arbitrary(outputs * depth * kernel * kernel).Select(v => (sbyte)(v * 127))];
        float[] scales = [.. m.Arbitrary(outputs).Select(v => 0.002f + (0.001f * v))];
        if (spoil)
        {
            (scales[1], scales[2], scales[3]) = (float.NaN, 0, 1e-8f);
        }

        IDSTQuan weights = WeightCodec.Encode(levels, outputs, depth * kernel * kernel, scales, 8);
        weights.ScaleIn = 0.0083f;
        weights.ScaleOut = 0.031f;
        var convolution = new Convolution2D
        {
            Common = new Convolution2DCommon
            {
                KernelX = kernel,
                KernelY = kernel,
                PadX = kernel / 2,
                PadY = kernel / 2,
                StrideX = kernel > 3 ? 2 : 1,
                StrideY = 1,
                OutputCount = outputs,
                InputCount = inputs,
                Relu = relu,
                Group = type == OpType.Convolution ? 1 : inputs,
            },
            Bias = m.Arbitrary(outputs),
            QuanParameter = weights,
            SymmetricQuan = new QuantizedFloatParam { Nbits = 8, ZeroPoint = -9, OutputZeroPoint = 6, ClampMin = -127, ClampMax = 127 },
        };
        return m.Gives(m.Int8(m.Add(type, convolution, x), 0.031f, 6));
    }

    private static int Quantized(TinyModel m, int[] shape, MNN_DATA_FORMAT format) => m.Int8(m.Floats(shape, format), 0.008f, 2);

    private static int Two(TinyModel m, BinaryOpOperation function, int a, int b) =>
        m.Add(OpType.BinaryOp, new BinaryOp { OpType = function, T = DataType.DT_FLOAT }, a, b);
}
