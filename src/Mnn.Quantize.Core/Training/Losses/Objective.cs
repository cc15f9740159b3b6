using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Losses;

/// <summary>
/// What a training makes small: cross-entropy with labels, mean squared error, the distance from the float model's
/// outputs, or a mixture.
/// </summary>
/// <remarks>Labels belong to the first output. The float model is compared with in all outputs.</remarks>
/// <param name="kinds">What each output is.</param>
/// <param name="loss">Which loss.</param>
/// <param name="distill">Share of the distance from the float model, 0 (labels only) to 1 (no labels).</param>
/// <param name="temperature">Softens scores that are compared with the float model's.</param>
internal sealed class Objective(IReadOnlyList<OutputKind> kinds, TrainLoss loss, double distill, double temperature)
{
    // An output that is zero everywhere must not divide by zero.
    private const double LeastMeanSquare = 1e-12;

    /// <summary>Whether the float model's outputs are needed.</summary>
    public bool NeedsTeacher => distill > 0;

    /// <summary>Whether labels are needed.</summary>
    public bool NeedsLabels => distill < 1;

    /// <summary>Whether the greatest element of the first output is a class.</summary>
    public bool HasClasses => kinds[0] != OutputKind.Values;

    /// <summary>The sum of the loss over the examples of a batch, and its mean's derivative.</summary>
    /// <param name="outputs">The net's outputs, [N, ...] each.</param>
    /// <param name="teacher">The float model's, of the same shapes; null if not needed.</param>
    /// <param name="labels">The right classes, [N]; empty if not needed.</param>
    /// <param name="gradients">
    /// One array an output, filled with the derivative of the mean over N; null for outputs without one. Null if none is wanted.
    /// </param>
    /// <returns>The sum over N.</returns>
    public double Run(
        IReadOnlyList<TensorValue> outputs,
        IReadOnlyList<TensorValue>? teacher,
        ReadOnlySpan<int> labels,
        IReadOnlyList<float[]?>? gradients)
    {
        int count = outputs[0].Shape[0];
        foreach (float[]? gradient in gradients ?? [])
        {
            gradient.AsSpan().Clear();
        }

        double sum = NeedsLabels ? (1 - distill) * Labelled(outputs[0], labels, (1 - distill) / count, Place(gradients, 0)) : 0;
        for (int k = 0; NeedsTeacher && k < outputs.Count; k++)
        {
            if (IsCompared(outputs[k]))
            {
                sum += distill * Distilled(k, outputs[k].Floats, teacher![k].Floats, count, distill / count, Place(gradients, k));
            }
        }

        return sum;
    }

    /// <summary>Which outputs this needs the derivative of.</summary>
    public bool Uses(int index, TensorValue output) =>
        IsCompared(output) && (NeedsTeacher || index == 0);

    /// <summary>How many examples have their greatest score at the right place.</summary>
    /// <param name="output">The first output, [N, classes].</param>
    /// <param name="labels">The right classes, [N].</param>
    public static int CountRight(TensorValue output, ReadOnlySpan<int> labels)
    {
        int classes = output.Floats.Length / labels.Length;
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            right += Greatest(output.Floats.AsSpan(i * classes, classes)) == labels[i] ? 1 : 0;
        }

        return right;
    }

    /// <summary>How many examples have their greatest score at the same place as the teacher's.</summary>
    /// <param name="output">The first output, [N, classes].</param>
    /// <param name="teacher">The teacher's, of the same shape.</param>
    public static int CountSame(TensorValue output, TensorValue teacher)
    {
        int count = output.Shape[0];
        int classes = output.Floats.Length / count;
        int same = 0;
        for (int i = 0; i < count; i++)
        {
            same += Greatest(output.Floats.AsSpan(i * classes, classes)) == Greatest(teacher.Floats.AsSpan(i * classes, classes)) ? 1 : 0;
        }

        return same;
    }

    // Integers, such as the index of a class, have no derivative.
    private static bool IsCompared(TensorValue output) => output.Type == ElementType.Float32;

    // The first of equal ones, as in the runtime's ArgMax.
    private static int Greatest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int j = 1; j < scores.Length; j++)
        {
            best = scores[j] > scores[best] ? j : best;
        }

        return best;
    }

    private double Labelled(TensorValue output, ReadOnlySpan<int> labels, double weight, Span<float> gradient) =>
        loss == TrainLoss.Mse
            ? SquaredLoss.OneHot(output.Floats, labels, weight, gradient)
            : ScoreLoss.CrossEntropy(output.Floats, labels, kinds[0] == OutputKind.Probabilities, weight, gradient);

    private double Distilled(int k, float[] output, float[] teacher, int count, double weight, Span<float> gradient)
    {
        if (kinds[k] != OutputKind.Values && loss != TrainLoss.Mse)
        {
            return ScoreLoss.Divergence(
                output, teacher, output.Length / count, kinds[k] == OutputKind.Probabilities, temperature, weight, gradient);
        }

        // Relative to the teacher's mean square, so that boxes in pixels and offsets in thousandths weigh the same.
        double square = 0;
        foreach (float value in teacher)
        {
            square += (double)value * value;
        }

        double scale = count / Math.Max(square, LeastMeanSquare);
        return scale * SquaredLoss.Run(output, teacher, weight * scale, gradient);
    }

    private static Span<float> Place(IReadOnlyList<float[]?>? gradients, int k) => gradients is null ? [] : gradients[k];
}
