namespace Mnn.Quantize.Training.Losses;

/// <summary>Mean squared error and its derivative.</summary>
internal static class SquaredLoss
{
    /// <summary>Sum of (x - y)^2.</summary>
    /// <param name="x">What the net says: [n].</param>
    /// <param name="y">What it should say: [n].</param>
    /// <param name="weight">What the derivative is multiplied by.</param>
    /// <param name="gradient">The derivative by x is added to it: [n]; or empty if it is not wanted.</param>
    /// <returns>The sum, without <paramref name="weight"/>.</returns>
    public static double Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, double weight, Span<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = (double)x[i] - y[i];
            sum += error * error;
            if (!gradient.IsEmpty)
            {
                gradient[i] += (float)(2 * weight * error);
            }
        }

        return sum;
    }

    /// <summary>The same where the right answer is 1 for the class of a row and 0 for the others.</summary>
    /// <param name="x">What the net says: [n, classes].</param>
    /// <param name="labels">The right class of each row: [n].</param>
    /// <param name="weight">What the derivative is multiplied by.</param>
    /// <param name="gradient">The derivative by x is added to it: [n, classes]; or empty if it is not wanted.</param>
    /// <returns>The sum, without <paramref name="weight"/>.</returns>
    public static double OneHot(ReadOnlySpan<float> x, ReadOnlySpan<int> labels, double weight, Span<float> gradient)
    {
        int classes = x.Length / labels.Length;
        float[] target = new float[classes];
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            target[labels[row]] = 1;
            Span<float> place = gradient.IsEmpty ? gradient : gradient.Slice(row * classes, classes);
            sum += Run(x.Slice(row * classes, classes), target, weight, place);
            target[labels[row]] = 0;
        }

        return sum;
    }
}
