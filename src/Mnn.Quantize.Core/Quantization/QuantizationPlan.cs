using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>Which operators of a model become int8, and which tensors need a scale.</summary>
internal sealed class QuantizationPlan
{
    // An operator is known by the tensor it makes, which no other one makes: names may occur twice, and the models that
    // are calibrated and written are read one by one.
    private readonly HashSet<int> _made;

    private QuantizationPlan(HashSet<Op> convolutions, bool[] observed)
    {
        Convolutions = convolutions;
        _made = [.. convolutions.Select(o => o.OutputIndexes![0])];
        Observed = observed;
        Rounded = new bool[observed.Length];
        foreach (Op op in convolutions)
        {
            Rounded[op.InputIndexes![0]] = Rounded[op.OutputIndexes![0]] = true;
        }
    }

    /// <summary>The convolutions whose weights become int8.</summary>
    public HashSet<Op> Convolutions { get; }

    /// <summary>By tensor id: whether the tensor gets a scale.</summary>
    public bool[] Observed { get; }

    /// <summary>By tensor id: whether one of <see cref="Convolutions"/> reads or makes it, which rounds it.</summary>
    public bool[] Rounded { get; }

    /// <summary>Whether an operator of the model, however often it was read, is one of <see cref="Convolutions"/>.</summary>
    public bool Quantizes(Op op) => IsConvolution(op.Type) && op.OutputIndexes is [var made, ..] && _made.Contains(made);

    /// <summary>True for operators whose weights can become int8.</summary>
    public static bool IsConvolution(OpType type) => type is
        OpType.Convolution or OpType.ConvolutionDepthwise or OpType.Deconvolution or OpType.DeconvolutionDepthwise;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="QuantizeException">The model is int8 already, or has nothing to quantize.</exception>
    public static QuantizationPlan Make(Graph graph, QuantConfig config, ICollection<Diagnostic> warnings)
    {
        var skipped = new HashSet<string>(config.SkipOps);
        foreach (string name in skipped.Where(s => !Array.Exists(graph.Nodes, n => n.Op.Name == s)))
        {
            warnings.Add(Warnings.SkippedOpUnknown(
                config.File, name, NearestName.Find(name, graph.Nodes.Select(n => n.Name))));
        }

        var convolutions = new HashSet<Op>();
        bool[] observed = new bool[graph.TensorCount];
        foreach (Node node in graph.Nodes.Where(n => !skipped.Contains(n.Op.Name ?? "")))
        {
            if (IsConvolution(node.Op.Type) && node.Inputs.Length == 1 && node.Op.Main is Convolution2D parameters)
            {
                if (parameters.SymmetricQuan is not null && parameters.QuanParameter is not null)
                {
                    throw Errors.AlreadyQuantized(graph.File, node.Name);
                }

                convolutions.Add(node.Op);
            }

            foreach (int id in node.Inputs.Where(i => i >= 0).Concat(node.Outputs))
            {
                observed[id] = true;
            }
        }

        return convolutions.Count > 0 ? new QuantizationPlan(convolutions, observed) : throw Errors.NothingToQuantize(graph.File);
    }
}
