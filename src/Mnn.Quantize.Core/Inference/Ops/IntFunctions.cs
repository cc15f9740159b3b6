using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Functions of two integers, by the schema's names. Division by zero gives 0.</summary>
internal static class IntFunctions
{
    /// <summary>True for functions whose result is 0 or 1 whatever the operands' type.</summary>
    public static bool IsComparison(BinaryOpOperation function) => function is
        BinaryOpOperation.LESS or BinaryOpOperation.LESS_EQUAL or BinaryOpOperation.GREATER
        or BinaryOpOperation.GREATER_EQUAL or BinaryOpOperation.EQUAL or BinaryOpOperation.NOTEQUAL;

    /// <summary>The function of a name.</summary>
    public static Func<int, int, int> Of(BinaryOpOperation function) => function switch
    {
        BinaryOpOperation.ADD => (a, b) => unchecked(a + b),
        BinaryOpOperation.SUB => (a, b) => unchecked(a - b),
        BinaryOpOperation.MUL => (a, b) => unchecked(a * b),
        BinaryOpOperation.DIV or BinaryOpOperation.REALDIV => (a, b) => Divide(a, b),
        BinaryOpOperation.MAXIMUM or BinaryOpOperation.MAX_TEMP => Math.Max,
        BinaryOpOperation.MINIMUM or BinaryOpOperation.MIN_TEMP => Math.Min,
        BinaryOpOperation.SquaredDifference => (a, b) => unchecked((a - b) * (a - b)),
        BinaryOpOperation.FLOORDIV => FloorDivide,

        // On integers the runtime's two have each other's sense: this one has the sign of a, the next one that of b.
        BinaryOpOperation.FLOORMOD => (a, b) => unchecked(a - (b * Divide(a, b))),
        BinaryOpOperation.MOD => (a, b) => unchecked(a - (b * FloorDivide(a, b))),
        BinaryOpOperation.POW => Power,
        BinaryOpOperation.LESS => (a, b) => a < b ? 1 : 0,
        BinaryOpOperation.LESS_EQUAL => (a, b) => a <= b ? 1 : 0,
        BinaryOpOperation.GREATER => (a, b) => a > b ? 1 : 0,
        BinaryOpOperation.GREATER_EQUAL => (a, b) => a >= b ? 1 : 0,
        BinaryOpOperation.EQUAL => (a, b) => a == b ? 1 : 0,
        BinaryOpOperation.NOTEQUAL => (a, b) => a != b ? 1 : 0,
        BinaryOpOperation.LOGICALOR => (a, b) => a != 0 || b != 0 ? 1 : 0,
        BinaryOpOperation.LOGICALXOR => (a, b) => (a != 0) != (b != 0) ? 1 : 0,
        BinaryOpOperation.BITWISE_AND => (a, b) => a & b,
        BinaryOpOperation.BITWISE_OR => (a, b) => a | b,
        BinaryOpOperation.BITWISE_XOR => (a, b) => a ^ b,
        BinaryOpOperation.LEFTSHIFT => (a, b) => a << b,
        BinaryOpOperation.RIGHTSHIFT => (a, b) => a >> b,
        _ => throw new TensorShapeException($"integers for {function}"),
    };

    private static int Divide(int a, int b) => b == 0 ? 0 : b == -1 ? unchecked(-a) : a / b;

    private static int FloorDivide(int a, int b)
    {
        int quotient = Divide(a, b);
        return b != 0 && b != -1 && a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static int Power(int a, int exponent)
    {
        if (exponent < 0)
        {
            return a == 1 ? 1 : a == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }

        int result = 1;
        for (int factor = a; exponent > 0; exponent >>= 1, factor = unchecked(factor * factor))
        {
            result = (exponent & 1) != 0 ? unchecked(result * factor) : result;
        }

        return result;
    }
}
