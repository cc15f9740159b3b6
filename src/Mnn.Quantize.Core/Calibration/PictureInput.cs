using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>Makes a model's input of one picture, as calibration does.</summary>
public static class PictureInput
{
    /// <summary>Decodes a picture and prepares it as a config says.</summary>
    /// <param name="session">The model. It is not run.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="shape">The input's dimensions; null takes those of the config, then those of the model.</param>
    /// <param name="config">Path of the <c>quant.json</c>.</param>
    /// <param name="picture">Path of the picture.</param>
    /// <param name="warnings">Takes what is odd about the config.</param>
    /// <returns>The input.</returns>
    /// <exception cref="QuantizeException">Config or picture can't be read, or don't fit the model.</exception>
    public static TensorValue Read(
        InferenceSession session,
        string input,
        IReadOnlyList<int>? shape,
        string config,
        string picture,
        ICollection<Diagnostic> warnings)
    {
        ArgumentNullException.ThrowIfNull(session);
        QuantConfig settings = QuantConfigReader.Load(config, warnings);
        GraphInput wanted = session.Graph.Inputs.First(i => i.Name == input);
        shape ??= settings.Inputs.FirstOrDefault(i => i.Name == input)?.Shape;

        // The other inputs are none of this picture's business: any constant will do.
        settings = settings with
        {
            Inputs = [.. session.Graph.Inputs.Select(i => i == wanted
                ? new InputConfig(i.Name, null, shape)
                : new InputConfig(i.Name, 0, [1]))],
        };
        InferenceSession scratch = session.Fork();
        new PictureFeeder(scratch.Graph, settings).Feed(scratch, picture);
        return scratch.ReadOutput(wanted.Id);
    }
}
