using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Configuration;

/// <summary>How scales of activations are found.</summary>
public enum FeatureMethod
{
    /// <summary>Least Kullback-Leibler divergence over a histogram.</summary>
    KL,

    /// <summary>Least squared error, by alternating minimisation.</summary>
    ADMM,

    /// <summary>Moving average of the range, with zero points.</summary>
    EMA,

    /// <summary>The range with the least squared error of rounding and clipping, with zero points.</summary>
    MSE,

    /// <summary>The range of all but the outermost ten-thousandth of the values at each end, with zero points.</summary>
    PERCENTILE,
}

/// <summary>What is done to make up for the error of rounding. All of it works on unlabelled samples.</summary>
[Flags]
public enum Repairs
{
    /// <summary>Nothing, as in the reference.</summary>
    None = 0,

    /// <summary>
    /// Each tensor gets the range with the least error, clipping counted several times, with zero points, and some room for
    /// greater values if there are few samples.
    /// </summary>
    Ranges = 1,

    /// <summary>Biases make up for the mean error of rounded weights and inputs, layer by layer.</summary>
    BiasCorrection = 2,

    /// <summary>Channels between two convolutions are brought to more equal ranges.</summary>
    Equalization = 4,

    /// <summary>Convolutions that nothing but outputs come from compute in float; their weights stay int8 in the file.</summary>
    FloatOutputs = 8,

    /// <summary>Each weight takes that of its two nearest levels which leaves the least error of its layer's outputs.</summary>
    Rounding = 16,

    /// <summary>What serves best on models that were never seen: all of it.</summary>
    Default = Ranges | BiasCorrection | Equalization | FloatOutputs | Rounding,
}

/// <summary>How scales of weights are found, one an output channel.</summary>
public enum WeightMethod
{
    /// <summary>The greatest magnitude becomes the greatest level.</summary>
    MaxAbs,

    /// <summary>Least squared error, by alternating minimisation.</summary>
    ADMM,
}

/// <summary>What kind of files the calibration data are.</summary>
public enum CalibrationInput
{
    /// <summary>Pictures.</summary>
    Image,

    /// <summary>Arrays of numbers: text, .npy, .npz or raw files, or a folder of them for each sample.</summary>
    Sequence,
}

/// <summary>What a corrupt file among the calibration data is.</summary>
public enum CorruptData
{
    /// <summary>The run ends with an error that names it.</summary>
    Error,

    /// <summary>It is left out, and a warning names it.</summary>
    Warn,
}

/// <summary>What a model becomes.</summary>
public enum QuantizeMode
{
    /// <summary>An int8 model, made as the other settings say.</summary>
    Int8,

    /// <summary>An int8 model whose methods, and operators that stay float, are chosen by trying them.</summary>
    Auto,

    /// <summary>An int8 model that is trained on, aware of quantization.</summary>
    Train,

    /// <summary>The float model with its weights in 2 to 8 bits. It computes in float and needs no data.</summary>
    WeightOnly,

    /// <summary>The float model with its weights as half floats. It computes in float and needs no data.</summary>
    Fp16,
}

/// <summary>One named input of the model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Value">What it is filled with, if it does not come from the data.</param>
/// <param name="Shape">Its dimensions, if the model leaves them open.</param>
public sealed record InputConfig(string Name, float? Value, IReadOnlyList<int>? Shape);

/// <summary>The settings of a <c>quant.json</c> file; defaults as in the reference (calibration.cpp).</summary>
public sealed record QuantConfig
{
    /// <summary>Where it was read from; relative paths in it start from its folder.</summary>
    public string File { get; init; } = "";

    /// <summary>Where the document begins in <see cref="File"/>, for messages about what is missing.</summary>
    internal (int Line, int Column) Start { get; init; } = (1, 1);

    /// <summary>Order of the channels that the model wants.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgr;

    /// <summary>Subtracted from each channel, in grey levels 0 to 255.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>Multiplied to each channel after the mean was subtracted.</summary>
    public IReadOnlyList<float> Normal { get; init; } = [];

    /// <summary>Width that pictures are scaled to; 0 takes the model's own.</summary>
    public int Width { get; init; }

    /// <summary>Height that pictures are scaled to; 0 takes the model's own.</summary>
    public int Height { get; init; }

    /// <summary>Where the calibration data are, as written: a folder, a file or a glob.</summary>
    public string Path { get; init; } = "";

    /// <summary>Full paths of the samples to use instead of those in <see cref="Path"/>; null takes those.</summary>
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <summary>How many samples to use, the first ones by name; 0 means all.</summary>
    public int UsedSamples { get; init; }

    /// <summary>Share of a picture's height that is kept around its middle, 0 to 1.</summary>
    public float CenterCropHeight { get; init; } = 1;

    /// <summary>Share of a picture's width that is kept around its middle, 0 to 1.</summary>
    public float CenterCropWidth { get; init; } = 1;

    /// <summary>How a picture of another shape than the model's input fits into it.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Stretch;

    /// <summary>Grey level of the padding of <see cref="ResizeMode.Letterbox"/> and <see cref="ResizeMode.Pad"/>, 0 to 255.</summary>
    public int PadValue { get; init; }

