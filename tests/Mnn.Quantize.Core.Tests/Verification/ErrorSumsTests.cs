using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Tests.Verification;

[TestClass]
public sealed class ErrorSumsTests
{
    private const float Nan = float.NaN;
    private const float Inf = float.PositiveInfinity;

    [TestMethod]
    public void Figures_are_those_of_the_formulas()
    {
        ErrorFigures figures = Figures([3, 4], [4, 3]);

        Assert.AreEqual(24 / 25.0, figures.Cosine, 1e-12);
        Assert.AreEqual(1, figures.MeanError, 1e-12);
        Assert.AreEqual(1, figures.MaxError, 1e-12);
        Assert.AreEqual(10 * Math.Log10(25 / 2.0), figures.SignalToNoise, 1e-12);
        Assert.IsNull(figures.Overflow);
    }

    [TestMethod]
    [DataRow(new float[0], new float[0], 1.0)]
    [DataRow(new[] { 0f, 0f }, new[] { 0f, -0f }, 1.0)]
    [DataRow(new[] { 0f }, new[] { 1f }, 0.0)]
    [DataRow(new[] { 1f }, new[] { 0f }, 0.0)]
    [DataRow(new[] { 1f, 2f }, new[] { -1f, -2f }, -1.0)]
    [DataRow(new[] { 1e30f, 1e30f }, new[] { 1e30f, 1e30f }, 1.0)]
    [DataRow(new[] { 1e-40f }, new[] { 1e-40f }, 1.0)]
    [DataRow(new[] { Nan, Inf, 1f }, new[] { Nan, Inf, 1f }, 1.0)]
    [DataRow(new[] { 1f, 1f }, new[] { 1f, Nan }, 0.0)]
    [DataRow(new[] { 1f, Inf }, new[] { 1f, -Inf }, 0.0)]
    [DataRow(new[] { 1f, 1f }, new[] { 1f }, 0.0)]
    public void The_cosine_is_always_a_number(float[] expected, float[] actual, double cosine)
    {
        Assert.AreEqual(cosine, ErrorSums.Of(expected, actual).Cosine, 1e-12);
    }

    [TestMethod]
    public void A_value_that_only_one_model_has_is_an_infinite_error_and_counted()
    {
        ErrorFigures figures = Figures([1, 2, Nan], [1, Nan, Nan]);

        Assert.AreEqual(1, figures.NotComparable);
        Assert.AreEqual(double.PositiveInfinity, figures.MaxError);
        Assert.AreEqual(double.NegativeInfinity, figures.SignalToNoise);
        Assert.AreEqual(0, figures.MeanError);
        Assert.AreEqual(0, figures.LowestCosine);
    }

    [TestMethod]
    public void No_difference_is_an_infinite_ratio()
    {
        Assert.AreEqual(double.PositiveInfinity, Figures([1, 2], [1, 2]).SignalToNoise);
        Assert.AreEqual(double.NegativeInfinity, Figures([0, 0], [1, 2]).SignalToNoise);
    }

    [TestMethod]
    public void Pictures_count_alike_for_the_cosine_and_elements_alike_for_the_error()
    {
        var totals = new ErrorTotals();
        totals.Add(ErrorSums.Of([1, 1, 1], [1, 1, 1]));
        totals.Add(ErrorSums.Of([1], [-1]) with { AtClamp = 1, Quantized = 4 });

        ErrorFigures figures = totals.Figures();

        Assert.AreEqual(0, figures.Cosine);
        Assert.AreEqual(-1, figures.LowestCosine);
        Assert.AreEqual(0.5, figures.MeanError);
        Assert.AreEqual(0.25, figures.Overflow);
    }

    [TestMethod]
    [DataRow(new[] { 1f, 5f, 2f }, new[] { 0f, 9f, 1f }, 0)]
    [DataRow(new[] { 1f, 5f, 2f }, new[] { 3f, 2f, 1f }, 1)]
    [DataRow(new[] { 5f, 5f }, new[] { 7f, 7f }, 0)]
    [DataRow(new[] { 1f, 5f }, new[] { 7f, 7f }, 1)]
    [DataRow(new[] { Nan, 5f }, new[] { Nan, 7f }, 0)]
    [DataRow(new[] { 1f, 5f }, new[] { 1f, Nan }, int.MaxValue)]
    [DataRow(new float[0], new float[0], int.MaxValue)]
    [DataRow(new[] { Nan }, new[] { 1f }, int.MaxValue)]
    public void The_rank_counts_what_stands_before_the_first_choice(float[] expected, float[] actual, int rank)
    {
        Assert.AreEqual(rank, TopRank.Of(expected, actual));
    }

    [TestMethod]
    public void Results_are_taken_in_the_order_of_their_numbers()
    {
        var taken = new List<int>();
        var inOrder = new InOrder<int>(taken.Add);
        foreach (int i in new[] { 2, 0, 3, 1, 4 })
        {
            inOrder.Add(i, i);
        }

        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, taken);
    }

    private static ErrorFigures Figures(float[] expected, float[] actual)
    {
        var totals = new ErrorTotals();
        totals.Add(ErrorSums.Of(expected, actual));
        return totals.Figures();
    }
}
