using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>The inputs of a model that the config gives a value, and those that need data.</summary>
internal sealed class ConstantInputs
{
    private readonly QuantConfig _config;
    private readonly List<(GraphInput Input, int[] Shape, float Value)> _constants = [];

    /// <summary>Tells them apart.</summary>
    /// <exception cref="QuantizeException">The config names an input that isn't there, or leaves a size open.</exception>
    public ConstantInputs(Graph graph, QuantConfig config)
    {
        _config = config;
        foreach (InputConfig named in config.Inputs)
        {
            if (!Array.Exists(graph.Inputs, i => i.Name == named.Name))
            {
                throw Errors.UnknownInputName(
                    config.File, named.Name, string.Join(", ", graph.Inputs.Select(i => $"'{i.Name}'")));
            }
        }

        foreach (GraphInput input in graph.Inputs)
        {
            if (SettingsOf(input)?.Value is { } value)
            {
                _constants.Add((input, Shape(input), value));
            }
        }

        Open = [.. graph.Inputs.Where(i => SettingsOf(i)?.Value is null)];
        if (Open.Length == 0)
        {
            throw Errors.InputWithoutData(config.File, graph.Inputs.FirstOrDefault()?.Name ?? "");
        }
    }

    /// <summary>The inputs that need data; at least one.</summary>
    public GraphInput[] Open { get; }

    /// <summary>What the config says of an input.</summary>
    public InputConfig? SettingsOf(GraphInput input) => _config.Inputs.FirstOrDefault(i => i.Name == input.Name);

    /// <summary>The shape that the config gives an input, else the one that the model declares.</summary>
    public int[] DeclaredShape(GraphInput input) =>
        SettingsOf(input)?.Shape is { } shape ? [.. shape] : input.Shape;

    /// <summary>Fills the inputs that have a value.</summary>
    public void Fill(InferenceSession session)
    {
        foreach ((GraphInput input, int[] shape, float value) in _constants)
        {
            Tensor constant = session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format);
            if (input.Type == ElementType.Float32)
            {
                constant.Floats.Fill(value);
            }
            else if (input.Type == ElementType.Int32)
            {
                constant.Ints.Fill((int)value);
            }
            else
            {
                constant.Bytes.Fill((byte)(int)value);
            }
        }
    }

    private int[] Shape(GraphInput input)
    {
        int[] shape = DeclaredShape(input);
        return Array.TrueForAll(shape, d => d > 0)
            ? shape
            : throw Errors.InputShapeUnknown(_config.File, input.Name, $"[{string.Join(", ", shape)}]");
    }
}
