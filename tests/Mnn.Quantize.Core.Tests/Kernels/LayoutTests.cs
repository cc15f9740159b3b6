using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

[TestClass]
public sealed class LayoutTests
{
    [TestMethod]
    public void Transposes_of_all_small_sizes_are_right()
    {
        foreach (int rows in Enumerable.Range(0, 36).Append(70))
        {
            foreach (int columns in Enumerable.Range(0, 36).Append(67))
            {
                int[] x = [.. Enumerable.Range(0, 2 * rows * columns)], y = new int[x.Length];
                byte[] bytes = [.. x.Select(value => (byte)value)], turned = new byte[x.Length];
                Layout.Transpose<int>(x, y, 2, rows, columns);
                Layout.ToChannelsLast<byte>(bytes, turned, 2, rows, columns);
                for (int i = 0; i < x.Length; i++)
                {
                    int matrix = i / (rows * columns), row = i % rows, column = i / rows % columns;
                    int expected = (((matrix * rows) + row) * columns) + column;
                    Assert.AreEqual(expected, y[i], $"{rows} x {columns}");
                    Assert.AreEqual((byte)expected, turned[i], $"{rows} x {columns}");
                }
            }
        }
    }

    [TestMethod]
    public void Permutations_move_each_element_to_its_place()
    {
        int[] sizes = [3, 1, 4, 9, 10];
        foreach (int[] order in Orders(5))
        {
            int[] x = [.. Enumerable.Range(0, 1080)], y = new int[1080];
            Layout.Permute<int>(x, sizes, order, y);
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
    public void Gather_repeats_and_slices()
    {
        int[] y = new int[12];
        Layout.Gather<int>([.. Enumerable.Range(0, 20)], [0, 5, 2], [2, 2, 3], y);
        CollectionAssert.AreEqual(new[] { 0, 2, 4, 5, 7, 9, 0, 2, 4, 5, 7, 9 }, y);
        Assert.ThrowsExactly<ArgumentException>(() => Layout.Gather<int>(new int[9], [0, 5, 2], [2, 2, 3], new int[12]));
    }

    [TestMethod]
    public void A_permutation_names_each_axis_once()
    {
        Assert.ThrowsExactly<ArgumentException>(() => Layout.Permute<int>(new int[4], [2, 2], [0, 0], new int[4]));
        Assert.ThrowsExactly<ArgumentException>(() => Layout.Permute<int>(new int[4], [2, 2], [0, 2], new int[4]));
    }

    private static IEnumerable<int[]> Orders(int axes) => axes == 0
        ? [[]]
        : Orders(axes - 1).SelectMany(order => Enumerable.Range(0, axes).Select(
            at => order.Take(at).Append(axes - 1).Concat(order.Skip(at)).ToArray()));
}
