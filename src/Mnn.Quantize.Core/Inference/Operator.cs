namespace Mnn.Quantize.Inference;

/// <summary>
/// One kind of operator made ready for one place in a model: shape inference and execution. Immutable once made, so that
/// sessions on several threads share it; all state of a run is in the <see cref="OpContext"/>.
/// </summary>
internal abstract class Operator
{
    /// <summary>
    /// True if it understands tensors whose channels lie last; otherwise the runner hands it row-major copies and puts
    /// its row-major outputs back into the layout that their format asks for.
    /// </summary>
    public virtual bool HandlesChannelsLast => false;

    /// <summary>
    /// True if it only moves, drops or repeats elements, so that one method serves every element type and quantized
    /// tensors too (the runtime's Raster).
    /// </summary>
    public virtual bool MovesElements => false;

    /// <summary>Infers the outputs' shapes, allocates them and computes them, in float (or int32).</summary>
    public abstract void Run(OpContext context);

    /// <summary>
    /// True if <see cref="RunInt8"/> works on int8 tensors. Where the runtime runs another operator in int8, the runner
    /// hands it dequantized inputs and quantizes what it makes.
    /// </summary>
    public virtual bool HasInt8 => MovesElements;

    /// <summary>
    /// Asked at each run of an operator that scales allow to run in int8: whether shapes and formats allow it too. The
    /// context holds the inputs as they are, before any cast.
    /// </summary>
    public virtual bool KeepsInt8(OpContext context) => true;

    /// <summary>The same on int8 inputs, to int8 outputs; called only if <see cref="HasInt8"/>.</summary>
    public virtual void RunInt8(OpContext context) => Run(context);
}
