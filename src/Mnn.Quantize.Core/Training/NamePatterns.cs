using System.IO.Enumeration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Training;

/// <summary>Names of operators in which <c>*</c> and <c>?</c> stand for any characters.</summary>
/// <param name="patterns">The names.</param>
internal sealed class NamePatterns(IReadOnlyList<string> patterns)
{
    /// <summary>Whether one of them is the name of an operator.</summary>
    public bool Match(string name) => patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false));

    /// <summary>Refuses names that no operator has.</summary>
    /// <exception cref="QuantizeException">There is such a name.</exception>
    public void Check(MnnModel model, IEnumerable<string> names)
    {
        foreach (string pattern in patterns)
        {
            if (!names.Any(n => FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false)))
            {
                throw Errors.FrozenOpUnknown(model.Path, pattern);
            }
        }
    }
}
