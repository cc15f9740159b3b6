using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mnn.Quantize.Generator;

/// <summary>Makes a <see cref="Field"/> of a property that has a slot.</summary>
internal static class FieldReader
{
    private const int OffsetSize = 4;

    internal static Field Read(IPropertySymbol property, AttributeData slot, Compilation compilation)
    {
        INamedTypeSymbol table = property.ContainingType;
        int place = (int)slot.ConstructorArguments[0].Value!;
        TypedConstant? Named(string name) =>
            slot.NamedArguments.Where(a => a.Key == name).Select(a => (TypedConstant?)a.Value).FirstOrDefault();

        Field Of(FieldKind kind, ITypeSymbol type, int size, string number = "", string standard = "", string names = "", int tag = -1) => new(
            table.ContainingNamespace.ToDisplayString(), table.Name, property.Name, kind, place, tag, Global(type), number, size, standard, names);

        if (Named("Union")?.Value is INamedTypeSymbol union)
        {
            return Of(FieldKind.Union, union, OffsetSize, names: UnionMembers(union, compilation), tag: (int)Named("UnionTagSlot")!.Value.Value!);
        }

        ITypeSymbol type = property.Type;
        if (type is IArrayTypeSymbol array)
        {
            ITypeSymbol element = array.ElementType;
            return element.SpecialType == SpecialType.System_String ? Of(FieldKind.StringVector, element, OffsetSize)
                : element.TypeKind == TypeKind.Enum ? Of(FieldKind.EnumVector, element, OffsetSize, names: EnumValues(element))
                : SizeOf(element) > 0 ? Of(FieldKind.Vector, element, OffsetSize)
                : Of(FieldKind.Unsupported, type, 0);
        }

        if (type.TypeKind == TypeKind.Enum)
        {
            ITypeSymbol number = ((INamedTypeSymbol)type).EnumUnderlyingType!;
            return Of(FieldKind.Enum, type, SizeOf(number), Global(number), $"({Global(type)})({Number(Named("Default")?.Value ?? 0, number)})", EnumValues(type));
        }

        if (SizeOf(type) > 0)
        {
            return Of(FieldKind.Scalar, type, SizeOf(type), Global(type), Number(Named("Default")?.Value ?? 0, type));
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return Of(FieldKind.String, type, OffsetSize);
        }

        return type is INamedTypeSymbol { IsGenericType: true, Name: "List" } list ? Of(FieldKind.TableVector, list.TypeArguments[0], OffsetSize)
            : type.TypeKind == TypeKind.Class && type.SpecialType == SpecialType.None ? Of(FieldKind.Table, type, OffsetSize)
            : Of(FieldKind.Unsupported, type, 0);
    }

    private static string Global(ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>Bytes of a number or bool; 0 for all else.</summary>
    private static int SizeOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_SByte or SpecialType.System_Byte => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
        _ => 0,
    };

    /// <summary>A default as C#: a floating-point number by its bits, since -0.0 isn't 0.0 and NaN is itself.</summary>
    private static string Number(object value, ITypeSymbol type)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return type.SpecialType switch
        {
            SpecialType.System_Boolean => value is true ? "true" : "false",
            SpecialType.System_Single => BitConverter.ToInt32(BitConverter.GetBytes(Convert.ToSingle(value, invariant)), 0).ToString(invariant),
            SpecialType.System_Double => BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, invariant)).ToString(invariant),
            _ => Convert.ToString(value, invariant),
        };
    }

    private static string EnumValues(ITypeSymbol type) => string.Join(
        ",", type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue).Select(f => Convert.ToInt64(f.ConstantValue, CultureInfo.InvariantCulture)).Distinct().OrderBy(v => v));

    /// <summary>The classes in the initializer of the union's static <c>Members</c>.</summary>
    private static string UnionMembers(INamedTypeSymbol union, Compilation compilation)
    {
        SyntaxNode declaration = union.GetMembers("Members").Single().DeclaringSyntaxReferences[0].GetSyntax();
        SemanticModel model = compilation.GetSemanticModel(declaration.SyntaxTree);
        return string.Join(",", declaration.DescendantNodes().OfType<TypeOfExpressionSyntax>().Select(t => Global(model.GetTypeInfo(t.Type).Type!)));
    }
}
