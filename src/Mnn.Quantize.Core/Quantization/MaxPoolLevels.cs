using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>
/// Keeps int8 max poolings right. The x86 runtime keeps a level as a byte 128 higher and compares these bytes as signed
/// (CPUPoolInt8.cpp, FunctionDispatcher.cpp): a level below 0 counts as greater than one that is not. Where all have one
/// sign the order is right, on every processor.
/// </summary>
internal static class MaxPoolLevels
{
    // Parameters that differ, however little, make the runtime pool between casts.
    private const float Apart = 1.0001f;

    /// <summary>
    /// Lets poolings over levels of both signs run in float, for scales whose levels begin far below 0: half of the
    /// levels would be lost otherwise.
    /// </summary>
    /// <param name="graph">The model.</param>
    /// <param name="quant">By tensor id: scale and zero point, null where there is none; changed in place.</param>
    public static void RunInFloat(Graph graph, QuantParameters?[] quant)
    {
        foreach (Node node in graph.Nodes.Where(IsMaxPooling))
        {
            if (quant[node.Inputs[0]] is { Min: < 0 } shared && ReferenceEquals(shared, quant[node.Outputs[0]]))
            {
                quant[node.Outputs[0]] = shared with { Scale = shared.Scale * Apart };
            }
        }
    }

    /// <summary>Gives the tensors of poolings levels from 0 on; <paramref name="quant"/> is changed in place, after scales were shared.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="leastValue">By tensor id: the smallest value that it is to hold.</param>
    /// <param name="quant">By tensor id: scale and zero point, null where there is none.</param>
    public static void Apply(Graph graph, Func<int, float> leastValue, QuantParameters?[] quant)
    {
        foreach (Node node in graph.Nodes.Where(IsMaxPooling))
        {
            if (quant[node.Inputs[0]] is not { Min: < 0 } shared || !ReferenceEquals(shared, quant[node.Outputs[0]]))
            {
                continue;
            }

            int[] members = [.. Enumerable.Range(0, quant.Length).Where(id => ReferenceEquals(quant[id], shared))];
            float least = members.Min(leastValue);
            if (least >= 0 && shared.ZeroPoint == 0)
            {
                // No value gets a level below 0.
                continue;
            }

            QuantParameters above = FromZero(shared, least);
            foreach (int id in members)
            {
                quant[id] = above;
            }
        }
    }

    /// <summary>The same range from its smallest needed value on, with no level below 0.</summary>
    private static QuantParameters FromZero(QuantParameters quant, float leastValue)
    {
        float low = MathF.Max(MathF.Min(leastValue, 0), (quant.Min - quant.ZeroPoint) * quant.Scale);
        float high = (quant.Max - quant.ZeroPoint) * quant.Scale;
        float scale = (high - low) / quant.Max;
        float zero = MathF.Round(-low / scale, MidpointRounding.AwayFromZero);
        return new QuantParameters(scale, (int)zero, 0, quant.Max);
    }

    /// <summary>Whether an operator takes greatest values.</summary>
    public static bool IsMaxPooling(Node node) =>
        node.Op is { Type: OpType.Pooling, Main: Pool { Type: PoolType.MAXPOOL } }
            or { Type: OpType.Pooling3D, Main: Pool3D { Type: PoolType.MAXPOOL } };
}
