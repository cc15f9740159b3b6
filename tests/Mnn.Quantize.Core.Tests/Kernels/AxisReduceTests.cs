using Mnn.Quantize.Core.Tests.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>The order of a reduction's operations is what the contract says, at every length.</summary>
[TestClass]
public sealed class AxisReduceTests
{
    [TestMethod]
    public void LinesAreSummedInSixteenLanes()
    {
        float[] values = new TinyModel("values").Arbitrary(70);
        for (int length = 0; length <= values.Length; length++)
        {
            float[] lanes = new float[16];
            for (int i = 0; i < length; i++)
            {
                lanes[i % 16] += values[i];
            }

            for (int half = 8; half > 0; half /= 2)
            {
                for (int i = 0; i < half; i++)
                {
                    lanes[i] += lanes[i + half];
                }
            }

            float found = AxisReduce.Line<SumReduction>(values.AsSpan(0, length));
            Assert.AreEqual(BitConverter.SingleToInt32Bits(lanes[0]), BitConverter.SingleToInt32Bits(found), $"{length}");
        }
    }

    [TestMethod]
    public void RowsAreSummedOneAfterAnother()
    {
        float[] values = new TinyModel("values").Arbitrary(5 * 19);
        for (int inner = 2; inner <= 19; inner++)
        {
            float[] found = new float[inner];
            AxisReduce.Run<SquareSumReduction>(values.AsSpan(0, 5 * inner), found, 1, 5, inner);
            for (int j = 0; j < inner; j++)
            {
                float sum = 0;
                for (int i = 0; i < 5; i++)
                {
                    sum = MathF.FusedMultiplyAdd(values[(i * inner) + j], values[(i * inner) + j], sum);
                }

                Assert.AreEqual(BitConverter.SingleToInt32Bits(sum), BitConverter.SingleToInt32Bits(found[j]), $"{inner}, {j}");
            }
        }
    }
}
