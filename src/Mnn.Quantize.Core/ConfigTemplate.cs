using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize;

/// <summary>Writes a first <c>quant.json</c> for a model, with comments that say what to check.</summary>
public static class ConfigTemplate
{
    // Where a model leaves its height or width open.
    private const int UsualSide = 224;

    /// <summary>The text of a config for a model: its inputs, preprocessing to be checked, and mode <c>auto</c>.</summary>
    /// <param name="model">The float model, a <c>.mnn</c> file.</param>
    /// <param name="path">The calibration data, relative to where the config will be.</param>
    /// <returns>JSON with comments, lines ended by <c>\n</c>.</returns>
    /// <exception cref="QuantizeException">The file is no model, is int8 already, or has nothing to quantize.</exception>
    public static string For(string model, string path = "calibration/")
    {
        MnnModel loaded = MnnModel.Load(model);
        BatchNormFolding.Apply(loaded);
        var graph = Graph.Build(loaded);
        QuantizationPlan.Make(graph, new QuantConfig { File = model }, []);
        IReadOnlyList<TensorInfo> inputs = new InferenceSession(graph).Inputs;
        var text = new StringBuilder("{\n");
        string name = Path.GetFileName(model);
        if (inputs is [{ Type: ElementType.Float32, Shape: { Count: 4 } shape } input]
            && PictureShape.Of(shape, input.IsChannelsFirst) is { } picture)
        {
            AppendPicture(text, name, input, picture);
        }
        else
        {
            AppendArrays(text, name, inputs);
        }

        text.Append($$"""
              // Data like those that the app will see, 100 to 300 samples: a folder, one file, or a glob such as photos/**/*.jpg.
              "path": {{Quoted(path)}},

              // Tries the methods and repairs, keeps the model nearest to the float one, and lets operators compute in float where
              // that is needed to reach the target. "int8" makes one model, as "feature_quantize_method" and "repair" say.
              "mode": "auto",
              "target_cosine": 0.99
            }
            """.Replace("\r\n", "\n", StringComparison.Ordinal)).Append('\n');
        return text.ToString();
    }

    private static void AppendPicture(StringBuilder text, string model, TensorInfo input, PictureShape picture)
    {
        string Numbers(string one) => string.Join(", ", Enumerable.Repeat(one, picture.Channels));
        (string format, string hint) = picture.Channels switch
        {
            1 => ("GRAY", "one channel"),
            3 => ("RGB", "or BGR: the order that the model was trained with"),
            _ => ("RGBA", "or BGRA: the order that the model was trained with"),
        };
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
              // How pictures become the input of {model}. Format, mean and normal have to be those of its training: the model does not tell.
              "format": "{format}", // {hint}
              // A channel becomes (grey - mean) * normal, grey from 0 to 255. Usual are 127.5 and 1 / 127.5 = 0.00784314, as here,
              // 0 and 1 / 255 = 0.00392157, or means and deviations such as [123.675, 116.28, 103.53], [0.0171248, 0.0175070, 0.0174292].
              "mean": [{Numbers("127.5")}],
              "normal": [{Numbers("0.00784314")}],
              "width": {picture.Width},
              "height": {picture.Height},

            """).Replace("\r\n", "\n", StringComparison.Ordinal));
        AppendInputs(text, [(input, picture.Shape)]);
    }

    private static void AppendArrays(StringBuilder text, string model, IReadOnlyList<TensorInfo> inputs)
    {
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
              // {model} does not take one picture: its inputs are arrays, .npy, .npz, .txt or raw, for several inputs a folder of them
              // for each sample, named after the inputs.
              "input_type": "sequence",

            """).Replace("\r\n", "\n", StringComparison.Ordinal));
        AppendInputs(text, [.. inputs.Select(i => (i, (IReadOnlyList<int>)[.. i.Shape.Select((d, axis) => d > 0 ? d : axis == 0 ? 1 : UsualSide)]))]);
    }

    private static void AppendInputs(StringBuilder text, IReadOnlyList<(TensorInfo Input, IReadOnlyList<int> Shape)> inputs)
    {
        bool isOpen = inputs.Any(i => i.Input.Shape.Any(d => d <= 0));
        text.Append(isOpen
            ? "  // The model leaves some of these dimensions open: correct them.\n"
            : "  // As the model has them.\n");
        IEnumerable<string> lines = inputs.Select(
            i => $"{{ \"name\": {Quoted(i.Input.Name)}, \"shape\": [{string.Join(", ", i.Shape)}] }}");
        text.Append("  \"inputs\": [").AppendJoin(", ", lines).Append("],\n\n");
    }

    private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    // Which dimensions of an input are a picture's, the open ones filled.
    private sealed record PictureShape(int Channels, int Height, int Width, IReadOnlyList<int> Shape)
    {
        public static PictureShape? Of(IReadOnlyList<int> shape, bool channelsFirst)
        {
            var dims = ImageDims.Of(channelsFirst ? Model.Schema.MNN_DATA_FORMAT.NCHW : Model.Schema.MNN_DATA_FORMAT.NHWC);
            int channels = shape[dims.Channel];
            int Side(int axis) => shape[axis] > 0 ? shape[axis] : UsualSide;
            return channels is 1 or 3 or 4
                ? new PictureShape(
                    channels, Side(dims.Height), Side(dims.Width),
                    [.. shape.Select((d, axis) => d > 0 ? d : axis == 0 ? 1 : UsualSide)])
                : null;
        }
    }
}
