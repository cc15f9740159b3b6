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
}
