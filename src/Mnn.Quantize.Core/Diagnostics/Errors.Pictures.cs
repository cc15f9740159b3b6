using System.Globalization;

namespace Mnn.Quantize.Diagnostics;

/// <summary>Pictures, 3000 to 3499.</summary>
internal static partial class Errors
{
    internal static QuantizeException NotAPicture(string file) =>
        Error(3001, "This is not a picture: it starts like no format that can be read. Expected PNG, JPEG, BMP, GIF, TGA or binary PNM (P5, P6); remove the file from the picture folder or convert it.", file);

    internal static QuantizeException PictureFormatUnsupported(string file, string format) =>
        Error(3002, $"This is a {format} picture, a format that is not read. Convert it to PNG or JPEG.", file);

    internal static QuantizeException PictureTruncated(string file, string format, string what) =>
        Error(3003, $"This {format} picture is cut short: {what}. Copy or download the file again, or remove it.", file);

    internal static QuantizeException PictureDamaged(string file, string format, string what) =>
        Error(3004, $"This {format} picture is damaged: {what}. Copy or download the file again, or remove it.", file);

    internal static QuantizeException PictureFeatureUnsupported(string file, string format, string feature) =>
        Error(3005, $"This {format} picture uses a feature that is not read: {feature}. Save it again as a plain PNG or JPEG.", file);

    internal static QuantizeException PictureTooLarge(string file, string format, long width, long height) =>
        Error(3006, string.Create(CultureInfo.InvariantCulture, $"This {format} picture claims {width} x {height} pixels; at most 268,435,456 (2^28) are read. Scale it down: calibration needs no more than the model's input size."), file);

    internal static QuantizeException PictureEmpty(string file, string format, long width, long height) =>
        Error(3007, string.Create(CultureInfo.InvariantCulture, $"This {format} picture claims {width} x {height} pixels; expected at least 1 x 1. Remove the file or export it again."), file);

    internal static QuantizeException CropEmpty(int width, int height, float cropWidth, float cropHeight) =>
        Error(3010, string.Create(CultureInfo.InvariantCulture, $"The centre crop leaves nothing of a picture of {width} x {height} pixels (center_crop_w {cropWidth}, center_crop_h {cropHeight}). Use fractions nearer to 1 or larger pictures."));

    internal static QuantizeException ImageOptionInvalid(string option, string found, string expected) =>
        Error(3011, $"The image option '{option}' is {found}; expected {expected}.");
}
