using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

internal static partial class RuntimeCases
{
    private static IEnumerable<TinyModel> Volumes()
    {
        var m = new TinyModel("Convolution3D");
        var common = new Convolution3DCommon
        {
            Kernels = [2, 3, 2],
            Strides = [1, 2, 1],
            Dilates = [1, 1, 2],
            Pads = [1, 1, 0],
            InputCount = 2,
            OutputCount = 3,
            Relu = true,
        };
        yield return m.Gives(m.Add(
            OpType.Convolution3D,
            new Convolution3D { Common = common, Weight = m.Arbitrary(72), Bias = m.Arbitrary(3) }, m.Floats([2, 2, 3, 4, 5], Nc4)));

        m = new TinyModel("ConvTranspose3D");
        common = new Convolution3DCommon
        {
            Kernels = [2, 3, 2],
            Strides = [1, 2, 2],
            Dilates = [1, 1, 1],
            Pads = [0, 1, 0],
            InputCount = 2,
            OutputCount = 3,
        };
        yield return m.Gives(m.Add(
            OpType.ConvTranspose3D,
            new Convolution3D { Common = common, Weight = m.Arbitrary(72), Bias = m.Arbitrary(3) }, m.Floats([2, 2, 2, 3, 2], Nc4)));

        m = new TinyModel("Dilation2D");
        yield return m.Gives(m.Add(
            OpType.Dilation2D,
            new Convolution2D
            {
                Common = new Convolution2DCommon { KernelX = 2, KernelY = 3, OutputCount = 2, PadMode = PadMode.SAME },
                Weight = m.Arbitrary(12),
            },
            m.Floats([1, 2, 4, 3], Nc4)));

        m = new TinyModel("CosineSimilarity");
        yield return m.Gives(m.Add(
            OpType.CosineSimilarity, null, m.Floats([2, 5, 3]), m.Floats([2, 5, 3]), m.ConstInts([1], 1)));

        m = new TinyModel("Determinant");
        yield return m.Gives(m.Add(OpType.Det, null, m.Floats([2, 3, 3])));

        m = new TinyModel("Histogram");
        yield return m.Gives(m.Add(
            OpType.Histogram, new ArgMax { Axis = -1, OutMaxVal = 4, SoftmaxThreshold = -1, TopK = 1 }, m.Floats([2, 9])));

        m = new TinyModel("SegmentMean");
        yield return m.Gives(m.Add(OpType.Segment, null, m.Floats([5, 3]), m.ConstInts([5], 0, 0, 1, 2, 2)));

        m = new TinyModel("RandomNormal");
        yield return m.Gives(m.Add(
            OpType.RandomNormal, new RandomUniform { Seed = 3, Low = 1, High = 2 }, m.ConstInts([1], 5)));

        foreach (CoordinateTransformationMode mode in new[] { CoordinateTransformationMode.Asymmetric, CoordinateTransformationMode.HalfPixels })
        {
            var i = new TinyModel($"InterpOfVolumes{mode}");
            yield return i.Gives(i.Add(
                OpType.Interp, new Interp { ResizeType = 4, OutputDepth = 3, OutputHeight = 5, OutputWidth = 2, Ctm = mode },
                i.Floats([1, 2, 2, 3, 4], Nc4)));
        }
    }
}
