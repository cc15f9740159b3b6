using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training.Layers;
using GroupNorm = Mnn.Quantize.Model.Schema.GroupNorm;
using InnerProduct = Mnn.Quantize.Model.Schema.InnerProduct;
using LayerNorm = Mnn.Quantize.Model.Schema.LayerNorm;
using Normalize = Mnn.Quantize.Model.Schema.Normalize;
using Scale = Mnn.Quantize.Model.Schema.Scale;

namespace Mnn.Quantize.Training;

/// <summary>What there is to train in operators.</summary>
internal static class TrainableOps
{
    /// <summary>Whether an operator has parameters that can be trained.</summary>
    public static bool HasParameters(Op op) => op.Main switch
    {
        Convolution2D { Weight.Length: > 0 } => IsPicture(op),
        InnerProduct { Weight.Length: > 0 } or PRelu { Slope.Length: > 0 } or Scale { ScaleData.Length: > 0 } => true,
        BatchNorm => op.Type is OpType.BatchNorm or OpType.InstanceNorm,
        LayerNorm { Gamma.Length: > 0 } or GroupNorm { Gamma.Length: > 0 } or Normalize { Scale.Length: > 0 } => true,
        _ => false,
    };

    /// <summary>Weights and geometry of a convolution or inner product; null for other operators.</summary>
    public static ConvolutionParts? Parts(
        Node node, Graph graph, TrainingOptions options, RoundingPlan rounding, bool frozen)
    {
        switch (node.Op.Main)
        {
            case Convolution2D { Weight: { Length: > 0 } weight, Common: { } common } convolution when IsPicture(node.Op):
                var context = new OpBuildContext(node.Op, node.Name, graph.File, graph.Constants);
                var parameter = new TrainableParameter(
                    node.Name + ".weight", ParameterKind.Weight,
                    [common.OutputCount, weight.Length / common.OutputCount / (common.KernelY * common.KernelX), common.KernelY, common.KernelX],
                    weight);
                float[] bias = convolution.Bias is { Length: > 0 } given ? given : convolution.Bias = new float[common.OutputCount];
                return new PictureConvolution
                {
                    Name = node.Name,
                    Kind = new ConvolutionKind(IsDepthwise(node.Op.Type), IsTransposed(node.Op.Type)),
                    Weight = parameter,
                    Bias = frozen ? null : new TrainableParameter(node.Name + ".bias", ParameterKind.Bias, [bias.Length], bias),
                    BiasValues = bias,
                    Rounding = rounding.RoundsWeights(node)
                        ? new WeightRounding(parameter, common.OutputCount, options.WeightBits, options.LearnStepSizes)
                        : null,
                    Frozen = frozen,
                    Geometry = new ConvolutionWeights(context),
                    OutputShape = common.HasOutputShape && node.Inputs.Length > 1 ? node.Inputs[^1] : -1,
                };
            case InnerProduct { Weight: { Length: > 0 } weight, OutputCount: > 0 } product:
                int outputs = product.OutputCount;
                float[] biases = product.Bias is { Length: > 0 } own ? own : product.Bias = new float[outputs];
                return new RowProduct
                {
                    Name = node.Name,
                    Kind = default,
                    Weight = new TrainableParameter(
                        node.Name + ".weight", ParameterKind.Weight, [outputs, weight.Length / outputs], weight),
                    Bias = frozen ? null : new TrainableParameter(node.Name + ".bias", ParameterKind.Bias, [outputs], biases),
                    BiasValues = biases,
                    Frozen = frozen,
                };
            default:
                return null;
        }
    }

    /// <summary>Parameters and statistics of a BatchNorm.</summary>
    public static BatchNormParts Norm(Node node, TrainingOptions options, bool frozen)
    {
        var norm = (BatchNorm)node.Op.Main!;
        float[] slope = norm.SlopeData!, mean = norm.MeanData!, variance = norm.VarData!;
        float[] bias = norm.BiasData ??= new float[slope.Length];
        return new BatchNormParts(
            new TrainableParameter(node.Name + ".gamma", ParameterKind.Scale, [slope.Length], slope),
            new TrainableParameter(node.Name + ".beta", ParameterKind.Bias, [bias.Length], bias),
            mean, variance, norm.Epsilon, options, frozen);
    }

    /// <summary>The bounds of an activation that follows a convolution; null for other operators.</summary>
    public static (float Low, float High)? Bounds(Op op) => (op.Type, op.Main) switch
    {
        (OpType.ReLU, null or Relu { Slope: 0 }) => (0, float.PositiveInfinity),
        (OpType.ReLU6, null) => (0, 6),
        (OpType.ReLU6, Relu6 bounds) => (bounds.MinValue, bounds.MaxValue),
        _ => null,
    };

    private static bool IsPicture(Op op) => op.Type is OpType.Convolution or OpType.ConvolutionDepthwise
        ? op.InputIndexes?.Length == 1
        : IsTransposed(op.Type);

    private static bool IsDepthwise(OpType type) => type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise;

    private static bool IsTransposed(OpType type) => type is OpType.Deconvolution or OpType.DeconvolutionDepthwise;
}
