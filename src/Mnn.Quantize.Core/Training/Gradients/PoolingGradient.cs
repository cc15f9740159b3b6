using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of a pooling of pictures.</summary>
/// <param name="parameters">The operator's parameters.</param>
internal sealed class PoolingGradient(Pool parameters) : Gradient
{
    private readonly Pooling _pooling = new(parameters);

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        (PoolingKind kind, ConvolutionShape shape, int bottom, int right) = _pooling.Sizes(ImageShape.Of(input));
        Pooling2D.Gradient(
            kind, shape, bottom, right, input.Floats, context.OutputGradient().Floats, context.InputGradient(0).Floats);
    }
}
