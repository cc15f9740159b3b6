using System.Globalization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Reporting;

/// <summary>Shows what a model is made of.</summary>
public static class DescriptionText
{
    /// <summary>Writes tables for people: inputs and outputs, kinds of operators, operators.</summary>
    /// <param name="model">The description.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">Characters in a line of the terminal.</param>
    /// <param name="colors">Whether colours are welcome.</param>
    public static void Write(ModelDescription model, TextWriter writer, int width = int.MaxValue, bool colors = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(Summary(model));
        writer.WriteLine();
        Ends(model).Write(writer, width, colors);
        writer.WriteLine();
        Kinds(model).Write(writer, width, colors);
        writer.WriteLine();
        Operators(model).Write(writer, width, colors);
        writer.WriteLine();
        OperatorDescription[] convolutions = [.. model.Operators.Where(o => o.IsConvolution)];
        writer.WriteLine(
            $"{convolutions.Count(c => c.IsInt8)} of {convolutions.Length} convolutions "
            + (model.IsInt8 ? "run in int8" : "will be quantized"));
    }

    /// <summary>The same for programs, described in docs/commands.md.</summary>
    /// <param name="model">The description.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Json(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return JsonText.Object(json =>
        {
            json.WriteString("file", model.File);
            json.WriteNumber("bytes", model.Bytes);
            json.WriteBoolean("isInt8", model.IsInt8);
            json.WriteNumber("parameters", model.Parameters);
            json.Number("macs", model.MultiplyAccumulates);
            json.Objects("inputs", model.Inputs.Select((input, i) => (input, i)), pair =>
            {
                json.WriteString("name", pair.input.Name);
                json.WriteString("type", Name(pair.input.Type));
                json.Shape("declaredShape", pair.input.Shape);
                json.Shape("shape", model.InputShapes.ElementAtOrDefault(pair.i));
                json.WriteString("layout", Layout(pair.input));
            });
            json.Objects("outputs", model.Outputs, output =>
            {
                json.WriteString("name", output.Name);
                json.WriteString("type", output.Type is { } type ? Name(type) : null);
                json.Shape("shape", output.Shape);
            });
            json.Objects("kinds", model.Operators.CountBy(o => o.Type).OrderBy(k => k.Key, StringComparer.Ordinal), kind =>
            {
                json.WriteString("type", kind.Key);
                json.WriteNumber("count", kind.Value);
            });
            json.Objects("operators", model.Operators, op =>
            {
                json.WriteString("name", op.Name);
                json.WriteString("type", op.Type);
                json.Shape("shape", op.Shape);
                json.WriteNumber("parameters", op.Parameters);
                json.Number("macs", op.MultiplyAccumulates);
                json.WriteBoolean(model.IsInt8 ? "runsInInt8" : "willBeQuantized", op.IsInt8);
                json.WriteString("why", op.Reason);
            });
            json.Lines("warnings", model.Warnings);
        });
    }

    private static string Summary(ModelDescription model)
    {
        string precision = model.IsInt8 ? "int8" : "float";
        string macs = model.MultiplyAccumulates is { } count ? Count(count) + " MACs" : "MACs unknown without shapes";
        return $"{Path.GetFileName(model.File)}: {precision} model, {Count(model.Bytes)} bytes, "
            + $"{Count(model.Operators.Count)} operators, {Count(model.Parameters)} parameters, {macs}";
    }

    private static TextTable Ends(ModelDescription model)
    {
        var table = new TextTable(
            new("", AlignsRight: false), new("name", AlignsRight: false, MayShrink: true), new("type", AlignsRight: false),
            new("shape", AlignsRight: false), new("declared", AlignsRight: false), new("layout", AlignsRight: false));
        foreach ((TensorInfo input, int i) in model.Inputs.Select((input, i) => (input, i)))
        {
            table.Add(
                "input", input.Name, Name(input.Type), Shape(model.InputShapes.ElementAtOrDefault(i)), Shape(input.Shape),
                Layout(input));
        }

        foreach (OutputDescription output in model.Outputs)
        {
            table.Add("output", output.Name, output.Type is { } type ? Name(type) : "-", Shape(output.Shape), "", "");
        }

        return table;
    }

    private static TextTable Kinds(ModelDescription model)
    {
        var table = new TextTable(new("type", AlignsRight: false), new("count"), new("parameters"), new("MACs"));
        foreach (IGrouping<string, OperatorDescription> kind in model.Operators
            .GroupBy(o => o.Type).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            table.Add(kind.Key, Count(kind.Count()), Count(kind.Sum(o => o.Parameters)), Macs(kind));
        }

        return table;
    }

    private static TextTable Operators(ModelDescription model)
    {
        var table = new TextTable(
            new("operator", AlignsRight: false, MayShrink: true), new("type", AlignsRight: false), new("shape", AlignsRight: false),
            new("parameters"), new("MACs"), new(model.IsInt8 ? "runs in" : "weights", AlignsRight: false),
            new("why", AlignsRight: false, MayShrink: true));
        foreach (OperatorDescription op in model.Operators)
        {
            string precision = op.IsInt8 ? "int8" : model.IsInt8 || op.IsConvolution ? "float" : "";
            table.Add(
                op.Name, op.Type, Shape(op.Shape), Count(op.Parameters), Macs([op]), precision, op.Reason);
        }

        return table;
    }

    private static string Macs(IEnumerable<OperatorDescription> ops) =>
        ops.Any(o => o.MultiplyAccumulates is null) ? "-" : Count(ops.Sum(o => o.MultiplyAccumulates!.Value));

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Layout(TensorInfo input) => input.IsChannelsFirst ? "NCHW" : "NHWC";

    private static string Name(ElementType type) => type switch
    {
        ElementType.Float32 => "float32",
        ElementType.Int32 => "int32",
        ElementType.UInt8 => "uint8",
        _ => "int8",
    };

    private static string Shape(IReadOnlyList<int>? shape) => shape switch
    {
        null => "-",
        { Count: 0 } => "scalar",
        _ => string.Join('x', shape.Select(d => d < 0 ? "?" : d.ToString(CultureInfo.InvariantCulture))),
    };
}
