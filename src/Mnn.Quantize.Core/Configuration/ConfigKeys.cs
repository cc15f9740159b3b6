using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Configuration;

/// <summary>Every key that <c>quant.json</c> knows. Parser, documentation and JSON schema are made of this one list.</summary>
internal static class ConfigKeys
{
    private static readonly ChoiceType<PixelFormat> Formats = new(
        ("RGB", PixelFormat.Rgb), ("BGR", PixelFormat.Bgr), ("RGBA", PixelFormat.Rgba), ("BGRA", PixelFormat.Bgra),
        ("GRAY", PixelFormat.Gray));

    private static readonly ChoiceType<FeatureMethod> FeatureMethods =
        new(
            ("KL", FeatureMethod.KL), ("ADMM", FeatureMethod.ADMM), ("EMA", FeatureMethod.EMA), ("MSE", FeatureMethod.MSE),
            ("PERCENTILE", FeatureMethod.PERCENTILE));

    private static readonly ChoiceType<WeightMethod> WeightMethods =
        new(("MAX_ABS", WeightMethod.MaxAbs), ("ADMM", WeightMethod.ADMM));

    private static readonly ChoiceType<CalibrationInput> InputTypes =
        new(("image", CalibrationInput.Image), ("sequence", CalibrationInput.Sequence));

    private static readonly ChoiceType<ResizeMode> ResizeModes =
        new(("stretch", ResizeMode.Stretch), ("letterbox", ResizeMode.Letterbox), ("crop", ResizeMode.Crop),
            ("pad", ResizeMode.Pad));

    private static readonly ChoiceType<CorruptData> CorruptChoices =
        new(("error", CorruptData.Error), ("warn", CorruptData.Warn));

    /// <summary>What the key <c>mode</c> takes.</summary>
    internal static readonly ChoiceType<QuantizeMode> Modes =
        new(
            ("int8", QuantizeMode.Int8), ("auto", QuantizeMode.Auto), ("train", QuantizeMode.Train),
            ("weight_only", QuantizeMode.WeightOnly), ("fp16", QuantizeMode.Fp16))
        {
            IgnoresCase = true,
        };

    private static readonly IntegerType Side = new(1, ImageProcessOptions.MaxSide);

