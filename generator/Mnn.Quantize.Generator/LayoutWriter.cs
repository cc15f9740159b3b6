namespace Mnn.Quantize.Generator;

/// <summary>The class that reads and writes one table.</summary>
internal static class LayoutWriter
{
    internal static string Write(string table, Field[] fields)
    {
        string name = TypeName.Short(table), layout = name + "Layout";
        Place[] places = [.. fields.SelectMany(Places).OrderBy(p => p.Slot)];
        int slots = places.Length == 0 ? 0 : places[places.Length - 1].Slot + 1;
        IEnumerable<int> sizes = Enumerable.Range(0, slots).Select(slot => places.Where(p => p.Slot == slot).Select(p => p.Size).FirstOrDefault());

        // Falling sizes need no padding between fields.
        IEnumerable<int> bySize = places.OrderByDescending(p => p.Size).ThenBy(p => p.Slot).Select(p => p.Slot);

        return TypeName.Head(table) + $$"""
            internal sealed class {{layout}} : TableLayout<{{table}}>
            {
                internal static readonly {{layout}} Instance = new();

                internal override string Name => "{{name}}";

                protected override global::System.ReadOnlySpan<byte> Sizes => [{{string.Join(", ", sizes)}}];

                protected override global::System.ReadOnlySpan<byte> SlotsBySize => [{{string.Join(", ", bySize)}}];

                protected override string FullName(int slot) => slot switch
                {
            {{Lines(places, p => $"        {p.Slot} => \"{p.Field.FullName}\",")}}        _ => Name,
                };

                protected override bool IsPresent({{table}} table, int slot) => slot switch
                {
            {{Lines(places, p => $"        {p.Slot} => {FieldCode.IsPresent(p.Field)},")}}        _ => false,
                };

                protected override void ReadField(ref FlatReader reader, in TableView view, {{table}} table, int slot, int position)
                {
                    switch (slot)
                    {
            {{Lines(places, p => $"            case {p.Slot}: {(p.IsTag ? FieldCode.ReadTag(p.Field) : FieldCode.Read(p.Field))}; break;")}}            default: break;
                    }
                }

                protected override void WriteField(FlatWriter writer, {{table}} table, int slot, long at)
                {
                    switch (slot)
                    {
            {{Lines(places, p => $"            case {p.Slot}: {(p.IsTag ? FieldCode.WriteTag(p.Field) : FieldCode.Write(p.Field))}; break;")}}            default: break;
                    }
                }
            }

            """;
    }

    /// <summary>The slots of a field: two for a union, whose tag has its own.</summary>
    internal static IEnumerable<Place> Places(Field field) => field.Kind == FieldKind.Union
        ? [new(field.TagSlot, 1, true, field), new(field.Slot, field.Size, false, field)]
        : [new(field.Slot, field.Size, false, field)];

    private static string Lines(Place[] places, Func<Place, string> line) => string.Concat(places.Select(p => line(p) + "\n"));
}
