using System.Globalization;
using System.Text;
using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>
/// A config as text in one spelling: no layout, no comments, names in ordinal order, numbers in their shortest form,
/// and without what says where files are. Equal texts mean equal settings.
/// </summary>
internal static class CanonicalSettings
{
    private static readonly string[] Places = ["path", "$schema", "labels"];

    // What is made of the statistics, and which samples there are. A key that is new counts until it is listed here.
    private static readonly string[] AfterTheRun =
    [
        .. Places, "used_image_num", "used_sample_num", "on_corrupt", "feature_quantize_method", "weight_quantize_method",
        "feature_clamp_value", "weight_clamp_value", "quant_bits", "skip_quant_op_names", "batch_size", "winogradOpt", "debug",
        "model", "repair", "mode", "target_cosine", "target_top1_agreement", "max_accuracy_drop", "max_size_ratio", "time_budget_seconds",
        "weight_asymmetric", "weight_block_size", TrainKeys.Section,
    ];

    /// <summary>Reads a config that is known to be good.</summary>
    /// <exception cref="QuantizeException">The file can't be read.</exception>
    internal static string Read(string file) => Of(Parse(file));

    /// <summary>Parses a config that is known to be good.</summary>
    /// <exception cref="QuantizeException">The file can't be read.</exception>
    internal static JsonValue Parse(string file)
    {
        try
        {
            return JsonValue.Parse(File.ReadAllBytes(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ConfigUnreadable(file, e.Message, e);
        }
    }

    /// <summary>The text of an object, but for the places at its top and in the section of training.</summary>
    internal static string Of(JsonValue root) => Text(WithoutPlaces(root));

    /// <summary>The text of what one sample's run of the float model depends on: kind of data, shapes and preprocessing.</summary>
    internal static string OfSamples(JsonValue root) => Text(Without(root, AfterTheRun));

    private static string Text(JsonValue root)
    {
        var text = new StringBuilder();
        Append(text, root);
        return text.ToString();
    }

    /// <summary>The object without the places at its top and in the section of training.</summary>
    internal static JsonValue WithoutPlaces(JsonValue root)
    {
        JsonValue rest = Without(root, Places);
        return rest with
        {
            Properties = [.. rest.Properties.Select(
                p => p.Name == TrainKeys.Section ? p with { Value = Without(p.Value, TrainKeys.Places) } : p)],
        };
    }

    private static JsonValue Without(JsonValue root, IReadOnlyCollection<string> names) =>
        root with { Properties = [.. root.Properties.Where(p => !names.Contains(p.Name))] };

    private static void Append(StringBuilder text, JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                // A stable sort: of two properties with one name the last counts, so their order matters.
                text.Append('{');
                foreach ((string name, _, JsonValue inner) in value.Properties.OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    AppendText(text, name);
                    Append(text.Append(':'), inner);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (JsonValue item in value.Items)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendText(text, value.Text);
                break;
            case JsonValueKind.Number:
                text.Append(value.Number.ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(value.Kind.ToString());
                break;
        }
    }

    /// <summary>With its length before it, so that no content can pass for structure.</summary>
    private static void AppendText(StringBuilder text, string content) =>
        text.Append(CultureInfo.InvariantCulture, $"{content.Length}\"{content}\"");
}
