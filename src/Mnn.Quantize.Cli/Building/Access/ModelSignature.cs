using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Cli.Building.Access;

/// <summary>One input of a model.</summary>
/// <param name="Name">As in the model.</param>
/// <param name="Shape">Dimensions in the order of the format; -1 where the model leaves them open.</param>
/// <param name="IsChannelsLast">Whether the order is NHWC, not NCHW.</param>
internal sealed record InputSignature(string Name, IReadOnlyList<int> Shape, bool IsChannelsLast);

/// <summary>What a model takes and gives. Reads the graph and runs nothing: works for models that the engine does not support.</summary>
internal sealed record ModelSignature(IReadOnlyList<InputSignature> Inputs, IReadOnlyList<string> Outputs)
{
    internal static ModelSignature Of(MnnModel model)
    {
        List<Op> ops = model.Net.Oplists ?? [];
        string[] names = model.Net.TensorName ?? [];
        return new ModelSignature(
            [.. ops.Where(op => op.Type == OpType.Input).Select(op => ToInput(op, names))],
            model.Net.OutputName is { Length: > 0 } declared ? declared : [.. UnreadTensors(ops, names)]);
    }

    private static InputSignature ToInput(Op op, string[] names)
    {
        var input = op.Main as Input;
        return new InputSignature(
            op.OutputIndexes is [int id, ..] ? NameOf(id, names) : op.Name ?? "",
            input?.Dims ?? [],
            input?.Dformat == MNN_DATA_FORMAT.NHWC);
    }

    /// <summary>The outputs of a model that declares none, as the runtime sees it.</summary>
    private static IEnumerable<string> UnreadTensors(List<Op> ops, string[] names)
    {
        var read = ops.SelectMany(op => op.InputIndexes ?? []).ToHashSet();
        return ops
            .Where(op => op.Type is not (OpType.Input or OpType.Const))
            .SelectMany(op => op.OutputIndexes ?? [])
            .Where(id => !read.Contains(id))
            .Select(id => NameOf(id, names));
    }

    private static string NameOf(int id, string[] names) =>
        (uint)id < (uint)names.Length && names[id].Length > 0 ? names[id] : $"tensor {id}";
}
