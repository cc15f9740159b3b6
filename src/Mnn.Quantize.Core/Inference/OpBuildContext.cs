using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>What an operator's factory may look at: its declaration and the constants among its inputs.</summary>
/// <param name="op">The operator as the model declares it.</param>
/// <param name="name">Its name, for messages.</param>
/// <param name="file">The model's path, for messages.</param>
/// <param name="constants">Constants met so far, by tensor id.</param>
internal sealed class OpBuildContext(Op op, string name, string file, IReadOnlyDictionary<int, Tensor> constants)
{
    /// <summary>The operator as the model declares it.</summary>
    public Op Op => op;

    /// <summary>The operator's name, for messages.</summary>
    public string Name => name;

    /// <summary>The model's path, for messages.</summary>
    public string File => file;

    /// <summary>Number of inputs.</summary>
    public int InputCount => op.InputIndexes?.Length ?? 0;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => op.OutputIndexes?.Length ?? 0;

    /// <summary>The parameter table, which must be a <typeparamref name="T"/>.</summary>
    public T Param<T>()
        where T : class => op.Main as T ?? throw Errors.MissingParameters(file, name, op.Type.ToString());

    /// <summary>The parameter table if there is one of this type.</summary>
    public T? ParamOrNull<T>()
        where T : class => op.Main as T;

    /// <summary>Input <paramref name="index"/> if it is a constant of the model, else null.</summary>
    public Tensor? Constant(int index) =>
        index < InputCount && constants.TryGetValue(op.InputIndexes![index], out Tensor? tensor) ? tensor : null;

    /// <summary>The error that this operator's parameters are not usable.</summary>
    /// <param name="what">What was found and what was expected.</param>
    public QuantizeException Invalid(string what) => Errors.InvalidOperator(file, name, op.Type.ToString(), what);
}
