using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Training.Examples;

/// <summary>The classes of examples.</summary>
/// <param name="File">Where they are from, for messages.</param>
/// <param name="Values">Class of each example, from 0.</param>
/// <param name="Lines">1-based line of each label in the file; empty if it has no lines.</param>
internal sealed record ExampleLabels(string File, int[] Values, int[] Lines)
{
    /// <summary>Checks that a net has all these classes.</summary>
    /// <exception cref="QuantizeException">It has not.</exception>
    public void Check(string output, int classes)
    {
        int wrong = Array.FindIndex(Values, label => label >= classes);
        if (wrong >= 0)
        {
            throw Errors.LabelTooLarge(File, Lines.Length > 0 ? Lines[wrong] : 0, Values[wrong], output, classes);
        }
    }

    /// <summary>The labels of those examples that remain.</summary>
    public ExampleLabels Keep(IReadOnlyList<int> indices) => new(
        File, [.. indices.Select(i => Values[i])], Lines.Length > 0 ? [.. indices.Select(i => Lines[i])] : []);
}
