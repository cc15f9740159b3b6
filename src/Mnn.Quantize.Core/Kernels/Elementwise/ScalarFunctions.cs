namespace Mnn.Quantize.Kernels;

/// <summary>The functions that are computed one number at a time, in double precision.</summary>
internal static class ScalarFunctions
{
    /// <summary>The sine.</summary>
    public readonly struct Sin : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Sin(x);
    }

    /// <summary>The cosine.</summary>
    public readonly struct Cos : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Cos(x);
    }

    /// <summary>The tangent.</summary>
    public readonly struct Tan : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Tan(x);
    }

    /// <summary>The inverse of the sine.</summary>
    public readonly struct Asin : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Asin(x);
    }

    /// <summary>The inverse of the cosine.</summary>
    public readonly struct Acos : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Acos(x);
    }

    /// <summary>The inverse of the tangent.</summary>
    public readonly struct Atan : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Atan(x);
    }

    /// <summary>The hyperbolic sine.</summary>
    public readonly struct Sinh : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Sinh(x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    public readonly struct Cosh : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Cosh(x);
    }

    /// <summary>The inverse of the hyperbolic sine.</summary>
    public readonly struct Asinh : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Asinh(x);
    }

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    public readonly struct Acosh : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Acosh(x);
    }

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    public readonly struct Atanh : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Atanh(x);
    }

    /// <summary>1 - erf(x).</summary>
    public readonly struct Erfc : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Erfc(x);
    }

    /// <summary>The inverse of the error function.</summary>
    public readonly struct Erfinv : IScalarUnary
    {
        /// <inheritdoc/>
        public float Apply(float x) => (float)ScalarMath.Erfinv(x);
    }

    /// <summary>a^b.</summary>
    public readonly struct Pow : IScalarBinary
    {
        /// <inheritdoc/>
        public float Apply(float a, float b) => (float)ScalarMath.Pow(a, b);
    }

    /// <summary>The angle of the point (b, a).</summary>
    public readonly struct Atan2 : IScalarBinary
    {
        /// <inheritdoc/>
        public float Apply(float a, float b) => (float)ScalarMath.Atan2(a, b);
    }

    /// <summary>a - b trunc(a / b), exact, with the sign of a.</summary>
    public readonly struct Remainder : IScalarBinary
    {
        /// <inheritdoc/>
        public float Apply(float a, float b) => a % b;
    }

    /// <summary>a - b floor(a / b), exact but for the last addition, with the sign of b.</summary>
    public readonly struct FloorModulo : IScalarBinary
    {
        /// <inheritdoc/>
        public float Apply(float a, float b)
        {
            float remainder = a % b;
            return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
        }
    }
}
