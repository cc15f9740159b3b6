using System.Globalization;
using System.Text;

namespace Mnn.Quantize.Tasks;

/// <summary>Names of classes for models: <c>mobilenet-v2.mnn</c> becomes <c>MobilenetV2</c>.</summary>
internal static class AccessorName
{
    /// <param name="given">The name that the item asks for, or empty.</param>
    /// <param name="targetPath">Where the model is deployed; its file name counts.</param>
    internal static string Of(string given, string targetPath)
    {
        if (given.Length > 0)
        {
            return given;
        }

        var name = new StringBuilder();
        bool startsWord = true;
        foreach (char c in Path.GetFileNameWithoutExtension(targetPath.Replace('\\', '/')))
        {
            if (char.IsLetterOrDigit(c))
            {
                name.Append(startsWord ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
            }

            startsWord = !char.IsLetterOrDigit(c);
        }

        return name.Length == 0 || char.IsDigit(name[0]) ? "_" + name : name.ToString();
    }

    /// <summary>Whether it can be a class: letters, digits and underscores, no digit first, none of Object's members.</summary>
    internal static bool IsValid(string name) =>
        name.Length > 0 &&
        (char.IsLetter(name[0]) || name[0] == '_') &&
        name.All(c => char.IsLetterOrDigit(c) || c == '_') &&
        (char.IsUpper(name[0]) || name[0] == '_' || name[0] > '\u007f') &&
        name is not ("Equals" or "GetHashCode" or "GetType" or "ToString" or "ReferenceEquals" or "MemberwiseClone" or "Finalize");
}
