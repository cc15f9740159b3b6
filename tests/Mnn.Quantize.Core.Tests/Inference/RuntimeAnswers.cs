using System.Globalization;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// What the MNN runtime (3.6.1, x86-64, one thread) answers to the runtime cases: tests/assets/runtime-answers.txt, a line
/// an output with its case and name, its shape and its values.
/// </summary>
internal static class RuntimeAnswers
{
    private static readonly Lazy<Dictionary<string, (int[] Shape, double[] Values)>> Lines = new(Read);

    /// <summary>Shape and values by case and output.</summary>
    internal static IReadOnlyDictionary<string, (int[] Shape, double[] Values)> ByOutput => Lines.Value;

    private static Dictionary<string, (int[] Shape, double[] Values)> Read()
    {
        var answers = new Dictionary<string, (int[] Shape, double[] Values)>();
        foreach (string line in File.ReadLines(Assets.PathOf("runtime-answers.txt")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int[] shape = words[1] == "scalar" ? [] : [.. words[1].Split('x').Select(int.Parse)];
            answers.Add(words[0], (shape, [.. words[2..].Select(w => double.Parse(w, CultureInfo.InvariantCulture))]));
        }

        return answers;
    }
}
