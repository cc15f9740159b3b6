namespace Mnn.Quantize.Kernels;

/// <summary>A family of kernels by the width of its vectors. All of them give the same bits.</summary>
internal enum SimdLevel
{
    /// <summary>Whatever <see cref="SimdLevels.Active"/> says: what everything but tests and benchmarks passes.</summary>
    Active,

    /// <summary>One float at a time: the readable twin of the others, and the oracle of the tests.</summary>
    Scalar,

    /// <summary>Four floats at a time: SSE with FMA, NEON.</summary>
    Vector128,

    /// <summary>Eight floats at a time: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>Sixteen floats at a time: AVX-512.</summary>
    Vector512,
}
