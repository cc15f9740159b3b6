using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Verification;

/// <summary>How much an operator carries and how much it computes.</summary>
internal static class OperatorCost
{
    /// <summary>Numbers that an operator carries: weights, biases, factors.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="file">The model's path, for messages.</param>
    public static long Parameters(Op op, string file) => op.Main switch
    {
        Convolution2D convolution => Weights(convolution, file, op) + Length(convolution.Bias),
        Convolution3D convolution => Length(convolution.Weight) + Length(convolution.Bias),
        InnerProduct product => Length(product.Weight) + Length(product.Bias),
        MatMul product => Length(product.Weight) + Length(product.Bias),
        BatchNorm norm => Length(norm.SlopeData) + Length(norm.MeanData) + Length(norm.VarData) + Length(norm.BiasData),
        Scale scale => Length(scale.ScaleData) + Length(scale.BiasData),
        LayerNorm norm => Length(norm.Gamma) + Length(norm.Beta),
        GroupNorm norm => Length(norm.Gamma) + Length(norm.Beta),
        PRelu prelu => Length(prelu.Slope),
        Normalize normalize => Length(normalize.Scale),
        LSTM lstm => Length(lstm.WeightI) + Length(lstm.WeightH) + Length(lstm.Bias),
        _ => 0,
    };

    /// <summary>Multiply-accumulate operations of an operator: products of matrices and convolutions; 0 for all others.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="shapes">By tensor id: dimensions, in the model's order; null if not known.</param>
    /// <param name="file">The model's path, for messages.</param>
    /// <returns>Null if a shape is not known.</returns>
    public static long? MultiplyAccumulates(Node node, IReadOnlyList<int[]?> shapes, string file)
    {
        switch (node.Op.Type, node.Op.Main)
        {
            case (OpType.Convolution or OpType.ConvolutionDepthwise, Convolution2D convolution):
                return Elements(node.Outputs, shapes) * WeightsOfOutput(node, convolution, shapes, file);
            case (OpType.Deconvolution or OpType.DeconvolutionDepthwise, Convolution2D convolution):
                // Each input element meets every weight of its channel.
                return Elements(node.Inputs, shapes) * WeightsOfInput(node, convolution, shapes, file);
            case (OpType.Convolution3D, Convolution3D { Common.OutputCount: > 0 } convolution):
                return Elements(node.Outputs, shapes) * (Length(convolution.Weight) / convolution.Common.OutputCount);
            case (OpType.InnerProduct, InnerProduct { OutputCount: > 0 } product):
                return Elements(node.Outputs, shapes) * (Length(product.Weight) / product.OutputCount);
            case (OpType.MatMul, MatMul product):
                return Elements(node.Outputs, shapes) * Inner(node, shapes, product.TransposeA);
            case (OpType.BatchMatMul, BatchMatMulParam product):
                return Elements(node.Outputs, shapes) * Inner(node, shapes, product.AdjX);
            default:
                return 0;
        }
    }

    private static long? WeightsOfOutput(Node node, Convolution2D convolution, IReadOnlyList<int[]?> shapes, string file)
    {
        int outputs = convolution.Common?.OutputCount ?? 0;
        if (node.Inputs.Length > 1)
        {
            // [out, in / group, height, width], computed at run time.
            return shapes[node.Inputs[1]] is { Length: > 0 } weights ? Product(weights.AsSpan(1)) : null;
        }

        return outputs > 0 ? Weights(convolution, file, node.Op) / outputs : 0;
    }

    private static long? WeightsOfInput(Node node, Convolution2D convolution, IReadOnlyList<int[]?> shapes, string file)
    {
        if (shapes[node.Inputs[0]] is not { Length: > 1 } input || input[1] == 0)
        {
            return shapes[node.Inputs[0]] is null ? null : 0;
        }

        return node.Inputs.Length == 1 ? Weights(convolution, file, node.Op) / input[1]
            : shapes[node.Inputs[1]] is { } weights ? Product(weights) / input[1]
            : null;
    }

    private static long? Inner(Node node, IReadOnlyList<int[]?> shapes, bool transposed) => shapes[node.Inputs[0]] switch
    {
        null => null,
        [] => 1,
        [var only] => only,
        var shape => transposed ? shape[^2] : shape[^1],
    };

    private static long? Elements(int[] ids, IReadOnlyList<int[]?> shapes) =>
        ids is [var id, ..] && shapes[id] is { } shape ? Product(shape) : null;

    private static long Product(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int extent in shape)
        {
            product *= extent;
        }

        return product;
    }

    // Of quantized weights the number is known only to who decodes them.
    private static long Weights(Convolution2D convolution, string file, Op op) =>
        convolution.Weight is { Length: > 0 } weights ? weights.Length
        : convolution.QuanParameter is null ? 0
        : WeightCodec.Dequantize(convolution, file, op.Name ?? "").Length;

    private static long Length(float[]? values) => values?.Length ?? 0;

    private static long Length(Blob? blob) => blob is null ? 0 : Length(blob.Float32s);
}
