using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Verification;

/// <summary>Says in words why an operator of an int8 model runs in int8 or in float, after the runtime's rule.</summary>
internal static class OperatorReasons
{
    /// <summary>Why a convolution's weights can't become int8; null if they can.</summary>
    public static string? WeightsStayFloat(Node node) =>
        node.Inputs.Length > 1 ? "its weights are computed at run time"
        : node.Op.Main is not Convolution2D ? "it has no weights of its own"
        : null;

    /// <summary>The reason for what <see cref="Node.RunsInt8"/> says.</summary>
    /// <param name="graph">A model with scales.</param>
    /// <param name="node">One of its operators.</param>
    /// <param name="skipped">Whether the config tells to leave it out.</param>
    public static string Of(Graph graph, Node node, bool skipped)
    {
        if (node.RunsInt8)
        {
            return QuantizationPlan.IsConvolution(node.Op.Type) ? "int8 weights, and scales of its input and output"
                : node.Operator.MovesElements ? "it moves int8 values between equal scales"
                : "its inputs and output have scales";
        }

        if (skipped)
        {
            return "named in skip_quant_op_names";
        }

        if (Array.TrueForAll(graph.Quant, quant => quant is null))
        {
            return HasStoredWeights(node) ? "its weights are stored in fewer bits; it computes in float" : "the model computes in float";
        }

        if (QuantizationPlan.IsConvolution(node.Op.Type))
        {
            return Convolution(graph, node);
        }

        return MissingScale(graph, node) ?? Rule(node);
    }

    private static bool HasStoredWeights(Node node) =>
        node.Op.Main is Convolution2D { Weight: null or [], QuanParameter.Buffer.Length: > 0 };

    private static string Convolution(Graph graph, Node node)
    {
        return !HasStoredWeights(node) ? WeightsStayFloat(node) ?? MissingScale(graph, node) ?? "its weights are float"
            : node.Op.Type is OpType.Deconvolution or OpType.DeconvolutionDepthwise
                ? "stored in int8, but the runtime computes it in float"
            : MissingScale(graph, node) ?? "the runtime computes it in float";
    }

    private static string? MissingScale(Graph graph, Node node)
    {
        int output = node.Outputs.FirstOrDefault(-1);
        int[] inputs = Int8Planner.DataInputs(node);
        int input = Array.FindIndex(inputs, id => graph.Quant[id] is null);
        return output < 0 || graph.Quant[output] is null ? "its output has no scale, as integers have none"
            : input >= 0 ? $"its input '{graph.TensorName(inputs[input])}' has no scale"
            : null;
    }

    private static string Rule(Node node) =>
        node.Operator.MovesElements || node.Op.Type is OpType.Pooling or OpType.Pooling3D
            ? "scales of input and output differ"
            : node.Op.Type == OpType.UnaryOp
                ? "this function has no int8 table"
                : $"the runtime has no int8 form of {node.Op.Type}";
}