    /// <summary>What a corrupt file among the calibration data is.</summary>
    public CorruptData OnCorrupt { get; init; } = CorruptData.Error;

    /// <summary>How scales of activations are found.</summary>
    public FeatureMethod FeatureMethod { get; init; } = FeatureMethod.KL;

    /// <summary>How scales of weights are found.</summary>
    public WeightMethod WeightMethod { get; init; } = WeightMethod.MaxAbs;

    /// <summary>Whether <see cref="WeightMethod"/> was set, and is not only the default.</summary>
    internal bool HasWeightMethod { get; init; }

    /// <summary>With <see cref="QuantizeMode.WeightOnly"/>: whether each scale has an offset.</summary>
    public bool WeightAsymmetric { get; init; } = true;

    /// <summary>
    /// With <see cref="QuantizeMode.WeightOnly"/>: input channels that share a scale; 0 for one scale an output channel.
    /// </summary>
    public int WeightBlockSize { get; init; }

    /// <summary>What is done to make up for the error of rounding.</summary>
    public Repairs Repair { get; init; } = Repairs.None;

    /// <summary>Greatest magnitude of a quantized activation, 1 to 127.</summary>
    public int FeatureClamp { get; init; } = 127;

    /// <summary>Greatest magnitude of a quantized weight, 1 to 127; never more than the bits allow.</summary>
    public int WeightClamp { get; init; } = 127;

    /// <summary>Names of operators that stay float.</summary>
    public IReadOnlyList<string> SkipOps { get; init; } = [];

    /// <summary>Samples a batch, for EMA; null takes the model's own batch, or 32 where it leaves that open.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Bits of a weight, 2 to 8.</summary>
    public int QuantBits { get; init; } = 8;

    /// <summary>Whether EMA prepares convolutions for int8 Winograd kernels.</summary>
    public bool WinogradOpt { get; init; } = true;

    /// <summary>What the calibration data are.</summary>
    public CalibrationInput InputType { get; init; } = CalibrationInput.Image;

    /// <summary>The model's inputs, where they need to be named or shaped.</summary>
    public IReadOnlyList<InputConfig> Inputs { get; init; } = [];

    /// <summary>What <see cref="Labels"/> is where the folder of each sample is its class.</summary>
    public const string LabelledByFolders = "folders";

    /// <summary>
    /// Where the samples' classes are, as written: a file of lines <c>NAME LABEL</c>, or <c>folders</c> where each class has a
    /// folder; empty without labels.
    /// </summary>
    public string Labels { get; init; } = "";

    /// <summary>With <see cref="QuantizeMode.Auto"/>: greatest loss of top-1 accuracy by labels, 0 to 1; null for any.</summary>
    public double? MaxAccuracyDrop { get; init; }

    /// <summary>Whether the error of each tensor is reported.</summary>
    public bool Debug { get; init; }

    /// <summary>What the model becomes.</summary>
    public QuantizeMode Mode { get; init; }

    /// <summary>With <see cref="QuantizeMode.Auto"/>: least mean cosine of the outputs, 0 to 1.</summary>
    public double TargetCosine { get; init; } = 0.99;

    /// <summary>With <see cref="QuantizeMode.Auto"/>: least share of samples with the same first class, 0 to 1; null for any.</summary>
    public double? TargetTop1Agreement { get; init; }

    /// <summary>With <see cref="QuantizeMode.Auto"/>: greatest size of the int8 model as a share of the float model's.</summary>
    public double MaxSizeRatio { get; init; } = 0.4;

    /// <summary>With <see cref="QuantizeMode.Auto"/>: seconds for the search, on a machine of a fixed, modest speed.</summary>
    public double TimeBudgetSeconds { get; init; } = 60;

    /// <summary>How the model is trained on.</summary>
    public TrainConfig Train { get; init; } = new();

    /// <summary>Whether the mode stores weights in fewer bits and leaves all else as it is.</summary>
    public bool CompressesOnly => Mode is QuantizeMode.WeightOnly or QuantizeMode.Fp16;

    /// <summary>How scales of weights are found; where nothing is said, as serves the mode.</summary>
    internal WeightMethod EffectiveWeightMethod =>
        Mode == QuantizeMode.WeightOnly && !HasWeightMethod ? WeightMethod.ADMM : WeightMethod;

    /// <summary>Channels of <see cref="Format"/>: 1, 3 or 4.</summary>
    public int Channels => Format switch
    {
        PixelFormat.Gray => 1,
        PixelFormat.Rgb or PixelFormat.Bgr => 3,
        _ => 4,
    };

    /// <summary>Greatest level of a weight: what bits and clamp both allow.</summary>
    public int WeightLimit => Math.Min(WeightClamp, (1 << (QuantBits - 1)) - 1);

    /// <summary>Full path of the calibration data; a glob keeps its wildcards.</summary>
    public string FullPath => Resolve(Path);

    /// <summary>Full path of the file of labels.</summary>
    public string FullLabels => Resolve(Labels);

    /// <summary>Full path of a place that the config names.</summary>
    internal string Resolve(string place) => System.IO.Path.GetFullPath(
        place.Replace('\\', System.IO.Path.DirectorySeparatorChar),
        System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(File))!);
}
