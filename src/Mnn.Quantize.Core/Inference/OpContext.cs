using System.Runtime.InteropServices;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>
/// What a running operator sees: its inputs, a way to make its outputs, and scratch memory. One a session, reused for
/// every node. Outputs are allocated by the operator because only it knows their shape.
/// </summary>
internal sealed class OpContext(GraphRunner runner, TensorPool pool)
{
    private readonly List<Tensor?> _inputs = [];
    private byte[] _scratch = [];

    /// <summary>Memory of the session.</summary>
    public TensorPool Pool => pool;

    /// <summary>The node that runs.</summary>
    public Node Node { get; private set; } = null!;

    /// <summary>The graph that the node is part of.</summary>
    public Graph Graph => runner.Graph;

    /// <summary>How many control flow operators call each other above this graph.</summary>
    public int Depth => runner.Depth;

    /// <summary>Ends the run that is going on.</summary>
    public CancellationToken Cancellation => runner.Cancellation;

    /// <summary>Number of inputs, those left out included.</summary>
    public int InputCount => _inputs.Count;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => Node.Outputs.Length;

    /// <summary>True if input <paramref name="index"/> is there.</summary>
    public bool HasInput(int index) => index < _inputs.Count && _inputs[index] is not null;

    /// <summary>Input <paramref name="index"/>.</summary>
    public Tensor Input(int index) => HasInput(index)
        ? _inputs[index]!
        : throw new TensorShapeException($"input {index} missing");

    /// <summary>Makes output <paramref name="index"/>; its content is undefined.</summary>
    public Tensor Output(int index, ElementType type, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format) =>
        OutputWithQuant(index, type, shape, format, null);

    /// <summary>Makes int8 output <paramref name="index"/> with the scale that the model gives it.</summary>
    public Tensor OutputInt8(int index, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format) =>
        OutputWithQuant(index, ElementType.Int8, shape, format, Graph.Quant[Node.Outputs[index]]);

    /// <summary>Makes output <paramref name="index"/> of the type (and scale) of <paramref name="like"/>.</summary>
    public Tensor OutputOfType(int index, Tensor like, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format) =>
        OutputWithQuant(index, like.Type, shape, format, like.Quant);

    /// <summary>
    /// Makes output <paramref name="index"/> with shape, type and layout of input <paramref name="input"/>; in the
    /// input's own memory if nobody else reads that, so the operator must read each element before it writes it.
    /// </summary>
    public Tensor OutputLike(int index, int input)
    {
        Tensor source = Input(input);
        Tensor output = runner.OutputTensor(Node, index);
        output.DescribeAs(source, source.Type, source.IsChannelsLast);
        output.Quant = source.Quant;
        if (runner.MayOverwrite(Node, input, source))
        {
            output.ShareBuffer(source);
        }
        else
        {
            output.SetBuffer(pool.Rent(output.ByteCount));
        }

        return output;
    }

    /// <summary>Makes output <paramref name="index"/> another view of the memory of <paramref name="source"/>.</summary>
    public Tensor View(int index, Tensor source, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format)
    {
        Tensor output = runner.OutputTensor(Node, index);
        output.Describe(
            source.Type, shape, format, Node.Operator.HandlesChannelsLast && Tensor.LiesChannelsLast(format, shape.Length));
        if (output.Count != source.Count)
        {
            throw new TensorShapeException(
                $"{source.Count} elements where [{string.Join(", ", output.Shape)}] needs {output.Count}");
        }

        output.Quant = source.Quant;
        output.ShareBuffer(source);
        return output;
    }

    /// <summary>A tensor outside the graph, for results on the way; the caller ends it with <see cref="Release"/>.</summary>
    public Tensor Temporary(ElementType type, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format, bool channelsLast = false)
    {
        var tensor = new Tensor();
        tensor.Describe(type, shape, format, channelsLast);
        tensor.SetBuffer(pool.Rent(tensor.ByteCount));
        return tensor;
    }

    /// <summary>Gives the memory of a temporary tensor back.</summary>
    public static void Release(Tensor temporary) => temporary.SetBuffer(null);

    /// <summary>Memory for the time of this operator's run, 64-byte aligned, with undefined content.</summary>
    public Span<T> Scratch<T>(int count)
        where T : unmanaged
    {
        int bytes = checked(count * Marshal.SizeOf<T>());
        if (_scratch.Length < bytes + TensorBuffer.Alignment)
        {
            _scratch = GC.AllocateUninitializedArray<byte>(
                Math.Max(bytes + TensorBuffer.Alignment, 2 * _scratch.Length), pinned: true);
        }

        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_scratch, 0);
        int offset = (int)((TensorBuffer.Alignment - (address % TensorBuffer.Alignment)) % TensorBuffer.Alignment);
        return MemoryMarshal.Cast<byte, T>(_scratch.AsSpan(offset, bytes));
    }

    /// <summary>Points the context at the next node; called by the runner.</summary>
    public void Enter(Node node)
    {
        Node = node;
        _inputs.Clear();
    }

    /// <summary>Adds the next input; called by the runner.</summary>
    public void AddInput(Tensor? tensor) => _inputs.Add(tensor);

    /// <summary>Puts another tensor, such as a cast, in an input's place; called by the runner.</summary>
    public void ReplaceInput(int index, Tensor tensor) => _inputs[index] = tensor;

    private Tensor OutputWithQuant(
        int index, ElementType type, ReadOnlySpan<int> shape, MNN_DATA_FORMAT format, QuantParameters? quant)
    {
        Tensor output = runner.OutputTensor(Node, index);
        output.Describe(
            type, shape, format, Node.Operator.HandlesChannelsLast && Tensor.LiesChannelsLast(format, shape.Length));
        output.Quant = quant;
        output.SetBuffer(pool.Rent(output.ByteCount));
        return output;
    }
}
