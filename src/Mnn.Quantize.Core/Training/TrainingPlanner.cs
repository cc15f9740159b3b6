using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training.Gradients;
using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training;

/// <summary>Turns the operators of a float model into layers.</summary>
internal sealed class TrainingPlanner
{
    private readonly TrainingOptions _options;
    private readonly MnnModel _model;
    private readonly Graph _graph;
    private readonly RoundingPlan _rounding;
    private readonly NamePatterns _frozen;
    private readonly GradientPaths _paths;
    private readonly TrainedConstants _constants;
    private readonly Node[] _nodes;
    private readonly List<Layer> _layers = [];
    private readonly HashSet<Node> _joined = [];
    private readonly FeatureRange?[] _ranges;
    private readonly Dictionary<string, WeightRounding> _roundings = [];
    private int _tensors;

    /// <summary>Looks at the model.</summary>
    /// <param name="model">The float model; it is not changed.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="QuantizeException">It can't be trained.</exception>
    public TrainingPlanner(MnnModel model, TrainingOptions options)
    {
        _options = options;
        _model = MnnModel.FromBytes(model.ToBytes(), model.Path);
        FloatWeights.Restore(_model);
        _graph = Graph.Build(_model);
        _frozen = new NamePatterns(options.FrozenOps);
        _constants = TrainedConstants.Find(_model, _graph, _frozen);
        _frozen.Check(_model, _graph.Nodes.Select(n => n.Name).Concat(_constants.Names));
        _rounding = RoundingPlan.Make(_model, _graph, options);
        _nodes = [.. _graph.Nodes.Select(_constants.WithoutCopies)];
        _paths = new GradientPaths(
            _graph, _nodes, n => TrainableOps.HasParameters(n.Op) && !_frozen.Match(n.Name), _constants.Layer.Holds);
        _ranges = new FeatureRange?[_graph.TensorCount];
        _tensors = _graph.TensorCount;
    }

    /// <summary>Makes the plan.</summary>
    /// <exception cref="QuantizeException">There is nothing to train, or an operator has no derivative.</exception>
    public TrainingPlan Plan()
    {
        _layers.Add(_constants.Layer);
        foreach (GraphInput input in _graph.Inputs)
        {
            AddRounding(input.Id);
        }

        for (int i = 0; i < _nodes.Length; i++)
        {
            Node node = _nodes[i];
            if (_joined.Contains(node))
            {
                continue;
            }

            Add(node, i);
        }

        return _layers.Exists(l => l.Parameters.Any())
            ? new TrainingPlan
            {
                Options = _options,
                Model = _model,
                Graph = Kept(),
                Layers = _layers,
                Wanted = _paths.Wanted,
                Roundings = _roundings,
                Ranges = _ranges,
            }
            : throw Errors.NothingToTrain(_model.Path);
    }

    // The graph with each tensor in use to the end, and room for the tensors between joined operators.
    private Graph Kept() => new()
    {
        File = _graph.File,
        Nodes = _nodes,
        TensorNames = _graph.TensorNames,
        TensorCount = _tensors,
        Inputs = _graph.Inputs,
        OutputIds = _graph.OutputIds,
        Constants = _graph.Constants,
        Quant = new QuantParameters?[_tensors],
        UseCounts = [.. _graph.UseCounts.Select(c => c + 1), .. Enumerable.Repeat(1, _tensors - _graph.TensorCount)],
        Subgraphs = _graph.Subgraphs,
    };

    private void Add(Node node, int index)
    {
        if (TrainableOps.Parts(node, _graph, _options, _rounding, _frozen.Match(node.Name)) is { } parts)
        {
            AddConvolution(node, parts);
        }
        else if (node.Op is { Type: OpType.BatchNorm, Main: BatchNorm })
        {
            AddStage(node.Inputs[0], TrainableOps.Norm(node, _options, _frozen.Match(node.Name)), NoBounds, node);
        }
        else if (node.Op.Type == OpType.Dropout)
        {
            _layers.Add(new DropoutLayer(node.Inputs[0], node.Outputs[0], (uint)(_options.Seed + (index << 16))));
            AddRounding(node.Outputs[0]);
        }
        else
        {
            AddOperator(node, index);
        }
    }

