using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Quantization;

[TestClass]
public sealed class TopElementTests
{
    [TestMethod]
    public void It_is_the_share_of_pictures_with_the_same_greatest_element()
    {
        IReadOnlyList<IReadOnlyList<TensorValue>> expected = [[Of(1, 3, 2)], [Of(5, 5, 0)], [Of(-1, -2)], [Of(0, 1)]];
        IReadOnlyList<IReadOnlyList<TensorValue>> actual = [[Of(0, 9, 1)], [Of(5, 4, 0)], [Of(-3, -2)], [Of(0, 1)]];

        Assert.AreEqual(0.75, TopElement.Agreement(expected, actual));
    }

    [TestMethod]
    public void Without_outputs_all_agree() => Assert.AreEqual(1, TopElement.Agreement([], []));

    private static TensorValue Of(params float[] values) => new("t", [values.Length], values);
}
