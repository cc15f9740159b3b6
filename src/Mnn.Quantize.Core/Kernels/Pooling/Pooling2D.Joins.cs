using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

internal static partial class Pooling2D
{
    /// <summary>How the values of a window become one.</summary>
    private interface IJoin
    {
        /// <summary>What a window starts with.</summary>
        static abstract float Start(bool isEmpty);

        /// <summary>The value so far joined with the next one.</summary>
        static abstract V Next<S, V>(V value, V next)
            where S : struct, ISimd<V>
            where V : struct;

        /// <summary>The result of a window.</summary>
        static abstract V End<S, V>(V value, in Division<V> division)
            where S : struct, ISimd<V>
            where V : struct;
    }

    /// <summary>The largest value.</summary>
    private readonly struct Largest : IJoin
    {
        public static float Start(bool isEmpty) => isEmpty ? float.MinValue : float.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Next<S, V>(V value, V next)
            where S : struct, ISimd<V>
            where V : struct => S.Max(next, value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V End<S, V>(V value, in Division<V> division)
            where S : struct, ISimd<V>
            where V : struct => value;
    }

    /// <summary>The sum, divided.</summary>
    private readonly struct Mean : IJoin
    {
        public static float Start(bool isEmpty) => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Next<S, V>(V value, V next)
            where S : struct, ISimd<V>
            where V : struct => S.Add(value, next);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V End<S, V>(V value, in Division<V> division)
            where S : struct, ISimd<V>
            where V : struct => division.Multiplies ? S.Mul(value, division.By) : S.Div(value, division.By);
    }

    /// <summary>A division; by a power of two it is the multiplication by its inverse, which gives the same bits sooner.</summary>
    private readonly struct Division<V>(V by, bool multiplies)
        where V : struct
    {
        public V By { get; } = by;

        public bool Multiplies { get; } = multiplies;

        public static Division<V> Of<S>(float divisor)
            where S : struct, ISimd<V>
        {
            bool isPower = float.IsPow2(divisor);
            return new(S.Broadcast(isPower ? 1 / divisor : divisor), isPower);
        }
    }
}
