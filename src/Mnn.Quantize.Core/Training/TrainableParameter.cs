namespace Mnn.Quantize.Training;

/// <summary>What a trainable parameter is, for optimizers that treat kinds differently.</summary>
internal enum ParameterKind
{
    /// <summary>Weights of a convolution or matrix product.</summary>
    Weight,

    /// <summary>Added to each channel.</summary>
    Bias,

    /// <summary>Multiplied to each channel: gamma of a BatchNorm, slope of a PReLU.</summary>
    Scale,

    /// <summary>Learned distance between the levels of quantized values.</summary>
    StepSize,
}

/// <summary>Numbers that training changes, with the gradient of the loss by them.</summary>
/// <param name="name">Name of the operator, a dot, and what it is there: <c>conv1.weight</c>. Unique in a net.</param>
/// <param name="kind">What it is.</param>
/// <param name="shape">Dimensions; their product is the number of elements.</param>
/// <param name="value">The numbers now. Whoever changes them calls <see cref="ITrainableNet.AfterUpdate"/>.</param>
internal sealed class TrainableParameter(string name, ParameterKind kind, int[] shape, float[] value)
{
    /// <summary>Name of the operator, a dot, and what it is there. Unique in a net.</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    public ParameterKind Kind { get; } = kind;

    /// <summary>Dimensions.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>The numbers now, row-major in <see cref="Shape"/>.</summary>
    public float[] Value { get; } = value;

    /// <summary>Derivative of the loss by each number, from the last <see cref="ITrainableNet.Backward"/>.</summary>
    public float[] Gradient { get; } = new float[value.Length];

    /// <summary>Whether weight decay pulls it to zero: weights only, as is usual (Goyal et al. 2017, section 5.3).</summary>
    public bool Decays => Kind == ParameterKind.Weight;
}
