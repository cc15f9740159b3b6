using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Configuration;

/// <summary>One key of <c>quant.json</c>.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">What it takes, for the documentation.</param>
/// <param name="Default">Its default, for the documentation.</param>
/// <param name="Summary">What it does, for the documentation.</param>
/// <param name="Apply">Puts a value into a config.</param>
internal sealed record ConfigKey(
    string Name, string Type, string Default, string Summary, Func<QuantConfig, ConfigValue, QuantConfig> Apply);

/// <summary>Every key that <c>quant.json</c> knows. Parser and documentation are made of this one list.</summary>
internal static class ConfigKeys
{
    private static readonly (string, PixelFormat)[] Formats =
    [
        ("RGB", PixelFormat.Rgb), ("BGR", PixelFormat.Bgr), ("RGBA", PixelFormat.Rgba), ("BGRA", PixelFormat.Bgra),
        ("GRAY", PixelFormat.Gray),
    ];

    private static readonly (string, FeatureMethod)[] FeatureMethods =
        [("KL", FeatureMethod.KL), ("ADMM", FeatureMethod.ADMM), ("EMA", FeatureMethod.EMA)];

    private static readonly (string, WeightMethod)[] WeightMethods =
        [("MAX_ABS", WeightMethod.MaxAbs), ("ADMM", WeightMethod.ADMM)];

    private static readonly (string, CalibrationInput)[] InputTypes =
        [("image", CalibrationInput.Image), ("sequence", CalibrationInput.Sequence)];

    /// <summary>The keys, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        new("path", "string", "required", "Folder of the calibration data, relative to this file.",
            (c, v) => c with { Path = v.String() }),
        new("used_image_num", "integer >= 0", "0",
            "How many files to use, the first ones by name; 0 means all.",
            (c, v) => c with { UsedSamples = v.Integer(0, int.MaxValue) }),
        new("used_sample_num", "integer >= 0", "0", "The same as `used_image_num`.",
            (c, v) => c with { UsedSamples = v.Integer(0, int.MaxValue) }),
        new("format", "RGB, BGR, RGBA, BGRA or GRAY", "BGR", "Order of the channels that the model wants.",
            (c, v) => c with { Format = v.OneOf(Formats) }),
        new("mean", "up to 4 numbers", "[0, 0, 0, 0]", "Subtracted from each channel, in grey levels 0 to 255.",
            (c, v) => c with { Mean = v.Numbers(4) }),
        new("normal", "up to 4 numbers", "[1, 1, 1, 1]", "Multiplied to each channel after `mean` was subtracted.",
            (c, v) => c with { Normal = v.Numbers(4) }),
        new("width", "integer >= 1", "the model's", "Width that pictures are scaled to.",
            (c, v) => c with { Width = v.Integer(1, 65_536) }),
        new("height", "integer >= 1", "the model's", "Height that pictures are scaled to.",
            (c, v) => c with { Height = v.Integer(1, 65_536) }),
        new("center_crop_h", "number > 0, at most 1", "1", "Share of the height that is kept around the middle.",
            (c, v) => c with { CenterCropHeight = v.Share() }),
        new("center_crop_w", "number > 0, at most 1", "1", "Share of the width that is kept around the middle.",
            (c, v) => c with { CenterCropWidth = v.Share() }),
        new("feature_quantize_method", "KL, ADMM or EMA", "KL", "How scales of activations are found.",
            (c, v) => c with { FeatureMethod = v.OneOf(FeatureMethods) }),
        new("weight_quantize_method", "MAX_ABS or ADMM", "MAX_ABS", "How scales of weights are found.",
            (c, v) => c with { WeightMethod = v.OneOf(WeightMethods) }),
        new("feature_clamp_value", "integer 1 to 127", "127", "Greatest magnitude of a quantized activation.",
            (c, v) => c with { FeatureClamp = v.Integer(1, 127) }),
        new("weight_clamp_value", "integer 1 to 127", "127", "Greatest magnitude of a quantized weight.",
            (c, v) => c with { WeightClamp = v.Integer(1, 127) }),
        new("quant_bits", "integer 2 to 8", "8", "Bits of a weight.",
            (c, v) => c with { QuantBits = v.Integer(2, 8) }),
        new("skip_quant_op_names", "array of strings", "[]", "Names of operators that stay float.",
            (c, v) => c with { SkipOps = v.Strings() }),
        new("batch_size", "integer >= 1", "32", "Pictures a batch, for EMA; a model that fixes its batch has that for default.",
            (c, v) => c with { BatchSize = v.Integer(1, 4096) }),
        new("winogradOpt", "true or false", "true", "Whether EMA prepares int8 Winograd convolutions.",
            (c, v) => c with { WinogradOpt = v.Boolean() }),
        new("input_type", "image or sequence", "image", "What the calibration data are.",
            (c, v) => c with { InputType = v.OneOf(InputTypes) }),
        new("inputs", "array of { name, value, shape }", "[]", "The model's inputs, to name or shape them.",
            (c, v) => c with { Inputs = v.Inputs() }),
        new("debug", "true or false", "false", "Whether the error of each tensor is reported.",
            (c, v) => c with { Debug = v.Boolean() }),
        new("$schema", "string", "", "The JSON schema, for editors.", (c, _) => c),
    ];
}
