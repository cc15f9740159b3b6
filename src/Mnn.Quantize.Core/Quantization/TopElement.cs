using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization;

/// <summary>How often two models put the same element first.</summary>
internal static class TopElement
{
    /// <summary>Share of the pictures on which the first output has its greatest element at the same place.</summary>
    /// <param name="expected">The float model's outputs, a list a picture.</param>
    /// <param name="actual">The other model's, in the same order.</param>
    /// <returns>0 to 1; 1 if there is nothing to compare.</returns>
    public static double Agreement(
        IReadOnlyList<IReadOnlyList<TensorValue>> expected, IReadOnlyList<IReadOnlyList<TensorValue>> actual)
    {
        (int same, int count) = (0, 0);
        for (int i = 0; i < expected.Count; i++)
        {
            if (expected[i] is [{ Type: ElementType.Float32 } first, ..])
            {
                same += IndexOfGreatest(first.Floats) == IndexOfGreatest(actual[i][0].Floats) ? 1 : 0;
                count++;
            }
        }

        return count == 0 ? 1 : (double)same / count;
    }

    /// <summary>Share of the labelled pictures on which the first output's greatest element is that of the label.</summary>
    /// <param name="outputs">A model's outputs, a list a picture.</param>
    /// <param name="labels">By picture: its class, null without; or null.</param>
    /// <returns>0 to 1; null if nothing is labelled, or no float comes out.</returns>
    public static double? Accuracy(IReadOnlyList<IReadOnlyList<TensorValue>> outputs, int?[]? labels)
    {
        (int right, int count) = (0, 0);
        for (int i = 0; i < outputs.Count && labels is not null; i++)
        {
            if (labels[i] is { } label && outputs[i] is [{ Type: ElementType.Float32 } first, ..])
            {
                right += IndexOfGreatest(first.Floats) == label ? 1 : 0;
                count++;
            }
        }

        return count == 0 ? null : (double)right / count;
    }

    /// <summary>The first one of equal elements, as in the runtime's ArgMax; -1 for an empty span.</summary>
    public static int IndexOfGreatest(ReadOnlySpan<float> values)
    {
        int best = values.Length > 0 ? 0 : -1;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
