using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class StridedCopyTests
{
    [TestMethod]
    public void Permutations_move_each_element_to_its_place()
    {
        int[] sizes = [3, 1, 4, 9, 10];
        foreach (int[] order in Orders(5))
        {
            int[] x = [.. Enumerable.Range(0, 1080)], y = new int[1080];
            int[] strides = [360, 360, 90, 10, 1];
            int[] target = [.. order.Select(axis => sizes[axis])];
            StridedCopy.Copy<int>(x, 0, [.. order.Select(axis => strides[axis])], y, 0, Dense(target), target);
            int[] index = new int[5];
            for (int i = 0; i < y.Length; i++)
            {
                int rest = i;
                for (int axis = 4; axis >= 0; axis--)
                {
                    (rest, index[order[axis]]) = Math.DivRem(rest, sizes[order[axis]]);
                }

                int expected = index.Zip(sizes).Aggregate(0, (sum, pair) => (sum * pair.Second) + pair.First);
                Assert.AreEqual(expected, y[i], string.Join(",", order));
            }
        }
    }

    [TestMethod]
    public void Strides_repeat_slice_and_go_backwards()
    {
        int[] y = new int[12];
        StridedCopy.Copy<int>([.. Enumerable.Range(0, 20)], 0, [0, 5, 2], y, 0, [6, 3, 1], [2, 2, 3]);
        CollectionAssert.AreEqual((int[])[0, 2, 4, 5, 7, 9, 0, 2, 4, 5, 7, 9], y);

        int[] backwards = new int[4];
        StridedCopy.Copy<int>([0, 1, 2, 3], 3, [-1], backwards, 0, [1], [4]);
        CollectionAssert.AreEqual((int[])[3, 2, 1, 0], backwards);
    }

    [TestMethod]
    [DataRow(9, 12, 0)]
    [DataRow(10, 11, 0)]
    [DataRow(10, 12, -1)]
    [DataRow(10, 12, 1)]
    public void What_reaches_outside_is_refused(int source, int destination, int offset) =>
        Assert.ThrowsExactly<ArgumentException>(
            () => StridedCopy.Copy<int>(new int[source], offset, [0, 5, 2], new int[destination], 0, [6, 3, 1], [2, 2, 3]));

    private static int[] Dense(int[] sizes) =>
        [.. Enumerable.Range(0, sizes.Length).Select(i => sizes[(i + 1)..].Aggregate(1, (a, b) => a * b))];

    private static IEnumerable<int[]> Orders(int axes) => axes == 0
        ? [[]]
        : Orders(axes - 1).SelectMany(order => Enumerable.Range(0, axes).Select(
            at => order.Take(at).Append(axes - 1).Concat(order.Skip(at)).ToArray()));
}
