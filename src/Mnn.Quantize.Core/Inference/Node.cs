using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>An operator at its place in a graph.</summary>
/// <param name="Op">The operator as the model declares it.</param>
/// <param name="Name">Its name; the first output's name if it has none.</param>
/// <param name="Operator">The operator made ready.</param>
/// <param name="Inputs">Ids of the tensors it reads; -1 for one that is left out.</param>
/// <param name="Outputs">Ids of the tensors it makes.</param>
internal sealed record Node(Op Op, string Name, Operator Operator, int[] Inputs, int[] Outputs)
{
    /// <summary>True if the runtime runs it on int8 tensors.</summary>
    public bool RunsInt8 { get; set; }
}
