namespace Mnn.Quantize.Generator;

/// <summary>The class that finds the layout of a union's member: by its tag when reading, by its class when writing.</summary>
internal static class UnionWriter
{
    internal static string Write(string union, string[] members) => TypeName.Head(union) + $$"""
        internal sealed class {{TypeName.Short(union)}}Layouts : UnionLayouts
        {
            internal static readonly {{TypeName.Short(union)}}Layouts Instance = new();

            internal override TableLayout Layout(int tag) => tag switch
            {
        {{Lines(members, (member, tag) => $"{tag} => {member}Layout.Instance,")}}
                _ => throw new global::System.ArgumentOutOfRangeException(nameof(tag)),
            };

            internal override int TagOf(object table) => table switch
            {
        {{Lines(members, (member, tag) => $"{member} => {tag},")}}
                _ => throw new global::System.InvalidOperationException($"{table.GetType().Name} is no member of the union."),
            };
        }

        """;

    private static string Lines(string[] members, Func<string, int, string> line) =>
        string.Join("\n", members.Select((member, i) => "        " + line(member, i + 1)));
}
