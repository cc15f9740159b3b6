namespace Mnn.Quantize.Generator;

/// <summary>The class that knows the values of an enum.</summary>
internal static class EnumWriter
{
    internal static string Write(string type, string[] values) => TypeName.Head(type) + $$"""
        internal static class {{TypeName.Short(type)}}Values
        {
            internal static bool Has(long value) => value is {{string.Join(" or ", values)}};
        }

        """;
}
