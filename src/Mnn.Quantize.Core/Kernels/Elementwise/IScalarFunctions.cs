namespace Mnn.Quantize.Kernels;

/// <summary>A function of one number that is computed one at a time, since it is rare.</summary>
internal interface IScalarUnary
{
    /// <summary>The function.</summary>
    /// <param name="x">The argument.</param>
    /// <returns>The result.</returns>
    float Apply(float x);
}

/// <summary>A function of two numbers that is computed one at a time, since it is rare.</summary>
internal interface IScalarBinary
{
    /// <summary>The function.</summary>
    /// <param name="a">The first argument.</param>
    /// <param name="b">The second argument.</param>
    /// <returns>The result.</returns>
    float Apply(float a, float b);
}

/// <summary>Makes a <see cref="IScalarBinary"/> fit where a <see cref="IBinaryOperator"/> is asked for.</summary>
/// <typeparam name="F">The function.</typeparam>
internal readonly unsafe struct PerLane<F> : IBinaryOperator
    where F : struct, IScalarBinary
{
    /// <inheritdoc/>
    public V Apply<S, V>(V a, V b)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* left = stackalloc float[S.Width];
        float* right = stackalloc float[S.Width];
        S.Store(left, a);
        S.Store(right, b);
        for (int i = 0; i < S.Width; i++)
        {
            left[i] = default(F).Apply(left[i], right[i]);
        }

        return S.Load(left);
    }
}
