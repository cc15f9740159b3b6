using System.Globalization;

namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>Shapes as they are written on the command line: <c>1x3x224x224</c>, or <c>scalar</c> for no dimensions.</summary>
internal static class ShapeText
{
    private const string Scalar = "scalar";

    /// <summary>The dimensions; null if this is no shape.</summary>
    internal static int[]? Parse(string text)
    {
        if (text == Scalar)
        {
            return [];
        }

        string[] parts = text.Split('x');
        int[] shape = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                return null;
            }
        }

        return shape;
    }

    /// <summary>The text of a shape.</summary>
    internal static string Of(IReadOnlyList<int> shape) => shape.Count == 0 ? Scalar : string.Join('x', shape);
}
