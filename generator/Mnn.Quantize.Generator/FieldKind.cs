namespace Mnn.Quantize.Generator;

/// <summary>How a field lies in a file.</summary>
internal enum FieldKind
{
    /// <summary>A number or bool, in the table itself.</summary>
    Scalar,

    /// <summary>A number whose values have names.</summary>
    Enum,

    /// <summary>Text.</summary>
    String,

    /// <summary>A table of its own.</summary>
    Table,

    /// <summary>One of several tables; a tag in the slot before says which.</summary>
    Union,

    /// <summary>A vector of numbers or bools.</summary>
    Vector,

    /// <summary>A vector of numbers whose values have names.</summary>
    EnumVector,

    /// <summary>A vector of texts.</summary>
    StringVector,

    /// <summary>A vector of tables.</summary>
    TableVector,

    /// <summary>A type that the format can't hold.</summary>
    Unsupported,
}
