using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

internal static partial class Warnings
{
    internal static Diagnostic NormalIsDivisor(string config, float normal) => Warning(
        1110,
        string.Create(CultureInfo.InvariantCulture, $"\"normal\" has {normal:R}, which multiplies: (grey - mean) * normal. If the model wants grey levels divided by it, write {1 / normal:G6}."),
        config);

    internal static Diagnostic MeanIsShare(string config, float mean) => Warning(
        1111,
        string.Create(CultureInfo.InvariantCulture, $"\"mean\" has {mean:R}, but it is subtracted from grey levels 0 to 255. If it is of samples from 0 to 1, write {mean * 255:G6}."),
        config);

    internal static Diagnostic NormalIsDeviation(string config, float normal) => Warning(
        1112,
        string.Create(CultureInfo.InvariantCulture, $"\"normal\" has {normal:R}, which looks like a standard deviation of samples from 0 to 1, but it multiplies grey levels 0 to 255. If so, write 1 / (255 * {normal:R}) = {1 / (255 * normal):G6}."),
        config);

    internal static Diagnostic NormalIsZero(string config) => Warning(
        1113, "\"normal\" has a 0, so that a channel is 0 in every picture. Write the factor of that channel.", config);

    internal static Diagnostic ChannelCount(string config, string key, int found, string format, int channels, string effect) => Warning(
        1114, $"\"{key}\" has {found} {(found == 1 ? "number" : "numbers")}, but {format} has {channels} {(channels == 1 ? "channel" : "channels")}; {effect}.", config);

    internal static Diagnostic ChannelsSwapped(string config, string mean, string order, string format) => Warning(
        1115,
        $"the \"mean\" {mean} is that of ImageNet in the order {order}, but \"format\" is {format}. If the model was trained with {order}, write \"format\": \"{order}\"; else turn \"mean\" and \"normal\" around.",
        config);
}
