using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>Runs the graphs that control flow operators call, on the session's own memory.</summary>
internal sealed class SubgraphCall
{
    private const int MaxDepth = 16;

    private readonly OpContext _context;
    private readonly GraphRunner _runner;

    private SubgraphCall(OpContext context, Graph graph, string name)
    {
        _context = context;
        Graph = graph;
        Name = name;
        _runner = new GraphRunner(graph, context.Pool) { Depth = context.Depth + 1 };
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Its name in the model.</summary>
    public string Name { get; }

    /// <summary>Gets a graph ready to be run.</summary>
    /// <exception cref="QuantizeException">It isn't there, or graphs call each other too deeply.</exception>
    public static SubgraphCall Find(OpContext context, string? name)
    {
        if (name is null || !context.Graph.Subgraphs.TryGetValue(name, out Graph? graph))
        {
            throw Errors.SubgraphMissing(context.Graph.File, context.Node.Name, name);
        }

        return context.Depth < MaxDepth
            ? new SubgraphCall(context, graph, name)
            : throw Errors.SubgraphsTooDeep(context.Graph.File, context.Node.Name, MaxDepth);
    }

    /// <summary>The error that caller and graph don't match.</summary>
    public QuantizeException Mismatch(string what) =>
        Errors.SubgraphSignature(_context.Graph.File, _context.Node.Name, Name, what);

    /// <summary>Position of an input by name; -1 if there is none.</summary>
    public int InputIndex(string name) => Array.FindIndex(Graph.Inputs, i => i.Name == name);

    /// <summary>Position of an output by name; -1 if there is none.</summary>
    public int OutputIndex(string name) => Array.FindIndex(Graph.OutputIds, id => Graph.TensorName(id) == name);

    /// <summary>Runs the graph once.</summary>
    /// <param name="inputs">One row-major tensor an input, in order.</param>
    /// <returns>
    /// One row-major tensor an output, in order; the caller ends each with <see cref="OpContext.Release"/>.
    /// </returns>
    public Tensor[] Run(Tensor?[] inputs)
    {
        for (int i = 0; i < Graph.Inputs.Length; i++)
        {
            Tensor source = i < inputs.Length && inputs[i] is { } given
                ? given
                : throw Mismatch($"nothing is given for its input '{Graph.Inputs[i].Name}'");
            MNN_DATA_FORMAT format = source.Rank > 2 ? source.Format : Graph.Inputs[i].Format;
            Tensor target = _runner.PrepareInput(Graph.Inputs[i].Id, source.Type, source.Shape, format);
            target.ShareBuffer(source);
            target.Sequence = source.Sequence;
        }

        _runner.Run(_context.Cancellation);
        Tensor[] outputs = [.. Graph.OutputIds.Select(id => RowMajor(_runner.TensorOf(id)))];
        _runner.ReleaseAll();
        return outputs;
    }

    private Tensor RowMajor(Tensor tensor)
    {
        if (!tensor.HasData)
        {
            throw Mismatch("one of its outputs isn't computed");
        }

        Tensor result = _context.Temporary(tensor.Type, tensor.Shape, tensor.Format);
        if (tensor.IsChannelsLast)
        {
            TensorLayout.CopyToRowMajor(tensor, result);
        }
        else
        {
            result.ShareBuffer(tensor);
        }

        result.Sequence = tensor.Sequence;
        return result;
    }
}
