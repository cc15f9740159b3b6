using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>A kernel with its arguments, checked, ready to run on vectors of any width.</summary>
internal interface ISimdJob
{
    /// <summary>Does it.</summary>
    /// <typeparam name="S">The operations.</typeparam>
    /// <typeparam name="V">The vector.</typeparam>
    void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Picks the width for a job.</summary>
internal static class SimdJobs
{
    /// <summary>Runs a job on the widest vectors that the family allows and a row of channels fills.</summary>
    /// <typeparam name="T">The job.</typeparam>
    /// <param name="job">The job.</param>
    /// <param name="channels">Floats of a row; a vector never spans two of them.</param>
    /// <param name="level">The kernel family.</param>
    public static void Run<T>(in T job, int channels, SimdLevel level)
        where T : struct, ISimdJob
    {
        level = SimdLevels.Resolve(level);
        if (level == SimdLevel.Vector512 && channels >= Simd512.Width)
        {
            job.Run<Simd512, Vector512<float>>();
        }
        else if (level is SimdLevel.Vector512 or SimdLevel.Vector256 && channels >= Simd256.Width)
        {
            job.Run<Simd256, Vector256<float>>();
        }
        else if (level != SimdLevel.Scalar && channels >= Simd128.Width)
        {
            job.Run<Simd128, Vector128<float>>();
        }
        else
        {
            job.Run<SimdScalar, float>();
        }
    }
}
