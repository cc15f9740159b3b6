using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization;

/// <summary>
/// Tables with which the runtime computes functions of int8 tensors: 255 results, for q = -127 to 127
/// (calibration.cpp, ComputeUnaryBuffer).
/// </summary>
internal static class UnaryTables
{
    private const int Greatest = 127;

    /// <summary>
    /// Adds the table to a unary operator between tensors with scales; Sigmoid and TanH become unary operators for it.
    /// </summary>
    /// <param name="op">Any operator; others are left alone.</param>
    /// <param name="quant">Scale and zero point of a tensor id, or null.</param>
    public static void Add(Op op, Func<int, TensorQuantInfo?> quant)
    {
        UnaryOp? unary = op.Type switch
        {
            OpType.UnaryOp => op.Main as UnaryOp,
            OpType.Sigmoid => new UnaryOp { OpType = UnaryOpOperation.SIGMOID },
            OpType.TanH => new UnaryOp { OpType = UnaryOpOperation.TANH },
            _ => null,
        };
        if (unary is null or { OpType: UnaryOpOperation.ABS or UnaryOpOperation.NEG or UnaryOpOperation.SIGN }
            || quant(op.InputIndexes![0]) is not { } input || quant(op.OutputIndexes![0]) is not { } output)
        {
            return;
        }

        Span<float> values = stackalloc float[(2 * Greatest) + 1];
        for (int q = -Greatest; q <= Greatest; q++)
        {
            values[q + Greatest] = (q - input.Zero) * input.Scale;
        }

        UnaryFunctions.Apply(unary.OpType, values, values);
        var table = new sbyte[values.Length];
        for (int i = 0; i < table.Length; i++)
        {
            float steps = MathF.Round(values[i] / output.Scale, MidpointRounding.AwayFromZero) + output.Zero;
            table[i] = float.IsNaN(steps) ? (sbyte)0 : (sbyte)Math.Clamp(steps, -Greatest, Greatest);
        }

        unary.TableInt8 = table;
        op.Type = OpType.UnaryOp;
        op.Main = unary;
    }
}
