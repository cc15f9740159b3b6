namespace Mnn.Quantize.FlatBuffers.Fields;

/// <summary>A vector of tables.</summary>
internal static class TableListField
{
    /// <summary>Reads the vector at <paramref name="position"/>.</summary>
    internal static List<TTable> Read<TTable>(ref FlatReader reader, long position, string where, TableLayout<TTable> layout)
        where TTable : class, new()
    {
        (int first, int count) = reader.Vector(position, sizeof(uint), where);
        var tables = new List<TTable>(count);
        for (int i = 0; i < count; i++)
        {
            tables.Add(layout.Read(ref reader, reader.Follow(first + (4L * i), where)));
        }

        return tables;
    }

    /// <summary>Writes the vector; gives its position.</summary>
    internal static long Write<TTable>(FlatWriter writer, List<TTable> tables, TableLayout<TTable> layout)
        where TTable : class, new()
    {
        long start = writer.ReserveVector(tables.Count, sizeof(uint));
        for (int i = 0; i < tables.Count; i++)
        {
            writer.PutOffset(start + 4 + (4L * i), layout.Write(writer, tables[i]));
        }

        return start;
    }
}
