namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// The random numbers of the runtime, from 0 up to 1: those of a fresh C++ generator each time, a Mersenne twister with seed
/// 1 if the model names any seed, else Park and Miller's.
/// </summary>
internal static class RandomDraws
{
    /// <summary>The endless sequence that an operator draws from.</summary>
    public static IEnumerable<float> Of(Model.Schema.RandomUniform param) =>
        param.Seed != 0 || param.Seed2 != 0 ? MersenneTwister() : ParkMiller();

    // MT19937 (Matsumoto and Nishimura, 1998), seeded with 1; 32 bits to [0, 1).
    private static IEnumerable<float> MersenneTwister()
    {
        const int Length = 624;
        const int Middle = 397;
        uint[] state = new uint[Length];
        state[0] = 1;
        for (int i = 1; i < Length; i++)
        {
            state[i] = (1812433253u * (state[i - 1] ^ (state[i - 1] >> 30))) + (uint)i;
        }

        while (true)
        {
            for (int i = 0; i < Length; i++)
            {
                uint y = (state[i] & 0x80000000u) | (state[(i + 1) % Length] & 0x7fffffffu);
                state[i] = state[(i + Middle) % Length] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908b0dfu : 0);
            }

            foreach (uint word in state)
            {
                uint y = word ^ (word >> 11);
                y ^= (y << 7) & 0x9d2c5680u;
                y ^= (y << 15) & 0xefc60000u;
                y ^= y >> 18;
                yield return BelowOne(y / 4294967296f);
            }
        }
    }

    // x = 16807 x mod (2^31 - 1) from 1 on (Park and Miller, 1988).
    private static IEnumerable<float> ParkMiller()
    {
        ulong x = 1;
        while (true)
        {
            x = x * 16807 % 2147483647;
            yield return BelowOne((float)(x - 1) / 2147483646f);
        }
    }

    private static float BelowOne(float value) => value < 1 ? value : MathF.BitDecrement(1);
}
