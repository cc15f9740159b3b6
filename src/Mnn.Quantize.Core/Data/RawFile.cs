using System.Runtime.InteropServices;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Data;

/// <summary>Elements one after the other and nothing else: little-endian float32 or int32, row-major.</summary>
public static class RawFile
{
    /// <summary>Reads an array.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="name">Name that the value gets: that of the model's input.</param>
    /// <param name="type">Float32, or any other type for int32.</param>
    /// <param name="shape">Dimensions, none negative; empty for a scalar.</param>
    /// <returns>The array.</returns>
    /// <exception cref="QuantizeException">The file's length is not that of the shape.</exception>
    public static TensorValue Read(
        ReadOnlySpan<byte> bytes, string file, string name, ElementType type, IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);

        // In floating point a product too great for any file stays too great.
        double expected = shape.Aggregate((double)sizeof(float), (product, extent) => product * extent);
        if (expected != bytes.Length)
        {
            throw Errors.RawSize(file, Shapes.Text([.. shape]), (long)Math.Min(expected, long.MaxValue), bytes.Length);
        }

        int count = bytes.Length / sizeof(float);
        if (type == ElementType.Float32)
        {
            float[] floats = new float[count];
            LittleEndian.Copy(bytes, MemoryMarshal.AsBytes(floats.AsSpan()), sizeof(float));
            return new TensorValue(name, shape, floats);
        }

        int[] ints = new int[count];
        LittleEndian.Copy(bytes, MemoryMarshal.AsBytes(ints.AsSpan()), sizeof(int));
        return new TensorValue(name, shape, ints);
    }
}
