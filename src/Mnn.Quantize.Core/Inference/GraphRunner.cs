using System.Diagnostics;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Inference;

/// <summary>Sees every tensor of a run as soon as it is there.</summary>
internal interface IRunObserver
{
    /// <summary>Called once a tensor a run, while its memory is valid.</summary>
    /// <param name="id">Tensor id in the main graph.</param>
    /// <param name="tensor">Its value.</param>
    /// <param name="producer">The node that made it; null for an input.</param>
    void OnTensor(int id, Tensor tensor, Node? producer);

    /// <summary>Called after each node with the time that it took.</summary>
    void OnNode(Node node, TimeSpan elapsed)
    {
    }
}

/// <summary>
/// Runs one graph: nodes in their order, each tensor's memory freed after its last reader. Holds the state of a run, so
/// each thread has its own.
/// </summary>
internal sealed class GraphRunner
{
    private readonly OpContext _context;
    private readonly TensorPool _pool;
    private readonly Tensor[] _tensors;
    private readonly Tensor?[] _casts;
    private readonly int[] _remaining;
    private readonly List<Tensor> _copies = [];
    private readonly Tensor _unsettled = new();
    private int _copiesInUse;

    public GraphRunner(Graph graph, TensorPool pool)
    {
        Graph = graph;
        _pool = pool;
        _context = new OpContext(this, pool);
        _tensors = new Tensor[graph.TensorCount];
        _casts = new Tensor?[graph.TensorCount];
        _remaining = new int[graph.TensorCount];
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = graph.Constants.TryGetValue(i, out Tensor? constant) ? constant : new Tensor();
        }
    }

    /// <summary>What it runs.</summary>
    public Graph Graph { get; }

    /// <summary>How many control flow operators call each other above this graph.</summary>
    public int Depth { get; init; }

    /// <summary>Ends the run that is going on.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>Told of each tensor, if set.</summary>
    public IRunObserver? Observer { get; set; }

    /// <summary>The tensor of an id; after a run only inputs' and outputs' memory is there.</summary>
    public Tensor TensorOf(int id) => _tensors[id];

    /// <summary>Makes input tensor <paramref name="id"/> ready to be filled (row-major).</summary>
    /// <exception cref="QuantizeException">There can't be such a tensor.</exception>
    public Tensor PrepareInput(int id, ElementType type, ReadOnlySpan<int> shape, Model.Schema.MNN_DATA_FORMAT format)
    {
        Tensor tensor = _tensors[id];
        try
        {
            tensor.Describe(type, shape, format, channelsLast: false);
            tensor.SetBuffer(_pool.Rent(tensor.ByteCount));
            return tensor;
        }
        catch (TensorShapeException e)
        {
            throw Errors.InputCannotBeMade(Graph.File, Graph.TensorName(id), e.Message, e);
        }
    }

    /// <summary>Runs all nodes on the inputs that were prepared.</summary>
    /// <exception cref="QuantizeException">An operator can't work with what it was given.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        Start(cancellation);
        for (int i = 0; i < Graph.Nodes.Length; i++)
        {
            Step(i);
        }
    }

    /// <summary>Begins a run whose nodes the caller runs with <see cref="Step"/>, as when several runs keep pace.</summary>
    public void Start(CancellationToken cancellation)
    {
        Cancellation = cancellation;
        Graph.UseCounts.CopyTo(_remaining, 0);

        // Casts of inputs and outputs, and of anything in a run that failed, are still there and of the past.
        foreach (Tensor? cast in _casts)
        {
            cast?.SetBuffer(null);
        }

        foreach (GraphInput input in Graph.Inputs)
        {
            Tensor tensor = _tensors[input.Id];
            SettleLayout(tensor);
            Observer?.OnTensor(input.Id, tensor, null);
        }
    }

    /// <summary>
    /// Gives tensor <paramref name="id"/> a value from another run, whose memory it shares, or what int8 elements stand for.
    /// Nodes that read nothing else can then be run with <see cref="Step"/>.
    /// </summary>
    public void Provide(int id, Tensor source)
    {
        if (Graph.Constants.ContainsKey(id))
        {
            return;
        }

        Tensor tensor = _tensors[id];
        if (source is { Type: ElementType.Int8, Quant: { } quant })
        {
            tensor.DescribeAs(source, ElementType.Float32, source.IsChannelsLast);
            tensor.SetBuffer(_pool.Rent(tensor.ByteCount));
            QuantCast.ToFloat(source.Int8s, tensor.Floats, quant);
        }
        else
        {
            tensor.DescribeAs(source, source.Type, source.IsChannelsLast);
            tensor.Sequence = source.Sequence;
            tensor.ShareBuffer(source);
        }
    }

    /// <summary>Runs node <paramref name="index"/> of the graph, after all those before it.</summary>
    /// <exception cref="QuantizeException">An operator can't work with what it was given.</exception>
    public void Step(int index)
    {
        Cancellation.ThrowIfCancellationRequested();
        Node node = Graph.Nodes[index];
        long start = Stopwatch.GetTimestamp();
        Run(node);
        Observer?.OnNode(node, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Frees the memory of outputs and inputs until the next run.</summary>
    public void ReleaseAll()
    {
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (!Graph.Constants.ContainsKey(i))
            {
                _tensors[i].SetBuffer(null);
            }

            _casts[i]?.SetBuffer(null);
        }
    }

    /// <summary>The tensor object behind output <paramref name="index"/> of a node.</summary>
    public Tensor OutputTensor(Node node, int index) => _tensors[node.Outputs[index]];

    /// <summary>Whether a node may write over its input: nobody else will read that.</summary>
    public bool MayOverwrite(Node node, int input, Tensor tensor) =>
        ReferenceEquals(tensor, _tensors[node.Inputs[input]])
        && _remaining[node.Inputs[input]] == 1
        && tensor.IsUnshared;

    private void Run(Node node)
    {
        try
        {
            _context.Enter(node);
            foreach (int id in node.Inputs)
            {
                _context.AddInput(id < 0 ? null : Computed(id));
            }

            bool int8 = node.RunsInt8 && node.Operator.KeepsInt8(_context);
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i] >= 0)
                {
                    _context.ReplaceInput(i, InputFor(node, node.Inputs[i], int8 && Int8Planner.IsDataInput(node, i)));
                }
            }

            if (int8 && node.Operator.HasInt8)
            {
                node.Operator.RunInt8(_context);
            }
            else
            {
                node.Operator.Run(_context);
            }

            if (int8 && !node.Operator.HasInt8)
            {
                QuantizeOutputs(node);
            }
        }
        catch (Exception e) when (MalformedOperator.Caused(e))
        {
            throw Errors.OperatorCannotRun(Graph.File, node.Name, node.Op.Type.ToString(), e.Message, e);
        }

        for (; _copiesInUse > 0; _copiesInUse--)
        {
            _copies[_copiesInUse - 1].SetBuffer(null);
        }

        foreach (int id in node.Outputs)
        {
            SettleLayout(_tensors[id]);
            Observer?.OnTensor(id, _tensors[id], node);
            ReleaseIfUnread(id);
        }

        foreach (int id in node.Inputs)
        {
            if (id >= 0)
            {
                _remaining[id]--;
                ReleaseIfUnread(id);
            }
        }
    }

    private void ReleaseIfUnread(int id)
    {
        if (_remaining[id] <= 0 && !Graph.Constants.ContainsKey(id))
        {
            _tensors[id].SetBuffer(null);
            _casts[id]?.SetBuffer(null);
        }
    }

    private Tensor Computed(int id) => _tensors[id].HasData
        ? _tensors[id]
        : throw new TensorShapeException($"'{Graph.TensorName(id)}', which no operator before it computes,");

    private Tensor InputFor(Node node, int id, bool int8)
    {
        Tensor tensor = _tensors[id];
        if (int8 && tensor.Type == ElementType.Float32 && StepsFor(node, id) is { } wanted)
        {
            tensor = Cast(id, tensor, ElementType.Int8, wanted);
        }
        else if (!int8 && tensor.Quant is { } quant)
        {
            tensor = Cast(id, tensor, ElementType.Float32, quant);
        }

        if (int8 && !node.Operator.HasInt8 && tensor.Quant is { } dequantized)
        {
            Tensor real = NextCopy();
            real.DescribeAs(tensor, ElementType.Float32, tensor.IsChannelsLast);
            real.SetBuffer(_pool.Rent(real.ByteCount));
            QuantCast.ToFloat(tensor.Int8s, real.Floats, dequantized);
            tensor = real;
        }

        return tensor.IsChannelsLast && !node.Operator.HandlesChannelsLast ? RowMajor(tensor) : tensor;
    }

    // Where elements only move, a float tensor on the way may have steps of its own, which don't count.
    private QuantParameters? StepsFor(Node node, int id)
    {
        QuantParameters? own = Graph.Quant[id];
        QuantParameters? moved = node.Operator.MovesElements ? Graph.Quant[node.Outputs[0]] : null;
        return moved is null || (own is not null && Int8Planner.SameSteps(own, moved)) ? own : moved;
    }

    // A tensor that both worlds read is cast once, as the runtime does.
    private Tensor Cast(int id, Tensor tensor, ElementType type, QuantParameters quant)
    {
        Tensor cast = _casts[id] ??= new Tensor();
        if (!cast.HasData || (type == ElementType.Int8 && cast.Quant != quant))
        {
            cast.DescribeAs(tensor, type, tensor.IsChannelsLast);
            cast.SetBuffer(_pool.Rent(cast.ByteCount));
            if (type == ElementType.Int8)
            {
                cast.Quant = quant;
                QuantCast.ToInt8(tensor.Floats, cast.Int8s, quant);
            }
            else
            {
                QuantCast.ToFloat(tensor.Int8s, cast.Floats, quant);
            }
        }

        return cast;
    }

    private Tensor RowMajor(Tensor tensor)
    {
        Tensor copy = NextCopy();
        copy.DescribeAs(tensor, tensor.Type, channelsLast: false);
        copy.Quant = tensor.Quant;
        if (TensorLayout.OrdersCoincide(tensor))
        {
            copy.ShareBuffer(tensor);
        }
        else
        {
            copy.SetBuffer(_pool.Rent(tensor.ByteCount));
            TensorLayout.CopyToRowMajor(tensor, copy);
        }

        return copy;
    }

    // A tensor that lasts until the end of the node.
    private Tensor NextCopy()
    {
        if (_copiesInUse == _copies.Count)
        {
            _copies.Add(new Tensor());
        }

        return _copies[_copiesInUse++];
    }

    private void QuantizeOutputs(Node node)
    {
        foreach (int id in node.Outputs)
        {
            Tensor output = _tensors[id];
            if (output.Type == ElementType.Float32 && Graph.Quant[id] is { } quant)
            {
                Tensor real = NextCopy();
                real.DescribeAs(output, output.Type, output.IsChannelsLast);
                real.ShareBuffer(output);
                output.DescribeAs(output, ElementType.Int8, output.IsChannelsLast);
                output.SetBuffer(_pool.Rent(output.ByteCount));
                output.Quant = quant;
                QuantCast.ToInt8(real.Floats, output.Int8s, quant);
            }
        }
    }

    // Brings a tensor that an operator left row-major into the layout that its format asks for.
    private void SettleLayout(Tensor tensor)
    {
        if (tensor.IsChannelsLast || !tensor.HasData || !Tensor.LiesChannelsLast(tensor.Format, tensor.Rank))
        {
            return;
        }

        QuantParameters? quant = tensor.Quant;
        if (!TensorLayout.OrdersCoincide(tensor))
        {
            _unsettled.DescribeAs(tensor, tensor.Type, channelsLast: false);
            _unsettled.ShareBuffer(tensor);
            tensor.SetBuffer(_pool.Rent(tensor.ByteCount));
            TensorLayout.CopyToChannelsLast(_unsettled, tensor);
            _unsettled.SetBuffer(null);
        }

        tensor.DescribeAs(tensor, tensor.Type, channelsLast: true);
        tensor.Quant = quant;
    }
}
