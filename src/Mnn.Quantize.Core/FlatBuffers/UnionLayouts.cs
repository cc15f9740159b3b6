namespace Mnn.Quantize.FlatBuffers;

/// <summary>The tables that a union may hold.</summary>
internal abstract class UnionLayouts
{
    /// <summary>Number of members; tags run from 1 to it.</summary>
    internal abstract int Count { get; }

    /// <summary>The layout of the member with this tag.</summary>
    internal abstract TableLayout Layout(int tag);

    /// <summary>The tag of a table.</summary>
    internal abstract int TagOf(object table);
}
