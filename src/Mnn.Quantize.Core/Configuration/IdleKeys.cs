using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Configuration;

/// <summary>Finds keys of a config that have no effect with its other settings.</summary>
internal static class IdleKeys
{
    private const string OnlyEma = "only the method EMA uses it";
    private const string OnlyAuto = "only \"mode\": \"auto\" uses it";
    private const string OnlyWeights = "only \"mode\": \"weight_only\" uses it";
    private const string NoActivations = "activations stay float in this mode";
    private const string OnlyPictures = "the data are no pictures";

    /// <summary>Finds them.</summary>
    /// <param name="config">What a file says.</param>
    /// <param name="utf8">The file.</param>
    /// <returns>A warning a key, in their order.</returns>
    public static IEnumerable<Diagnostic> Find(QuantConfig config, ReadOnlySpan<byte> utf8) =>
        from property in JsonValue.Parse(utf8, config.File).Properties
        let why = Why(config, property.Name)
        where why is not null
        select Warnings.KeyWithoutEffect(config.File, property.NameAt.Line, property.NameAt.Column, property.Name, why);

    private static string? Why(QuantConfig config, string name) =>
        config.CompressesOnly ? WhyWithoutCalibration(config, name)
        : name is "weight_asymmetric" or "weight_block_size" ? OnlyWeights
        : WhyCalibrated(config, name);

    private static string? WhyWithoutCalibration(QuantConfig config, string name) => name switch
    {
        "feature_quantize_method" or "feature_clamp_value" or "repair" or "batch_size" or "winogradOpt" => NoActivations,
        "weight_clamp_value" => "levels follow from \"quant_bits\"",
        "target_cosine" or "target_top1_agreement" or "max_accuracy_drop" or "max_size_ratio" or "time_budget_seconds" => OnlyAuto,
        "quant_bits" or "weight_quantize_method" or "weight_asymmetric" or "weight_block_size"
            when config.Mode == QuantizeMode.Fp16 => "half floats have no levels",
        _ => WhyCalibrated(config, name),
    };

    private static string? WhyCalibrated(QuantConfig config, string name) => name switch
    {
        "batch_size" or "winogradOpt" when config.FeatureMethod != FeatureMethod.EMA => OnlyEma,
        "format" or "mean" or "normal" or "width" or "height" or "center_crop_h" or "center_crop_w" or "resize"
            or "pad_value" when config.InputType != CalibrationInput.Image => OnlyPictures,
        "pad_value" when config.Resize is not (ResizeMode.Letterbox or ResizeMode.Pad) && config.Train.AugmentCrop == 0 =>
            "only \"resize\": \"letterbox\" or \"pad\" pads",
        "target_cosine" or "target_top1_agreement" or "max_size_ratio" or "time_budget_seconds"
            when config.Mode != QuantizeMode.Auto => OnlyAuto,
        "weight_clamp_value" when config.WeightClamp > config.WeightLimit =>
            $"{config.QuantBits} bits allow {config.WeightLimit} at most",
        _ => null,
    };
}
