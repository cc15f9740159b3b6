namespace Mnn.Quantize.FlatBuffers;

/// <summary>The tables that a union may hold.</summary>
internal abstract class UnionLayouts
{
    /// <summary>The layout of the member with this tag, which runs from 1 on.</summary>
    internal abstract TableLayout Layout(int tag);

    /// <summary>The tag of a table.</summary>
    internal abstract int TagOf(object table);
}
