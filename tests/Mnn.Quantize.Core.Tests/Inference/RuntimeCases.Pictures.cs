using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

internal static partial class RuntimeCases
{
    private static IEnumerable<TinyModel> Pictures() => [.. Convolutions(), .. Poolings(), .. Resizes(), .. Activations()];

    private static IEnumerable<TinyModel> Convolutions()
    {
        yield return Convolved("ConvolutionSame", OpType.Convolution, 4, 6, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 2,
            PadMode = PadMode.SAME,
            Relu6 = true,
        });
        yield return Convolved("ConvolutionValidDilated", OpType.Convolution, 4, 5, new Convolution2DCommon
        {
            KernelX = 2,
            KernelY = 3,
            DilateX = 2,
            DilateY = 1,
            PadMode = PadMode.VALID,
        });
        yield return Convolved("ConvolutionOfGroups", OpType.Convolution, 6, 4, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 3,
            PadX = 1,
            PadY = 2,
            Group = 2,
            Relu = true,
        });
        yield return Convolved("ConvolutionPaddedUnevenly", OpType.Convolution, 3, 4, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 1,
            Pads = [0, 1, 2, 0],
        });
        yield return Convolved("DepthwiseSame", OpType.ConvolutionDepthwise, 5, 5, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 2,
            PadMode = PadMode.SAME,
            Group = 5,
        });
        yield return Convolved("DeconvolutionSame", OpType.Deconvolution, 4, 3, new Convolution2DCommon
        {
            KernelX = 2,
            KernelY = 2,
            StrideX = 2,
            StrideY = 2,
            PadMode = PadMode.SAME,
        });
        yield return Convolved("DeconvolutionPadded", OpType.Deconvolution, 4, 3, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 4,
            StrideX = 2,
            StrideY = 2,
            PadX = 1,
            PadY = 1,
            Relu = true,
        });
        yield return Convolved("DeconvolutionDepthwise", OpType.DeconvolutionDepthwise, 4, 4, new Convolution2DCommon
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 2,
            PadX = 1,
            PadY = 1,
            Group = 4,
        });
    }

    private static IEnumerable<TinyModel> Poolings()
    {
        yield return Pooled("PoolingMaxCeil", new Pool
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 2,
            PadX = 1,
            PadY = 1,
            Type = PoolType.MAXPOOL,
            CeilModel = true,
        });
        yield return Pooled("PoolingMeanPadded", new Pool
        {
            KernelX = 3,
            KernelY = 2,
            StrideX = 2,
            StrideY = 1,
            PadX = 1,
            PadY = 1,
            Type = PoolType.AVEPOOL,
            CeilModel = false,
        });
        yield return Pooled("PoolingMeanSame", new Pool
        {
            KernelX = 3,
            KernelY = 3,
            StrideX = 2,
            StrideY = 2,
            PadType = PoolPadType.SAME,
            Type = PoolType.AVEPOOL,
        });
        yield return Pooled("PoolingMaxValid", new Pool
        {
            KernelX = 2,
            KernelY = 2,
            StrideX = 2,
            StrideY = 2,
            PadType = PoolPadType.VALID,
            Type = PoolType.MAXPOOL,
        });
        yield return Pooled("PoolingOfAll", new Pool { IsGlobal = true, Type = PoolType.AVEPOOL });

        var m = new TinyModel("Pooling3DOfAll");
        yield return m.Gives(m.Add(
            OpType.Pooling3D, new Pool3D { IsGlobal = true, Type = PoolType.AVEPOOL }, m.Floats([1, 3, 4, 5], Nc4)));
    }

    private static IEnumerable<TinyModel> Resizes()
    {
        foreach (CoordinateTransformationMode mode in (CoordinateTransformationMode[])
            [CoordinateTransformationMode.AlignCorners, CoordinateTransformationMode.HalfPixels, CoordinateTransformationMode.Asymmetric])
        {
            foreach (int type in (int[])[1, 2, 3])
            {
                var m = new TinyModel($"Interp{type}{mode}");
                yield return m.Gives(m.Add(
                    OpType.Interp,
                    new Interp { ResizeType = type, OutputHeight = 7, OutputWidth = 5, Ctm = mode, CubicCoeffA = -0.75f },
                    m.Floats([1, 3, 4, 3], Nc4)));
            }
        }
    }

    private static IEnumerable<TinyModel> Activations()
    {
        foreach (UnaryOpOperation function in (UnaryOpOperation[])
            [UnaryOpOperation.HARDSWISH, UnaryOpOperation.SIGMOID, UnaryOpOperation.SILU, UnaryOpOperation.GELU])
        {
            var m = new TinyModel($"Unary{function}");
            int wide = m.Add(
                OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.MUL, T = DataType.DT_FLOAT },
                m.Floats([1, 5, 2, 3], Nc4), m.ConstFloats([], 6));
            yield return m.Gives(m.Add(OpType.UnaryOp, new UnaryOp { OpType = function, T = DataType.DT_FLOAT }, wide));
        }

        var p = new TinyModel("PReluOfChannels");
        yield return p.Gives(p.Add(
            OpType.PReLU, new PRelu { SlopeCount = 3, Slope = [0.1f, -0.5f, 2] }, p.Floats([1, 3, 2, 2], Nc4)));

        var s = new TinyModel("ScaleOfChannels");
        yield return s.Gives(s.Add(
            OpType.Scale, new Scale { Channels = 3, ScaleData = [0.5f, -1, 3], BiasData = [1, 0, -2] }, s.Floats([1, 3, 2, 2], Nc4)));
    }

    private static TinyModel Convolved(string name, OpType type, int inputs, int outputs, Convolution2DCommon common)
    {
        var m = new TinyModel(name);
        common.InputCount = inputs;
        common.OutputCount = outputs;
        bool depthwise = type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise;
        int perOutput = depthwise ? 1 : inputs / Math.Max(1, common.Group);
        float[] weight = m.Arbitrary(outputs * perOutput * common.KernelX * common.KernelY);
        return m.Gives(m.Add(
            type, new Convolution2D { Common = common, Weight = weight, Bias = m.Arbitrary(outputs) },
            m.Floats([2, inputs, 6, 5], Nc4)));
    }

    private static TinyModel Pooled(string name, Pool parameters)
    {
        var m = new TinyModel(name);
        return m.Gives(m.Add(OpType.Pooling, parameters, m.Floats([1, 5, 6, 7], Nc4)));
    }
}
