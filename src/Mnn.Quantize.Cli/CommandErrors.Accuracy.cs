using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Cli;

internal static partial class CommandErrors
{
    private const string HowToImprove =
        "Use more pictures like those of the app, keep sensitive operators float with skip_quant_op_names, or lower the threshold";

    internal static QuantizeException BelowThreshold(string origin, string model, string fault) =>
        Error(7201, $"The int8 model of '{model}' is not good enough: {fault}. {HowToImprove}; MnnQuantizeGate=UseFloat would deploy the float model.", origin);

    internal static Diagnostic DeployedBelowThreshold(string origin, string model, string fault) =>
        Warning(7202, $"The int8 model of '{model}' is deployed although it is not good enough: {fault}. {HowToImprove}.", origin);

    internal static Diagnostic FloatModelDeployed(string origin, string model, string fault) =>
        Warning(7203, $"The float model is deployed as '{model}', since the int8 model is not good enough: {fault}. {HowToImprove}.", origin);

    internal static Diagnostic MetadataUnknown(string origin, string model, string name, string near) =>
        Warning(8106, $"MnnModel '{model}' has the metadata '{name}', which means nothing to the quantizer. Did you mean '{near}'?", origin);
}
