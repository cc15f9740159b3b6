using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>Derivatives of functions of one and two numbers, in double, of our own exponential functions.</summary>
internal static class Derivatives
{
    private const double SqrtTwoOverPi = 0.79788456080286535588;
    private const double TwoOverSqrtPi = 1.12837916709551257390;
    private const double SqrtHalf = 0.70710678118654752440;
    private const double CubicPart = 0.044715;

    /// <summary>f' of a function by the schema's name; null if it is not known.</summary>
    public static Func<double, double>? Of(UnaryOpOperation function) => function switch
    {
        UnaryOpOperation.ABS => x => Math.Sign(x),
        UnaryOpOperation.NEG => _ => -1,
        UnaryOpOperation.FLOOR or UnaryOpOperation.CEIL or UnaryOpOperation.ROUND or UnaryOpOperation.SIGN => _ => 0,
        UnaryOpOperation.SQUARE => x => 2 * x,
        UnaryOpOperation.SQRT => x => 0.5 / Math.Sqrt(x),
        UnaryOpOperation.RSQRT => x => -0.5 / (x * Math.Sqrt(x)),
        UnaryOpOperation.EXP or UnaryOpOperation.EXPM1 => ScalarMath.Exp,
        UnaryOpOperation.LOG => x => 1 / x,
        UnaryOpOperation.LOG1P => x => 1 / (1 + x),
        UnaryOpOperation.SIN => x => ScalarMath.Cos((float)x),
        UnaryOpOperation.COS => x => -ScalarMath.Sin((float)x),
        UnaryOpOperation.TAN => x => 1 + Square(ScalarMath.Tan((float)x)),
        UnaryOpOperation.ASIN => x => 1 / Math.Sqrt((1 - x) * (1 + x)),
        UnaryOpOperation.ACOS => x => -1 / Math.Sqrt((1 - x) * (1 + x)),
        UnaryOpOperation.ATAN => x => 1 / (1 + (x * x)),
        UnaryOpOperation.SINH => ScalarMath.Cosh,
        UnaryOpOperation.COSH => ScalarMath.Sinh,
        UnaryOpOperation.ASINH => x => 1 / Math.Sqrt(1 + (x * x)),
        UnaryOpOperation.ACOSH => x => 1 / Math.Sqrt((x - 1) * (x + 1)),
        UnaryOpOperation.ATANH => x => 1 / ((1 - x) * (1 + x)),
        UnaryOpOperation.RECIPROCAL => x => -1 / (x * x),
        UnaryOpOperation.BNLL => Sigmoid,
        UnaryOpOperation.ERF => x => TwoOverSqrtPi * ScalarMath.Exp(-x * x),
        UnaryOpOperation.ERFC => x => -TwoOverSqrtPi * ScalarMath.Exp(-x * x),
        UnaryOpOperation.ERFINV => x => ScalarMath.Exp(Square(ScalarMath.Erfinv(x))) / TwoOverSqrtPi,
        UnaryOpOperation.SIGMOID => x => Sigmoid(x) * (1 - Sigmoid(x)),
        UnaryOpOperation.TANH => x => 1 - Square(Tanh(x)),
        UnaryOpOperation.HARDSWISH => x => x <= -3 ? 0 : x >= 3 ? 1 : ((2 * x) + 3) / 6,
        UnaryOpOperation.SILU => Silu,
        UnaryOpOperation.GELU => GeluTanh,
        UnaryOpOperation.GELU_STANDARD => x =>
            (0.5 * (1 + ScalarMath.Erf(x * SqrtHalf))) + (x * 0.5 * SqrtTwoOverPi * ScalarMath.Exp(-0.5 * x * x)),
        _ => null,
    };

    /// <summary>The function and its derivatives by both arguments; null if it is not known.</summary>
    public static BinaryDerivative? Of(BinaryOpOperation function) => function switch
    {
        BinaryOpOperation.ADD => new((a, b) => a + b, (_, _) => 1, (_, _) => 1),
        BinaryOpOperation.SUB => new((a, b) => a - b, (_, _) => 1, (_, _) => -1),
        BinaryOpOperation.MUL => new((a, b) => a * b, (_, b) => b, (a, _) => a),
        BinaryOpOperation.DIV or BinaryOpOperation.REALDIV => new((a, b) => a / b, (_, b) => 1 / b, (a, b) => -a / (b * b)),
        BinaryOpOperation.MAXIMUM or BinaryOpOperation.MAX_TEMP =>
            new(Math.Max, (a, b) => a >= b ? 1 : 0, (a, b) => a >= b ? 0 : 1),
        BinaryOpOperation.MINIMUM or BinaryOpOperation.MIN_TEMP =>
            new(Math.Min, (a, b) => a <= b ? 1 : 0, (a, b) => a <= b ? 0 : 1),
        BinaryOpOperation.SquaredDifference =>
            new((a, b) => Square(a - b), (a, b) => 2 * (a - b), (a, b) => 2 * (b - a)),
        BinaryOpOperation.POW => new(
            ScalarMath.Pow,
            (a, b) => b * ScalarMath.Pow(a, b - 1),
            (a, b) => a > 0 ? ScalarMath.Pow(a, b) * ScalarMath.Log(a) : 0),
        BinaryOpOperation.ATAN2 => new(
            ScalarMath.Atan2, (a, b) => b / ((a * a) + (b * b)), (a, b) => -a / ((a * a) + (b * b))),
        BinaryOpOperation.MUL_SILU => new(
            (a, b) => a * b * Sigmoid(b), (_, b) => b * Sigmoid(b), (a, b) => a * Silu(b)),
        BinaryOpOperation.MOD => new((a, b) => a % b, (_, _) => 1, (a, b) => -Math.Truncate(a / b)),
        BinaryOpOperation.FLOORMOD =>
            new((a, b) => a - (b * Math.Floor(a / b)), (_, _) => 1, (a, b) => -Math.Floor(a / b)),
        _ => null,
    };

    /// <summary>The derivative of x * sigmoid(x).</summary>
    public static double Silu(double x) => Sigmoid(x) * (1 + (x * (1 - Sigmoid(x))));

    private static double Square(double x) => x * x;

    private static double Sigmoid(double x) => 1 / (1 + ScalarMath.Exp(-x));

    private static double Tanh(double x) => (2 * Sigmoid(2 * x)) - 1;

    private static double GeluTanh(double x)
    {
        double t = Tanh(SqrtTwoOverPi * (x + (CubicPart * x * x * x)));
        return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * SqrtTwoOverPi * (1 + (3 * CubicPart * x * x)));
    }
}

/// <summary>A function of two numbers with its derivatives.</summary>
/// <param name="Value">f(a, b).</param>
/// <param name="First">By a.</param>
/// <param name="Second">By b.</param>
internal sealed record BinaryDerivative(
    Func<double, double, double> Value, Func<double, double, double> First, Func<double, double, double> Second);
