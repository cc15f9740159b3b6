using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>"Vectors" of one float: what <see cref="ISimd{V}"/> means, spelled out.</summary>
internal unsafe readonly struct SimdScalar : ISimd<float>
{
    public static int Width => 1;

    public static float Load(float* source) => *source;

    public static void Store(float* destination, float value) => *destination = value;

    public static float Broadcast(float value) => value;

    public static float BroadcastBits(int value) => Float(value);

    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Add(float a, float b) => a + b;

    public static float Sub(float a, float b) => a - b;

    public static float Mul(float a, float b) => a * b;

    public static float Div(float a, float b) => a / b;

    public static float Sqrt(float a) => MathF.Sqrt(a);

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Floor(float a) => MathF.Floor(a);

    public static float Ceiling(float a) => MathF.Ceiling(a);

    public static float RoundEven(float a) => MathF.Round(a);

    public static float Truncate(float a) => MathF.Truncate(a);

    public static float Less(float a, float b) => Mask(a < b);

    public static float LessOrEqual(float a, float b) => Mask(a <= b);

    public static float Equal(float a, float b) => Mask(a == b);

    public static float Select(float mask, float yes, float no) => Float((Bits(mask) & Bits(yes)) | (~Bits(mask) & Bits(no)));

    public static float And(float a, float b) => Float(Bits(a) & Bits(b));

    public static float Or(float a, float b) => Float(Bits(a) | Bits(b));

    public static float Xor(float a, float b) => Float(Bits(a) ^ Bits(b));

    public static float AddBits(float a, float b) => Float(Bits(a) + Bits(b));

    public static float SubBits(float a, float b) => Float(Bits(a) - Bits(b));

    public static float ShiftLeft(float a, int count) => Float(Bits(a) << count);

    public static float ShiftRight(float a, int count) => Float(Bits(a) >> count);

    public static float IntToFloat(float a) => Bits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mask(bool condition) => Float(condition ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Float(int bits) => BitConverter.Int32BitsToSingle(bits);
}
