using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Losses;

/// <summary>
/// Losses of scores of classes, and their derivatives. Scores are logits, or what a softmax has made of them; of the latter
/// the logarithm is taken, which has the same softmax.
/// </summary>
internal static class ScoreLoss
{
    /// <summary>Probabilities below it count as this one, so that a logarithm and a quotient stay finite.</summary>
    private const double LeastProbability = 1e-7;

    /// <summary>Cross-entropy: -log softmax(x)[label].</summary>
    /// <param name="scores">x: [n, classes].</param>
    /// <param name="labels">The right class of each row: [n], from 0 to below classes.</param>
    /// <param name="areProbabilities">Whether x is the result of a softmax.</param>
    /// <param name="weight">What the derivative is multiplied by.</param>
    /// <param name="gradient">The derivative by x is added to it: [n, classes]; or empty if it is not wanted.</param>
    /// <returns>The sum over rows, without <paramref name="weight"/>.</returns>
    public static double CrossEntropy(
        ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, bool areProbabilities, double weight, Span<float> gradient)
    {
        int classes = scores.Length / labels.Length;
        double[] log = new double[classes];
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> x = scores.Slice(row * classes, classes);
            LogSoftmax(x, areProbabilities, 1, log);
            sum -= log[labels[row]];
            for (int j = 0; j < classes && !gradient.IsEmpty; j++)
            {
                double slope = ScalarMath.Exp(log[j]) - (j == labels[row] ? 1 : 0);
                gradient[(row * classes) + j] += (float)(weight * ThroughLog(slope, x[j], areProbabilities));
            }
        }

        return sum;
    }

    /// <summary>
    /// Divergence from a teacher: T^2 * sum(p * (log p - log q)), p = softmax(teacher / T), q = softmax(x / T)
    /// (Hinton, Vinyals and Dean 2015, section 2).
    /// </summary>
    /// <param name="scores">x: [n, classes].</param>
    /// <param name="teacher">The teacher's scores of the same kind: [n, classes].</param>
    /// <param name="classes">Scores a row.</param>
    /// <param name="areProbabilities">Whether both are results of a softmax.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="weight">What the derivative is multiplied by.</param>
    /// <param name="gradient">The derivative by x is added to it: [n, classes]; or empty if it is not wanted.</param>
    /// <returns>The sum over rows, without <paramref name="weight"/>.</returns>
    public static double Divergence(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> teacher,
        int classes,
        bool areProbabilities,
        double temperature,
        double weight,
        Span<float> gradient)
    {
        double[] log = new double[classes];
        double[] target = new double[classes];
        double sum = 0;
        for (int start = 0; start < scores.Length; start += classes)
        {
            ReadOnlySpan<float> x = scores.Slice(start, classes);
            LogSoftmax(x, areProbabilities, temperature, log);
            LogSoftmax(teacher.Slice(start, classes), areProbabilities, temperature, target);
            for (int j = 0; j < classes; j++)
            {
                double p = ScalarMath.Exp(target[j]);
                sum += temperature * temperature * p * (target[j] - log[j]);
                if (!gradient.IsEmpty)
                {
                    double slope = temperature * (ScalarMath.Exp(log[j]) - p);
                    gradient[start + j] += (float)(weight * ThroughLog(slope, x[j], areProbabilities));
                }
            }
        }

        return sum;
    }

    // z - log sum exp(z), z = x / T or log(x) / T.
    private static void LogSoftmax(ReadOnlySpan<float> x, bool areProbabilities, double temperature, Span<double> log)
    {
        double greatest = double.NegativeInfinity;
        for (int j = 0; j < log.Length; j++)
        {
            log[j] = (areProbabilities ? ScalarMath.Log(Math.Max(x[j], LeastProbability)) : x[j]) / temperature;
            greatest = Math.Max(greatest, log[j]);
        }

        double sum = 0;
        foreach (double z in log)
        {
            sum += ScalarMath.Exp(z - greatest);
        }

        double total = greatest + ScalarMath.Log(sum);
        foreach (ref double z in log)
        {
            z -= total;
        }
    }

    // d/dx of something with the derivative slope by log x.
    private static double ThroughLog(double slope, float x, bool isProbability) =>
        isProbability ? slope / Math.Max(x, LeastProbability) : slope;
}