    /// <summary>The keys, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        ConfigKey.Open("path", new TextType(), "", (c, v) => c with { Path = v },
            "The calibration data, relative to this file: a folder, one file, or a glob such as `photos/**/*.png`.").AsRequired("required, but not with `weight_only` and `fp16`"),
        ConfigKey.Of("used_image_num", new IntegerType(0), c => c.UsedSamples, (c, v) => c with { UsedSamples = v },
            "How many samples to use, the first ones by name; 0 means all."),
        ConfigKey.Of("used_sample_num", new IntegerType(0), c => c.UsedSamples, (c, v) => c with { UsedSamples = v },
            "The same as `used_image_num`."),
        ConfigKey.Of("input_type", InputTypes, c => c.InputType, (c, v) => c with { InputType = v },
            "What the data are: pictures, or arrays of numbers (`.txt`, `.npy`, `.npz`, `.raw`, `.bin`, or a folder of them for each sample)."),
        ConfigKey.Of("format", Formats, c => c.Format, (c, v) => c with { Format = v },
            "Order of the channels that the model wants."),
        ConfigKey.Open("mean", new NumbersType(4), "0 for each channel", (c, v) => c with { Mean = v },
            "Subtracted from each channel, in the order of `format`, in grey levels 0 to 255."),
        ConfigKey.Open("normal", new NumbersType(4), "1 for each channel", (c, v) => c with { Normal = v },
            "Multiplied to each channel after `mean` was subtracted: `(grey - mean) * normal`."),
        ConfigKey.Open("width", Side, "the model's", (c, v) => c with { Width = v },
            "Width that pictures are scaled to."),
        ConfigKey.Open("height", Side, "the model's", (c, v) => c with { Height = v },
            "Height that pictures are scaled to."),
        ConfigKey.Of("center_crop_h", new ShareType(), c => c.CenterCropHeight, (c, v) => c with { CenterCropHeight = v },
            "Share of a picture's height that is kept around the middle, before scaling."),
        ConfigKey.Of("center_crop_w", new ShareType(), c => c.CenterCropWidth, (c, v) => c with { CenterCropWidth = v },
            "Share of a picture's width that is kept around the middle, before scaling."),
        ConfigKey.Of("feature_quantize_method", FeatureMethods, c => c.FeatureMethod, (c, v) => c with { FeatureMethod = v },
            "How scales of activations are found."),
        ConfigKey.Open("weight_quantize_method", WeightMethods, "\"MAX_ABS\"; with `weight_only` \"ADMM\"",
            (c, v) => c with { WeightMethod = v, HasWeightMethod = true },
            "How scales of weights are found: from the greatest weight, or with least squared error."),
        ConfigKey.Of("feature_clamp_value", new IntegerType(1, 127), c => c.FeatureClamp, (c, v) => c with { FeatureClamp = v },
            "Greatest magnitude of a quantized activation."),
        ConfigKey.Of("weight_clamp_value", new IntegerType(1, 127), c => c.WeightClamp, (c, v) => c with { WeightClamp = v },
            "Greatest magnitude of a quantized weight; never more than `quant_bits` allows."),
        ConfigKey.Of("quant_bits", new IntegerType(2, 8), c => c.QuantBits, (c, v) => c with { QuantBits = v },
            "Bits of a weight."),
        ConfigKey.Of("skip_quant_op_names", new TextsType(), c => c.SkipOps, (c, v) => c with { SkipOps = v },
            "Names of operators that stay float."),
        ConfigKey.Open("batch_size", new IntegerType(1, 4096), "the model's, or 32", (c, v) => c with { BatchSize = v },
            "Samples a batch, for EMA."),
        ConfigKey.Of("winogradOpt", new FlagType(), c => c.WinogradOpt, (c, v) => c with { WinogradOpt = v },
            "Accepted, without effect: int8 Winograd convolutions are not prepared (see the page on accuracy)."),
        ConfigKey.Of("inputs", new InputsType(), c => c.Inputs, (c, v) => c with { Inputs = v },
            "The model's inputs: a `shape` where the model leaves it open, a `value` where one is constant."),
        ConfigKey.Of("debug", new FlagType(), c => c.Debug, (c, v) => c with { Debug = v },
            "Whether the error of each tensor is reported."),
        ConfigKey.Open("model", new TextType(), "", (c, _) => c,
            "Has no effect, as in the reference: the model is named in the project or on the command line."),
        ConfigKey.Open("$schema", new TextType(), "", (c, _) => c,
            "The JSON schema, for editors.").AsExtension(),
        ConfigKey.Of("resize", ResizeModes, c => c.Resize, (c, v) => c with { Resize = v },
            "How a picture of another shape fits: stretched, whole with padding around it, cut to the input's shape, or pixel by pixel with padding around it.").AsExtension(),
        ConfigKey.Of("pad_value", new IntegerType(0, 255), c => c.PadValue, (c, v) => c with { PadValue = v },
            "Grey level of the padding of `letterbox` and `pad`.").AsExtension(),
        ConfigKey.Of("on_corrupt", CorruptChoices, c => c.OnCorrupt, (c, v) => c with { OnCorrupt = v },
            "What a corrupt file among the samples is: an error, or a warning that names it, and it is left out.").AsExtension(),
        ConfigKey.Of("repair", new RepairsType(), c => c.Repair, (c, v) => c with { Repair = v },
            "What is done to make up for the error of rounding: `ranges` gives each tensor the range with the least squared error, clipping counted several times, with zero points; `rounding` gives each weight that of its two nearest levels which leaves the least error of its layer's outputs on the samples; `bias_correction` lets biases make up for the mean error that is left, layer by layer, behind layers that are rounded already; `equalization` brings channels between two convolutions to more equal ranges; `float_outputs` lets the last convolutions compute in float, with int8 weights in the file.").AsExtension(),
        ConfigKey.Of("mode", Modes, c => c.Mode, (c, v) => c with { Mode = v },
            "What the model becomes: an int8 model made as the other keys say, one whose methods, and operators that stay float, are chosen by trying them, or one that is trained on; or the float model with its weights stored in `quant_bits` bits, or as half floats, for which no data are needed. Case, underscores and hyphens do not count.").AsExtension(),
        ConfigKey.Of("weight_asymmetric", new FlagType(), c => c.WeightAsymmetric, (c, v) => c with { WeightAsymmetric = v },
            "With `weight_only`: whether each scale has an offset, which takes 4 bytes and halves the steps of weights that lie to one side of zero.").AsExtension(),
        ConfigKey.Of("weight_block_size", new MultipleType(16, 65536), c => c.WeightBlockSize, (c, v) => c with { WeightBlockSize = v },
            "With `weight_only`: input channels that share a scale, where they divide the number of input channels; 0 gives each output channel one scale.").AsExtension(),
        ConfigKey.Of("target_cosine", new RangeType(0, 1), c => c.TargetCosine, (c, v) => c with { TargetCosine = v },
            "With `auto`: least mean cosine similarity of the outputs to the float model's.").AsExtension(),
        ConfigKey.Open("target_top1_agreement", new RangeType(0, 1), "any", (c, v) => c with { TargetTop1Agreement = v },
            "With `auto`: least share of the samples on which both models have the same first class.").AsExtension(),
        ConfigKey.Open("max_accuracy_drop", new RangeType(0, 1), "any", (c, v) => c with { MaxAccuracyDrop = v },
            "With `auto` and `labels`: greatest loss of top-1 accuracy on the calibration data, such as 0.005 for half a point.").AsExtension(),
        ConfigKey.Open("labels", new TextType(), "none", (c, v) => c with { Labels = v },
            "Classes of the samples, with which accuracy is measured: a file of lines `NAME LABEL`, names relative to the samples' folder, classes from 0; or `folders` where the samples of each class have a folder.").AsExtension(),
        ConfigKey.Of("max_size_ratio", new RangeType(0, 1), c => c.MaxSizeRatio, (c, v) => c with { MaxSizeRatio = v },
            "With `auto`: greatest size of the int8 model as a share of the float model's, external weights included.").AsExtension(),
        ConfigKey.Of("time_budget_seconds", new RangeType(0, 86400), c => c.TimeBudgetSeconds, (c, v) => c with { TimeBudgetSeconds = v },
            "With `auto`: seconds for the search, counted in multiplications at a fixed speed, so that every machine finds the same model.").AsExtension(),
        ConfigKey.OfSection(TrainKeys.Section, TrainKeys.All,
            "How the model is trained on, for `mnn-quantize train` and `Mode=\"Train\"`: see below.").AsExtension(),
    ];
}
