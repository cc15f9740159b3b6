using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Layers;

/// <summary>Weights, bias and geometry of a convolution or an inner product.</summary>
internal abstract class ConvolutionParts
{
    /// <summary>The operator's name.</summary>
    public required string Name { get; init; }

    /// <summary>Which kernels compute it.</summary>
    public required ConvolutionKind Kind { get; init; }

    /// <summary>The weights in the model's order.</summary>
    public required TrainableParameter Weight { get; init; }

    /// <summary>The bias, if it is trained.</summary>
    public TrainableParameter? Bias { get; init; }

    /// <summary>[outputs], or empty.</summary>
    public required float[] BiasValues { get; init; }

    /// <summary>Rounds the weights; null leaves them as they are.</summary>
    public WeightRounding? Rounding { get; init; }

    /// <summary>True if nothing here is trained.</summary>
    public bool Frozen { get; init; }

    /// <summary>Output channels.</summary>
    public int Outputs => BiasValues.Length;

    /// <summary>What an optimizer changes.</summary>
    public IEnumerable<TrainableParameter> Trained =>
        Frozen ? [] : new[] { Weight, Bias, Rounding?.StepSize }.OfType<TrainableParameter>();

    /// <summary>Sizes of a run.</summary>
    public abstract ConvolutionShape Shape(TrainingRun run, Tensor input);

    /// <summary>Makes the output.</summary>
    public abstract Tensor MakeOutput(TrainingRun run, int id, Tensor input, in ConvolutionShape shape);
}

/// <summary>A convolution, straight or transposed.</summary>
internal sealed class PictureConvolution : ConvolutionParts
{
    /// <summary>Checks and shapes.</summary>
    public required ConvolutionWeights Geometry { get; init; }

    /// <summary>The tensor that gives the output's size, if there is one.</summary>
    public int OutputShape { get; init; } = -1;

    /// <inheritdoc/>
    public override ConvolutionShape Shape(TrainingRun run, Tensor input)
    {
        ImageShape image = ImageShape.Of(input);
        return Kind.Transposed
            ? Deconvolution.Shape(
                Geometry, image, Weight.Value.Length, Kind.Depthwise, OutputShape < 0 ? default : run.Tensor(OutputShape).Ints)
            : Geometry.Shape(image, Weight.Value.Length, Kind.Depthwise);
    }

    /// <inheritdoc/>
    public override Tensor MakeOutput(TrainingRun run, int id, Tensor input, in ConvolutionShape shape)
    {
        var size = new ImageShape(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels);
        return run.Make(id, size.DimensionsLike(input, stackalloc int[4]), input.Format);
    }
}

/// <summary>An inner product: a convolution of pictures of one pixel.</summary>
internal sealed class RowProduct : ConvolutionParts
{
    /// <inheritdoc/>
    public override ConvolutionShape Shape(TrainingRun run, Tensor input)
    {
        int outputs = BiasValues.Length, inputs = Weight.Value.Length / outputs, rows = input.Rank == 0 ? 0 : input.Shape[0];
        return input.Count == rows * inputs
            ? new ConvolutionShape
            {
                Batch = rows,
                InputHeight = 1,
                InputWidth = 1,
                InputChannels = inputs,
                OutputHeight = 1,
                OutputWidth = 1,
                OutputChannels = outputs,
                KernelHeight = 1,
                KernelWidth = 1,
            }
            : throw new TensorShapeException($"{Shapes.Text(input.Shape)} for {inputs} inputs a row");
    }

    /// <inheritdoc/>
    public override Tensor MakeOutput(TrainingRun run, int id, Tensor input, in ConvolutionShape shape) =>
        run.Make(id, [shape.Batch, shape.OutputChannels], input.Format);
}
