using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Mnn.Quantize.Generator;

/// <summary>
/// Writes a class <c>XLayout</c> for each table class <c>X</c>, that is each class with a slot on one of its properties and
/// each member of a union. It is code instead of a search by reflection when a program starts: that took 25 of the 100 ms in
/// which the command described a small model, and a native executable has no code for types that are only met then.
/// </summary>
[Generator]
public sealed class LayoutGenerator : IIncrementalGenerator
{
    private const string Attribute = "Mnn.Quantize.FlatBuffers.SlotAttribute";

    private static readonly DiagnosticDescriptor s_wrong = new(
        "MNNQGEN1", "A table can't be laid out", "{0}", "Layout", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<Field>> fields = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Attribute,
                (node, _) => node is PropertyDeclarationSyntax,
                (found, _) => FieldReader.Read((IPropertySymbol)found.TargetSymbol, found.Attributes[0], found.SemanticModel.Compilation))
            .Collect();
        context.RegisterSourceOutput(fields, Write);
    }

    private static void Write(SourceProductionContext context, ImmutableArray<Field> fields)
    {
        foreach (Field field in fields.Where(f => f.Kind == FieldKind.Unsupported))
        {
            Refuse(context, $"{field.FullName} has a type that FlatBuffers can't hold.");
        }

        var tables = fields.GroupBy(f => $"global::{f.Namespace}.{f.Table}").ToDictionary(g => g.Key, g => g.ToArray());
        foreach (string member in fields.Where(f => f.Kind == FieldKind.Union).SelectMany(f => f.NameList).Where(m => !tables.ContainsKey(m)).Distinct().ToArray())
        {
            // A table without fields.
            tables.Add(member, []);
        }

        foreach (var table in tables)
        {
            if (table.Value.SelectMany(LayoutWriter.Places).GroupBy(p => p.Slot).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                Refuse(context, $"Slot {twice.Key} of {table.Key} is declared twice.");
                continue;
            }

            Add(context, table.Key + "Layout", LayoutWriter.Write(table.Key, table.Value));
        }

        foreach (var union in fields.Where(f => f.Kind == FieldKind.Union).GroupBy(f => f.Type))
        {
            Add(context, union.Key + "Layouts", UnionWriter.Write(union.Key, union.First().NameList));
        }

        foreach (var values in fields.Where(f => f.Kind is FieldKind.Enum or FieldKind.EnumVector).GroupBy(f => f.Type))
        {
            Add(context, values.Key + "Values", EnumWriter.Write(values.Key, values.First().NameList));
        }
    }

    private static void Add(SourceProductionContext context, string name, string text) =>
        context.AddSource(name.Substring("global::".Length) + ".g.cs", SourceText.From(text, Encoding.UTF8));

    private static void Refuse(SourceProductionContext context, string why) =>
        context.ReportDiagnostic(Diagnostic.Create(s_wrong, Location.None, why));
}
