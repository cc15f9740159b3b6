using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Mnn.Quantize.Kernels;

/// <summary>16 integers: AVX-512. (Its VNNI form is not among the runtime's intrinsics.)</summary>
internal unsafe readonly struct SimdInt8By512 : ISimdInt8<Vector512<int>>
{
    public static int Width => 16;

    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    public static void Store(int* destination, Vector512<int> value) => value.Store(destination);

    public static Vector512<int> Broadcast(int pair) => Vector512.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddPairs(Vector512<int> sum, Vector512<int> a, Vector512<int> b) =>
        sum + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>8 integers: AVX2, or AVX-VNNI where one instruction does it all.</summary>
internal unsafe readonly struct SimdInt8By256 : ISimdInt8<Vector256<int>>
{
    public static int Width => 8;

    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    public static void Store(int* destination, Vector256<int> value) => value.Store(destination);

    public static Vector256<int> Broadcast(int pair) => Vector256.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPairs(Vector256<int> sum, Vector256<int> a, Vector256<int> b) =>
        AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(sum, a.AsInt16(), b.AsInt16())
            : sum + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>4 integers: SSE2, NEON.</summary>
internal unsafe readonly struct SimdInt8By128 : ISimdInt8<Vector128<int>>
{
    public static int Width => 4;

    public static Vector128<int> Load(int* source) => Vector128.Load(source);

    public static void Store(int* destination, Vector128<int> value) => value.Store(destination);

    public static Vector128<int> Broadcast(int pair) => Vector128.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddPairs(Vector128<int> sum, Vector128<int> a, Vector128<int> b)
    {
        if (Sse2.IsSupported)
        {
            return sum + Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<int> low = AdvSimd.MultiplyWideningLower(a.AsInt16().GetLower(), b.AsInt16().GetLower());
            Vector128<int> high = AdvSimd.MultiplyWideningUpper(a.AsInt16(), b.AsInt16());
            return sum + AdvSimd.Arm64.AddPairwise(low, high);
        }

        Vector128<int> lows = ((a << 16) >> 16) * ((b << 16) >> 16);
        return sum + lows + ((a >> 16) * (b >> 16));
    }
}
