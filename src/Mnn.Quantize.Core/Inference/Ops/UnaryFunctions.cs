using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;
using static Mnn.Quantize.Kernels.UnaryOperators;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>The functions of one variable, by the schema's names.</summary>
internal static class UnaryFunctions
{
    /// <summary>y = f(x), element by element; both may be the same memory.</summary>
    public static void Apply(UnaryOpOperation function, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (function)
        {
            case UnaryOpOperation.ABS: Elementwise.Unary(default(Abs), x, y); break;
            case UnaryOpOperation.NEG: Elementwise.Unary(default(Negate), x, y); break;
            case UnaryOpOperation.FLOOR: Elementwise.Unary(default(Floor), x, y); break;
            case UnaryOpOperation.CEIL: Elementwise.Unary(default(Ceiling), x, y); break;
            case UnaryOpOperation.SQUARE: Elementwise.Unary(default(Square), x, y); break;
            case UnaryOpOperation.SQRT: Elementwise.Unary(default(Sqrt), x, y); break;
            case UnaryOpOperation.RSQRT: Elementwise.Unary(default(Rsqrt), x, y); break;
            case UnaryOpOperation.EXP: Elementwise.Unary(default(Exp), x, y); break;
            case UnaryOpOperation.LOG: Elementwise.Unary(default(Log), x, y); break;
            case UnaryOpOperation.SIN: Elementwise.Scalar(default(ScalarFunctions.Sin), x, y); break;
            case UnaryOpOperation.COS: Elementwise.Scalar(default(ScalarFunctions.Cos), x, y); break;
            case UnaryOpOperation.TAN: Elementwise.Scalar(default(ScalarFunctions.Tan), x, y); break;
            case UnaryOpOperation.ASIN: Elementwise.Scalar(default(ScalarFunctions.Asin), x, y); break;
            case UnaryOpOperation.ACOS: Elementwise.Scalar(default(ScalarFunctions.Acos), x, y); break;
            case UnaryOpOperation.ATAN: Elementwise.Scalar(default(ScalarFunctions.Atan), x, y); break;
            case UnaryOpOperation.RECIPROCAL: Elementwise.Unary(default(Reciprocal), x, y); break;
            case UnaryOpOperation.LOG1P: Elementwise.Unary(default(Log1p), x, y); break;
            case UnaryOpOperation.BNLL: Elementwise.Unary(default(Softplus), x, y); break;
            case UnaryOpOperation.ACOSH: Elementwise.Scalar(default(ScalarFunctions.Acosh), x, y); break;
            case UnaryOpOperation.SINH: Elementwise.Scalar(default(ScalarFunctions.Sinh), x, y); break;
            case UnaryOpOperation.ASINH: Elementwise.Scalar(default(ScalarFunctions.Asinh), x, y); break;
            case UnaryOpOperation.ATANH: Elementwise.Scalar(default(ScalarFunctions.Atanh), x, y); break;
            case UnaryOpOperation.SIGN: Elementwise.Unary(default(Sign), x, y); break;
            case UnaryOpOperation.ROUND: Elementwise.Unary(default(RoundAway), x, y); break;
            case UnaryOpOperation.COSH: Elementwise.Scalar(default(ScalarFunctions.Cosh), x, y); break;
            case UnaryOpOperation.ERF: Elementwise.Unary(default(Erf), x, y); break;
            case UnaryOpOperation.ERFC: Elementwise.Scalar(default(ScalarFunctions.Erfc), x, y); break;
            case UnaryOpOperation.ERFINV: Elementwise.Scalar(default(ScalarFunctions.Erfinv), x, y); break;
            case UnaryOpOperation.EXPM1: Elementwise.Unary(default(Expm1), x, y); break;
            case UnaryOpOperation.SIGMOID: Elementwise.Unary(default(Sigmoid), x, y); break;
            case UnaryOpOperation.TANH: Elementwise.Unary(default(Tanh), x, y); break;
            case UnaryOpOperation.HARDSWISH: Elementwise.Unary(default(HardSwish), x, y); break;
            case UnaryOpOperation.GELU: Elementwise.Unary(default(GeluTanh), x, y); break;
            case UnaryOpOperation.GELU_STANDARD: Elementwise.Unary(default(GeluErf), x, y); break;
            case UnaryOpOperation.SILU: Elementwise.Unary(default(Silu), x, y); break;
            default: throw new TensorShapeException($"the unknown function {function}");
        }
    }

    /// <summary>True for functions of the schema.</summary>
    public static bool IsKnown(UnaryOpOperation function) => Enum.IsDefined(function);

    /// <summary>The few functions that also work on integers.</summary>
    public static void Apply(UnaryOpOperation function, ReadOnlySpan<int> x, Span<int> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = function switch
            {
                UnaryOpOperation.ABS => x[i] < 0 ? unchecked(-x[i]) : x[i],
                UnaryOpOperation.NEG => unchecked(-x[i]),
                UnaryOpOperation.SQUARE => unchecked(x[i] * x[i]),
                UnaryOpOperation.SIGN => Math.Sign(x[i]),
                UnaryOpOperation.FLOOR or UnaryOpOperation.CEIL or UnaryOpOperation.ROUND => x[i],
                _ => throw new TensorShapeException($"integers for {function}"),
            };
        }
    }
}
