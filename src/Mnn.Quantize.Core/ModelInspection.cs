using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>Describes a model: what goes in and out, what it is made of, what quantizing would change.</summary>
public static class ModelInspection
{
    /// <summary>Describes a model file, after running it once on zeros.</summary>
    /// <param name="path">The model, float or int8.</param>
    /// <param name="shapes">
    /// Shapes of inputs by name, where the model leaves them open; the only input may go by an empty name.
    /// </param>
    /// <returns>The description; without shapes, and with a warning, where an input's shape is not known.</returns>
    /// <exception cref="QuantizeException">The file is no model or has an unsupported operator.</exception>
    public static ModelDescription Describe(string path, IReadOnlyDictionary<string, int[]>? shapes = null) =>
        Describe(path, shapes, CancellationToken.None);

    /// <param name="path">The model, float or int8.</param>
    /// <param name="shapes">Shapes of inputs by name; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <inheritdoc cref="Describe(string, IReadOnlyDictionary{string, int[]}?)"/>
    internal static ModelDescription Describe(
        string path, IReadOnlyDictionary<string, int[]>? shapes, CancellationToken cancellation)
    {
        MnnModel model = MnnModel.Load(path);
        cancellation.ThrowIfCancellationRequested();
        var graph = Graph.Build(model);
        var warnings = new List<Diagnostic>();
        var run = DryRun.Of(graph, Named(graph, shapes ?? new Dictionary<string, int[]>()), warnings, cancellation);
        bool isInt8 = Array.Exists(graph.Quant, q => q is not null);
        bool hasShapes = Array.TrueForAll(graph.Inputs, i => run.Shapes[i.Id] is not null);
        return new ModelDescription
        {
            File = model.Path,
            Bytes = model.Files.Sum(f => new FileInfo(f).Length),
            IsInt8 = isInt8,
            Inputs = new InferenceSession(graph).Inputs,
            InputShapes = hasShapes ? [.. graph.Inputs.Select(i => run.Shapes[i.Id]!)] : [],
            Outputs = [.. graph.OutputIds.Select(id => Output(graph, run, id))],
            Operators = [.. graph.Nodes.Select(node => Operator(graph, node, run, isInt8))],
            ConstantElements = graph.Constants.Values.Where(c => c.Type == ElementType.Float32).Sum(c => (long)c.Count),
            Warnings = warnings,
        };
    }

    private static Dictionary<string, int[]> Named(Graph graph, IReadOnlyDictionary<string, int[]> shapes)
    {
        var named = new Dictionary<string, int[]>();
        foreach ((string name, int[] shape) in shapes)
        {
            GraphInput? input = name.Length == 0 && graph.Inputs.Length == 1
                ? graph.Inputs[0]
                : Array.Find(graph.Inputs, i => i.Name == name);
            named[(input ?? throw Errors.ShapeOfUnknownInput(graph.File, name, graph.Inputs.Select(i => i.Name))).Name] = shape;
        }

        return named;
    }

    private static OutputDescription Output(Graph graph, DryRun run, int id) => run.Shapes[id] is not { } shape
        ? new OutputDescription(graph.TensorName(id), null, null)
        : new OutputDescription(
            graph.TensorName(id), graph.Quant[id] is null ? run.Types[id] : ElementType.Float32, shape);

    private static OperatorDescription Operator(Graph graph, Node node, DryRun run, bool isInt8)
    {
        bool isConvolution = QuantizationPlan.IsConvolution(node.Op.Type);
        string? stays = isConvolution ? OperatorReasons.WeightsStayFloat(node) : "";
        return new OperatorDescription(
            node.Name,
            node.Op.Type.ToString(),
            node.Outputs is [var id, ..] ? run.Shapes[id] : null,
            OperatorCost.Parameters(node.Op, graph.File),
            OperatorCost.MultiplyAccumulates(node, run.Shapes, graph.File),
            isConvolution,
            isInt8 ? node.RunsInt8 : stays is null,
            isInt8 ? OperatorReasons.Of(graph, node, skipped: false) : stays ?? "");
    }
}
