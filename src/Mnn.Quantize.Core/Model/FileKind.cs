using System.Text;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Model;

/// <summary>
/// Tells what a file is that isn't a model. The format has no magic number, but its first four bytes, a small offset,
/// hold zeros, as no text and no other model format does.
/// </summary>
internal static class FileKind
{
    private const int TextSample = 512;

    /// <summary>Refuses what is evidently something else than an .mnn model.</summary>
    /// <exception cref="QuantizeException">The file is empty, text, or in another format.</exception>
    internal static void RequireModel(ReadOnlySpan<byte> data, string file)
    {
        if (data.IsEmpty)
        {
            throw Errors.ModelEmpty(file);
        }

        if (data.StartsWith("version https://git-lfs"u8))
        {
            throw Errors.ModelIsLfsPointer(file);
        }

        if (OtherFormat(data) is { } format)
        {
            throw Errors.ModelIsOtherFormat(file, format);
        }

        if (IsText(data[..Math.Min(data.Length, TextSample)]))
        {
            string start = Encoding.UTF8.GetString(data[..Math.Min(data.Length, 24)]);
            throw Errors.ModelIsText(file, start.Split('\r', '\n')[0]);
        }
    }

    private static string? OtherFormat(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 8 && data[4..].StartsWith("TFL3"u8))
        {
            return "TensorFlow Lite";
        }

        if (data.StartsWith("PK\x03\x04"u8))
        {
            return "zip (PyTorch or Keras)";
        }

        if (data.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
        {
            return "HDF5 (Keras)";
        }

        // ONNX is protobuf: field 1 (ir_version), a small number, then field 2 (producer_name), a short string. As a
        // FlatBuffers offset that would put the root more than a megabyte into the file.
        return data.Length >= 4 && data[0] == 0x08 && data[1] is > 0 and < 32 && data[2] == 0x12 ? "ONNX" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> sample)
    {
        foreach (byte b in sample)
        {
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return false;
            }
        }

        return true;
    }
}
