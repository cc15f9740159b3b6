using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>Turns the operators of a model into a <see cref="Graph"/>, or says which of them it can't.</summary>
/// <param name="file">The model's path, for messages.</param>
internal sealed class GraphBuilder(string file)
{
    private readonly Dictionary<string, Graph> _subgraphs = [];

    /// <summary>Builds the main graph and every graph that it calls.</summary>
    public Graph Build(Net net)
    {
        List<Op> ops = net.Oplists ?? [];
        List<SubGraphProto> protos = net.Subgraphs ?? [];
        RefuseUnsupported(ops.Concat(protos.SelectMany(p => p.Nodes ?? [])));
        foreach (SubGraphProto proto in protos)
        {
            string name = proto.Name ?? "";
            _subgraphs[name] = Build(
                proto.Nodes ?? [], proto.Tensors ?? [], proto.ExtraTensorDescribe, proto.Inputs ?? [], proto.Outputs);
        }

        return Build(ops, net.TensorName ?? [], net.ExtraTensorDescribe, null, OutputIds(net, ops));
    }

    private Graph Build(
        List<Op> ops, string[] names, List<TensorDescribe>? describes, int[]? declaredInputs, int[]? outputIds)
    {
        int count = CountTensors(ops, names, outputIds, declaredInputs);
        var constants = new Dictionary<int, Tensor>();
        var inputs = new List<GraphInput>();
        var nodes = new List<Node>();
        foreach (Op op in ops)
        {
            switch (op.Type)
            {
                case OpType.Input:
                    inputs.Add(ReadInput(op, names));
                    break;
                case OpType.Const or OpType.TrainableParam:
                    constants[op.OutputIndexes![0]] = Guard(op, op.Name ?? "", () => ConstantReader.Read(op, file));
                    break;
                default:
                    nodes.Add(BuildNode(op, names, constants));
                    break;
            }
        }

        if (declaredInputs is not null)
        {
            inputs = [.. declaredInputs.Select(id => inputs.Find(i => i.Id == id)
                ?? new GraphInput(id, Name(names, id), ElementType.Float32, [], MNN_DATA_FORMAT.NCHW))];
        }

        int[] outputs = outputIds ?? [];
        var quant = new QuantParameters?[count];
        foreach (TensorDescribe describe in describes ?? [])
        {
            if ((uint)describe.Index < (uint)count)
            {
                quant[describe.Index] = QuantParameters.From(describe.QuantInfo);
            }
        }

        int[] uses = new int[count];
        foreach (int id in nodes.SelectMany(n => n.Inputs).Where(id => id >= 0).Concat(outputs)
            .Concat(inputs.Select(i => i.Id)))
        {
            uses[id]++;
        }

        var graph = new Graph
        {
            File = file,
            Nodes = [.. nodes],
            TensorNames = names,
            TensorCount = count,
            Inputs = [.. inputs],
            OutputIds = outputs,
            Constants = constants,
            Quant = quant,
            UseCounts = uses,
            Subgraphs = _subgraphs,
        };
        Int8Planner.Plan(graph);
        return graph;
    }

    private Node BuildNode(Op op, string[] names, Dictionary<int, Tensor> constants)
    {
        int[] outputs = op.OutputIndexes ?? [];
        string name = string.IsNullOrEmpty(op.Name) && outputs.Length > 0 ? Name(names, outputs[0]) : op.Name ?? "";
        var context = new OpBuildContext(op, name, file, constants);
        Operator made = Guard(op, name, () => OpTable.Create(context));
        return new Node(op, name, made, op.InputIndexes ?? [], outputs);
    }

    private T Guard<T>(Op op, string name, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (MalformedOperator.Caused(e))
        {
            throw Errors.InvalidOperator(file, name, op.Type.ToString(), e.Message);
        }
    }

    private GraphInput ReadInput(Op op, string[] names)
    {
        if (op.Main is not Input input || op.OutputIndexes is not [var id, ..])
        {
            throw Errors.MissingParameters(file, op.Name, op.Type.ToString());
        }

        return new GraphInput(
            id, Name(names, id), ConstantReader.ElementTypeOf(input.Dtype, op, file), input.Dims ?? [], input.Dformat);
    }

    private int CountTensors(List<Op> ops, string[] names, int[]? outputIds, int[]? declaredInputs)
    {
        // Each id needs an operator to write it: far more ids than operators and names is no real model.
        long limit = names.Length + (64L * ops.Count);
        int max = names.Length - 1;
        var made = new HashSet<int>();
        foreach (Op op in ops)
        {
            foreach (int id in op.OutputIndexes ?? [])
            {
                if (id < 0 || id > limit)
                {
                    throw Errors.TensorIdOutOfRange(file, op.Name, id);
                }

                if (!made.Add(id))
                {
                    throw Errors.TensorMadeTwice(file, op.Name, Name(names, id));
                }

                max = Math.Max(max, id);
            }

            foreach (int id in op.InputIndexes ?? [])
            {
                // -1 is an input that is left out.
                if (id < -1 || id > limit)
                {
                    throw Errors.TensorIdOutOfRange(file, op.Name, id);
                }

                max = Math.Max(max, id);
            }
        }

        foreach (int id in (outputIds ?? []).Concat(declaredInputs ?? []))
        {
            if (id < 0 || id > max)
            {
                throw Errors.TensorIdOutOfRange(file, "the list of inputs or outputs", id);
            }
        }

        return max + 1;
    }

    private void RefuseUnsupported(IEnumerable<Op> ops)
    {
        foreach (Op op in ops)
        {
            if (op.Type is not (OpType.Input or OpType.Const or OpType.TrainableParam) && !OpTable.Supports(op.Type))
            {
                throw Errors.UnsupportedOperator(file, op.Name, op.Type.ToString());
            }

            if (op.Type is OpType.Const or OpType.TrainableParam && op.OutputIndexes is not [_, ..])
            {
                throw Errors.MissingParameters(file, op.Name, op.Type.ToString());
            }
        }
    }

    // The declared names; in their absence what the runtime does too: every tensor that nobody reads.
    private int[] OutputIds(Net net, List<Op> ops)
    {
        string[] names = net.TensorName ?? [];
        if (net.OutputName is { Length: > 0 } declared)
        {
            return [.. declared.Select(n => Array.IndexOf(names, n) is var id && id >= 0
                ? id
                : throw Errors.UnknownOutput(file, n))];
        }

        var read = ops.SelectMany(o => o.InputIndexes ?? []).ToHashSet();
        return [.. ops.Where(o => o.Type is not (OpType.Input or OpType.Const))
            .SelectMany(o => o.OutputIndexes ?? []).Where(id => !read.Contains(id))];
    }

    private static string Name(string[] names, int id) =>
        (uint)id < (uint)names.Length && names[id].Length > 0 ? names[id] : $"tensor {id}";
}
