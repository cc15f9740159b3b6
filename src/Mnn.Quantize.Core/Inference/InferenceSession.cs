using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// Runs a model, float or int8, with the MNN runtime's results. One thread uses a session at a time;
/// <see cref="Fork"/> makes more of the same model that share its weights.
/// </summary>
/// <example><code>
/// var session = InferenceSession.Load("net.mnn");
/// TensorValue scores = session.Run(new TensorValue("input", [1, 1, 28, 28], pixels))[0];
/// </code></example>
public sealed class InferenceSession
{
    private readonly GraphRunner _runner;

    /// <summary>Prepares a model: checks its operators and packs its weights.</summary>
    /// <exception cref="QuantizeException">The model has an operator that isn't supported.</exception>
    public InferenceSession(MnnModel model)
        : this(Graph.Build(model))
    {
    }

    internal InferenceSession(Graph graph, long memoryLimit)
        : this(graph, new TensorPool(memoryLimit))
    {
    }

    internal InferenceSession(Graph graph, TensorPool? pool = null)
    {
        Pool = pool ?? new TensorPool();
        _runner = new GraphRunner(graph, Pool);
        Inputs = [.. graph.Inputs.Select(i => new TensorInfo(i.Name, i.Type, i.Shape, i.Format != MNN_DATA_FORMAT.NHWC))];
        OutputNames = [.. graph.OutputIds.Select(graph.TensorName)];
    }

    /// <summary>What the model wants.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>Names of what it gives, in order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    internal GraphRunner Runner => _runner;

    internal Graph Graph => _runner.Graph;

    internal TensorPool Pool { get; }

    /// <summary>Loads and prepares a model file.</summary>
    /// <exception cref="QuantizeException">The file can't be read, is no model, or has an unsupported operator.</exception>
    public static InferenceSession Load(string path) => new(MnnModel.Load(path));

    /// <summary>Another session of the same model for another thread.</summary>
    public InferenceSession Fork() => new(Graph);

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">One value an input, by name, in any order; a model with one input takes any name.</param>
    /// <returns>One value an output, in the order of <see cref="OutputNames"/>.</returns>
    /// <exception cref="ArgumentException">An input is missing or has the wrong type.</exception>
    /// <exception cref="QuantizeException">An operator can't work with these shapes.</exception>
    public IReadOnlyList<TensorValue> Run(params IReadOnlyList<TensorValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (GraphInput input in Graph.Inputs)
        {
            TensorValue value = inputs.Count == 1 && Graph.Inputs.Length == 1
                ? inputs[0]
                : inputs.FirstOrDefault(v => v.Name == input.Name)
                    ?? throw new ArgumentException($"Input '{input.Name}' is missing.", nameof(inputs));
            Fill(input, value);
        }

        _runner.Run();
        TensorValue[] outputs = [.. Graph.OutputIds.Select(ReadOutput)];
        _runner.ReleaseAll();
        return outputs;
    }

    /// <summary>The value of an output after a run: dequantized, row-major.</summary>
    /// <exception cref="QuantizeException">It was not computed, or there is no memory for it.</exception>
    internal TensorValue ReadOutput(int id)
    {
        Tensor tensor = _runner.TensorOf(id);
        if (!tensor.HasData)
        {
            throw Errors.OutputNotComputed(Graph.File, Graph.TensorName(id));
        }

        var flat = new Tensor();
        flat.Describe(tensor.Type, tensor.Shape, tensor.Format, channelsLast: false);
        try
        {
            flat.SetBuffer(Pool.Rent(flat.ByteCount));
        }
        catch (TensorShapeException e)
        {
            throw Errors.OutputTooLarge(Graph.File, Graph.TensorName(id), e.Message);
        }

        if (tensor.IsChannelsLast)
        {
            TensorLayout.CopyToRowMajor(tensor, flat);
        }
        else
        {
            tensor.Bytes.CopyTo(flat.Bytes);
        }

        TensorValue value = ToValue(Graph.TensorName(id), flat, tensor.Quant);
        flat.SetBuffer(null);
        return value;
    }

    private static TensorValue ToValue(string name, Tensor flat, QuantParameters? quant)
    {
        if (quant is not null)
        {
            float[] real = new float[flat.Count];
            QuantCast.ToFloat(flat.Int8s, real, quant);
            return new TensorValue(name, flat.Shape, real);
        }

        return flat.Type switch
        {
            ElementType.Float32 => new TensorValue(name, flat.Shape, flat.Floats.ToArray()),
            ElementType.Int32 => new TensorValue(name, flat.Shape, flat.Ints.ToArray()),
            ElementType.UInt8 => new TensorValue(name, flat.Shape, Array.ConvertAll(flat.Bytes.ToArray(), b => (int)b)),
            _ => new TensorValue(name, flat.Shape, Array.ConvertAll(flat.Int8s.ToArray(), b => (int)b)),
        };
    }

    /// <summary>Makes a value the input of the next run.</summary>
    internal void Fill(GraphInput input, TensorValue value)
    {
        Tensor tensor = _runner.PrepareInput(input.Id, input.Type, [.. value.Shape], input.Format);
        switch (input.Type, value.Type)
        {
            case (ElementType.Float32, ElementType.Float32):
                value.Floats.CopyTo(tensor.Floats);
                break;
            case (ElementType.Int32, ElementType.Int32):
                value.Ints.CopyTo(tensor.Ints);
                break;
            case (ElementType.UInt8 or ElementType.Int8, ElementType.Int32):
                int[] ints = value.Ints;
                Span<byte> bytes = tensor.Bytes;
                for (int i = 0; i < ints.Length; i++)
                {
                    bytes[i] = (byte)ints[i];
                }

                break;
            default:
                throw new ArgumentException(
                    $"Input '{input.Name}' takes {input.Type} elements, not {value.Type}.", nameof(value));
        }
    }
}