    private static (float Low, float High) NoBounds => (float.NegativeInfinity, float.PositiveInfinity);

    private void AddConvolution(Node node, ConvolutionParts parts)
    {
        (float Low, float High) bounds = node.Op.Main is Convolution2D { Common: { } common }
            ? new ConvolutionGeometry(common).Clamp
            : NoBounds;
        Node last = node;
        BatchNormParts? norm = null;
        if (bounds == NoBounds && OnlyReader(last) is { Op: { Type: OpType.BatchNorm, Main: BatchNorm } } next)
        {
            norm = TrainableOps.Norm(next, _options, _frozen.Match(next.Name));
            _joined.Add(last = next);
        }

        if (bounds == NoBounds && OnlyReader(last) is { } follower && TrainableOps.Bounds(follower.Op) is { } own)
        {
            bounds = own;
            _joined.Add(last = follower);
        }

        bool staged = norm is not null || bounds != NoBounds || _rounding.Rounds(last.Outputs[0]);
        int between = staged ? _tensors++ : last.Outputs[0];
        if (parts.Rounding is { } rounding)
        {
            _roundings[parts.Name] = rounding;
        }

        _layers.Add(new ConvolutionLayer(parts, node.Inputs[0], between, _paths.Wanted[node.Inputs[0]]));
        if (staged)
        {
            AddStage(between, norm, bounds, last, parts.Outputs);
        }
        else
        {
            AddRounding(last.Outputs[0]);
        }
    }

    private void AddStage(int input, BatchNormParts? norm, (float Low, float High) bounds, Node last, int channels = 0)
    {
        int output = last.Outputs[0];
        FeatureRange? range = _rounding.Rounds(output) ? _ranges[output] = RangeOf(output) : null;
        _layers.Add(new StageLayer(norm, norm?.Mean.Length ?? channels, bounds, range, input, output));
        if (range is null)
        {
            AddRounding(output);
        }
    }

    private void AddOperator(Node node, int index)
    {
        bool frozen = _frozen.Match(node.Name) || !TrainableOps.HasParameters(node.Op);
        Gradient? gradient = null;
        if (_paths.Needs(node))
        {
            gradient = GradientTable.Create(new GradientBuild(node, frozen))
                ?? throw Errors.NoGradient(_model.Path, node.Name, node.Op.Type.ToString());
        }

        _layers.Add(new OperatorLayer(node, index, gradient, [.. node.Inputs.Select(i => i >= 0 && _paths.Wanted[i])]));
        foreach (int output in node.Outputs)
        {
            AddRounding(output);
        }
    }

    private void AddRounding(int tensor)
    {
        if (_rounding.Observes(tensor))
        {
            FeatureRange range = _ranges[tensor] = RangeOf(tensor);
            _layers.Add(new RoundingLayer(
                range, tensor, _rounding.Rounds(tensor), range.StepSize is null ? -1 : _tensors++));
        }
    }

    // A step is learned where something is rounded by it and trained parameters lie before it.
    private FeatureRange RangeOf(int tensor) => new(
        _options,
        _options.LearnFeatureSteps && _rounding.Rounds(tensor) && _paths.Wanted[tensor]
            ? _graph.TensorName(tensor) + ".step"
            : null);

    // The one operator that reads a node's output, if nothing else needs it.
    private Node? OnlyReader(Node node)
    {
        int output = node.Outputs[0];
        return node.Outputs.Length == 1 && _graph.UseCounts[output] == 1 && !_graph.OutputIds.Contains(output)
            ? _nodes.FirstOrDefault(n => n.Inputs is [var only] && only == output)
            : null;
    }
}
