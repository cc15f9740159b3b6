using System.Globalization;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>
/// What the MNN runtime (3.6.1, x86-64, one thread) answers to the runtime cases: tests/assets/runtime-answers.txt, and
/// int8-answers.txt for those in int8; a line an output with its case and name, its shape and its values.
/// </summary>
internal static class RuntimeAnswers
{
    private static readonly Lazy<Dictionary<string, (int[] Shape, double[] Values)>> Lines =
        new(() => Read("runtime-answers.txt"));

    private static readonly Lazy<Dictionary<string, (int[] Shape, double[] Values)>> Int8Lines =
        new(() => Read("int8-answers.txt"));

    /// <summary>Shape and values by case and output.</summary>
    internal static IReadOnlyDictionary<string, (int[] Shape, double[] Values)> ByOutput => Lines.Value;

    /// <summary>The same of int8 cases.</summary>
    internal static IReadOnlyDictionary<string, (int[] Shape, double[] Values)> Int8ByOutput => Int8Lines.Value;

    private static Dictionary<string, (int[] Shape, double[] Values)> Read(string file)
    {
        var answers = new Dictionary<string, (int[] Shape, double[] Values)>();
        foreach (string line in File.ReadLines(Assets.PathOf(file)))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int[] shape = words[1] == "scalar" ? [] : [.. words[1].Split('x').Select(int.Parse)];
            answers.Add(words[0], (shape, [.. words[2..].Select(w => double.Parse(w, CultureInfo.InvariantCulture))]));
        }

        return answers;
    }
}
