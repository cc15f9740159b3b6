using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Mnn.Quantize.Kernels;

/// <summary>Which kernel families exist on this machine, and which one is used.</summary>
internal static class SimdLevels
{
    /// <summary>The environment variable that forces a family: scalar, vector128, vector256 or vector512.</summary>
    public const string Variable = "MNNQ_KERNELS";

    /// <summary>
    /// The families in order of rank, best first. Without hardware for fused multiply-add every product goes through
    /// the runtime's exact software routine, which leaves nothing to win with vectors; hence scalar leads there.
    /// </summary>
    public static IReadOnlyList<SimdLevel> Ranked { get; } = Rank();

    /// <summary>The family in use: the best one, unless <see cref="Variable"/> names another that exists here.</summary>
    public static SimdLevel Active { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Replaces <see cref="SimdLevel.Active"/> by the family it stands for.</summary>
    /// <param name="level">A family.</param>
    /// <returns>The same family, or the one in use.</returns>
    public static SimdLevel Resolve(SimdLevel level) => level == SimdLevel.Active ? Active : level;

    private static SimdLevel Choose(string? name)
    {
        return Enum.TryParse(name, ignoreCase: true, out SimdLevel level) && Ranked.Contains(level) ? level : Ranked[0];
    }

    private static List<SimdLevel> Rank()
    {
        bool fused = Fma.IsSupported || AdvSimd.IsSupported;
        List<SimdLevel> levels = [];
        if (fused && Vector512.IsHardwareAccelerated)
        {
            levels.Add(SimdLevel.Vector512); // half the instructions of Vector256, and 32 registers
        }

        if (fused && Vector256.IsHardwareAccelerated)
        {
            levels.Add(SimdLevel.Vector256);
        }

        if (fused && Vector128.IsHardwareAccelerated)
        {
            levels.Add(SimdLevel.Vector128); // NEON, or what a test asks for
        }

        levels.Add(SimdLevel.Scalar);
        return levels;
    }
}
