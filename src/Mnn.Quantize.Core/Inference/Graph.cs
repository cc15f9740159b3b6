using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// A model's operators made ready to run: checked, weights packed, constants laid out. Immutable once built and shared
/// by every session.
/// </summary>
internal sealed class Graph
{
    /// <summary>The model's path, for messages.</summary>
    public required string File { get; init; }

    /// <summary>Operators in the order in which they run; inputs and constants are not among them.</summary>
    public required Node[] Nodes { get; init; }

    /// <summary>Names of tensors by id; may be shorter than <see cref="TensorCount"/>.</summary>
    public required IReadOnlyList<string> TensorNames { get; init; }

    /// <summary>Number of tensor ids.</summary>
    public required int TensorCount { get; init; }

    /// <summary>What the caller provides.</summary>
    public required GraphInput[] Inputs { get; init; }

    /// <summary>Ids of the tensors that the caller gets.</summary>
    public required int[] OutputIds { get; init; }

    /// <summary>Tensors whose values are part of the model, by id.</summary>
    public required IReadOnlyDictionary<int, Tensor> Constants { get; init; }

    /// <summary>Scale and zero point of each tensor id; null where the tensor stays float.</summary>
    public required QuantParameters?[] Quant { get; init; }

    /// <summary>How often each tensor is read, with one more for outputs and inputs that must outlive the run.</summary>
    public required int[] UseCounts { get; init; }

    /// <summary>The graphs that control flow operators call, by name.</summary>
    public required IReadOnlyDictionary<string, Graph> Subgraphs { get; init; }

    /// <summary>The name of a tensor.</summary>
    public string TensorName(int id) =>
        id < TensorNames.Count && TensorNames[id].Length > 0 ? TensorNames[id] : $"tensor {id}";

    /// <summary>Prepares a whole model.</summary>
    /// <exception cref="Diagnostics.QuantizeException">An operator isn't supported, or the graph is malformed.</exception>
    public static Graph Build(MnnModel model) => new GraphBuilder(model.Path).Build(model.Net);
}

/// <summary>One input of a graph.</summary>
/// <param name="Id">Tensor id.</param>
/// <param name="Name">Tensor name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Declared dimensions; -1 where open.</param>
/// <param name="Format">Declared format; NC4HW4 is fed as NCHW.</param>
internal sealed record GraphInput(int Id, string Name, ElementType Type, int[] Shape, MNN_DATA_FORMAT Format);
