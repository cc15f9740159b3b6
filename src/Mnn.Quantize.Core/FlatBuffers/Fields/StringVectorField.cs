namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A vector of strings.</summary>
internal static class StringVectorField
{
    /// <summary>Reads the vector at <paramref name="position"/>.</summary>
    internal static string[] Read(ref FlatReader reader, long position, string where)
    {
        (int first, int count) = reader.Vector(position, sizeof(uint), where);
        var values = new string[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.ReadString(reader.Follow(first + (4L * i), where), where);
        }

        return values;
    }

    /// <summary>Writes the vector; gives its position.</summary>
    internal static long Write(FlatWriter writer, string[] values)
    {
        long start = writer.ReserveVector(values.Length, sizeof(uint));
        for (int i = 0; i < values.Length; i++)
        {
            writer.PutOffset(start + 4 + (4L * i), writer.WriteString(values[i]));
        }

        return start;
    }
}
