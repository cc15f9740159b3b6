using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>Every operator that has a derivative, and what makes it.</summary>
internal static class GradientTable
{
    private static readonly Dictionary<OpType, Func<GradientBuild, Gradient?>> Factories = new()
    {
        [OpType.Pooling] = b => new PoolingGradient((Pool)b.Op.Main!),
    };

    /// <summary>Operators whose results are integers, which don't change by small steps: gradients end there.</summary>
    private static readonly HashSet<OpType> Constant =
    [
        OpType.Shape, OpType.Rank, OpType.Size, OpType.ArgMax, OpType.ArgMin, OpType.PriorBox, OpType.ZerosLike,
        OpType.OneHot, OpType.Where,
    ];

    /// <summary>True for operators that pass nothing on of how their input changes.</summary>
    public static bool EndsGradients(Node node) => Constant.Contains(node.Op.Type);

    /// <summary>Makes the derivative of an operator; null if it has none.</summary>
    public static Gradient? Create(GradientBuild build) =>
        Factories.TryGetValue(build.Op.Type, out Func<GradientBuild, Gradient?>? factory) ? factory(build)
        : build.Node.Operator.MovesElements ? new MoveGradient()
        : null;
}

/// <summary>What the maker of a derivative looks at.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Graph">The graph, for constants.</param>
/// <param name="Frozen">Whether nothing of the operator is trained.</param>
internal sealed record GradientBuild(Node Node, Graph Graph, bool Frozen)
{
    /// <summary>The operator as the model declares it.</summary>
    public Op Op => Node.Op;
}
