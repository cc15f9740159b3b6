using System.Text;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>What runs, from the engine's table of operators and from runs of all cases.</summary>
internal static class OperatorReference
{
    // Operators that neither a case of ONNX nor an answer of the runtime reaches, and the tests that have their formulas.
    private static readonly Dictionary<OpType, string> Formulas = new()
    {
        [OpType.BatchNorm] = "formula",
        [OpType.Dropout] = "formula",
        [OpType.GroupNorm] = "formula",
        [OpType.InstanceNorm] = "formula",
        [OpType.LSTMBlockCell] = "formula",
        [OpType.Moments] = "formula",
    };

    // What the schema has, and a model may hold, without anything to be computed.
    private static readonly OpType[] Sources = [OpType.Input, OpType.Const, OpType.TrainableParam];

    private static readonly Lazy<Dictionary<OpType, Evidence>> Found = new(Gather);

    /// <summary>The rows of all operators that run.</summary>
    internal static string Table()
    {
        var text = new StringBuilder("| Operator | Formats | Int8 | Weights | Checked by |\n|---|---|---|---|---|\n");
        foreach (OpType type in OpTable.Supported.OrderBy(t => t.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            Evidence evidence = Found.Value.GetValueOrDefault(type, new Evidence());
            string formats = evidence.Formats.Count > 0 ? string.Join(", ", evidence.Formats) : "NCHW";
            string weights = QuantizationPlan.IsConvolution(type) ? "yes" : "";
            text.Append($"| `{type}` | {formats} | {evidence.Int8} | {weights} | {Checks(type)} |\n");
        }

        return text.ToString();
    }

    /// <summary>The operators of the schema that don't run.</summary>
    internal static string Others() => string.Join(", ", Enum.GetValues<OpType>()
        .Where(t => !OpTable.Supports(t) && !Sources.Contains(t))
        .Select(t => t.ToString())
        .Distinct()
        .Order(StringComparer.OrdinalIgnoreCase)
        .Select(t => $"`{t}`")) + "\n";

    /// <summary>What checks an operator; empty if nothing does.</summary>
    internal static string Checks(OpType type)
    {
        Evidence evidence = Found.Value.GetValueOrDefault(type, new Evidence());
        (int Count, string Name)[] kinds =
            [(evidence.Onnx, "ONNX"), (evidence.Runtime, "runtime"), (evidence.Int8Cases, "runtime in int8")];
        IEnumerable<string> checks = kinds.Where(k => k.Count > 0).Select(k => $"{k.Name} {k.Count}");
        return string.Join(", ", Formulas.TryGetValue(type, out string? formula) ? checks.Append(formula) : checks);
    }

    private static Dictionary<OpType, Evidence> Gather()
    {
        var found = new Dictionary<OpType, Evidence>();
        foreach (string name in OnnxCases.Names)
        {
            Watch(found, OnnxCases.Model(name), OnnxCases.Values(name).Inputs, evidence => evidence.Onnx++);
        }

        foreach (TinyModel model in RuntimeCases.All)
        {
            Watch(found, model.Build(), model.Inputs, evidence => evidence.Runtime++);
        }

        foreach (TinyModel model in Int8Cases.All)
        {
            Watch(found, model.Build(), model.Inputs, evidence => evidence.Int8Cases++);
        }

        return found;
    }

    private static void Watch(
        Dictionary<OpType, Evidence> found, MnnModel model, TensorValue[] inputs, Action<Evidence> count)
    {
        Graph graph = Graph.Build(model);
        var observer = new Observer(found);
        var session = new InferenceSession(graph);
        session.Runner.Observer = observer;
        session.Run(inputs);
        foreach (Node node in graph.Subgraphs.Values.Append(graph).SelectMany(g => g.Nodes))
        {
            observer.Of(node).Add(node);
            observer.Types.Add(node.Op.Type);
        }

        foreach (OpType type in observer.Types)
        {
            count(found[type]);
        }
    }

    private sealed class Evidence
    {
        private bool _runsInt8, _moves, _dequantizes;

        public int Onnx { get; set; }

        public int Runtime { get; set; }

        public int Int8Cases { get; set; }

        public SortedSet<string> Formats { get; } = new(StringComparer.Ordinal);

        public string Int8 => _moves ? "moved" : _runsInt8 ? "yes" : _dequantizes ? "float inside" : "";

        public void Add(Node node)
        {
            _moves |= node.Operator.MovesElements;
            _runsInt8 |= node.RunsInt8 && node.Operator.HasInt8;
            _dequantizes |= node.RunsInt8 && !node.Operator.HasInt8;
        }
    }

    private sealed class Observer(Dictionary<OpType, Evidence> found) : IRunObserver
    {
        public HashSet<OpType> Types { get; } = [];

        public Evidence Of(Node node)
        {
            if (!found.TryGetValue(node.Op.Type, out Evidence? evidence))
            {
                found.Add(node.Op.Type, evidence = new Evidence());
            }

            return evidence;
        }

        public void OnTensor(int id, Tensor tensor, Node? producer)
        {
            if (producer is not null)
            {
                Of(producer).Formats.Add(tensor.Format.ToString());
            }
        }
    }
}
