using System.Numerics;

namespace Mnn.Quantize.Training;

/// <summary>
/// Chance that is the same everywhere: xoshiro256** (Blackman and Vigna 2018, https://prng.di.unimi.it), seeded by
/// SplitMix64 from a few numbers. What is drawn for one example depends on seed, epoch and example alone, not on what was
/// drawn before; so neither threads nor a resumed run change it.
/// </summary>
internal struct RandomSource
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts from numbers; other numbers give another sequence.</summary>
    public RandomSource(params ReadOnlySpan<long> seeds)
    {
        ulong state = 0;
        foreach (long seed in seeds)
        {
            state = Mix(ref state) ^ (ulong)seed;
        }

        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A whole number from 0 to below <paramref name="end"/>, each equally likely.</summary>
    public int Below(int end)
    {
        // Lemire 2019, "Fast random integer generation in an interval", algorithm 5.
        uint range = (uint)end;
        ulong product = (Next() >> 32) * range;
        if ((uint)product < range)
        {
            uint threshold = (uint)-(int)range % range;
            while ((uint)product < threshold)
            {
                product = (Next() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts elements into a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
