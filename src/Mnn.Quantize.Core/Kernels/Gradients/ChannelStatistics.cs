using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>Sums and extremes of each channel of rows x [rows, C].</summary>
internal static unsafe class ChannelStatistics
{
    /// <summary>Floats of rows that are worked through channel by channel: they stay in the first-level cache.</summary>
    private const int BlockFloats = 6 * 1024;

    /// <summary>
    /// Adds the sums of x - shift and of its square, and widens the extremes. Sums of a block of rows are floats, from
    /// first to last; blocks are added up in double. A shift near the mean keeps the squares from cancelling.
    /// </summary>
    /// <param name="x">[rows, C].</param>
    /// <param name="shift">[C].</param>
    /// <param name="sums">[C], added to.</param>
    /// <param name="squares">[C], added to.</param>
    /// <param name="low">[C], smallest x so far.</param>
    /// <param name="high">[C], greatest x so far.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    public static void Add(
        ReadOnlySpan<float> x, ReadOnlySpan<float> shift, Span<double> sums, Span<double> squares, Span<float> low,
        Span<float> high, SimdLevel level = SimdLevel.Active)
    {
        int channels = shift.Length;
        Check.That(channels > 0 && x.Length % channels == 0, "x is not rows of channels.");
        Check.That(
            sums.Length >= channels && squares.Length >= channels && low.Length >= channels && high.Length >= channels,
            "A result is too short.");
        fixed (float* px = x, pShift = shift, pLow = low, pHigh = high)
        fixed (double* pSums = sums, pSquares = squares)
        {
            SimdJobs.Run(
                new Job(px, pShift, pSums, pSquares, pLow, pHigh, x.Length / channels, channels), channels, level);
        }
    }

    /// <summary>Adds the sum of each channel of x.</summary>
    /// <param name="x">[rows, C].</param>
    /// <param name="sums">[C], added to; tells C.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    public static void AddSums(ReadOnlySpan<float> x, Span<double> sums, SimdLevel level = SimdLevel.Active)
    {
        Check.That(sums.Length > 0 && x.Length % sums.Length == 0, "x is not rows of channels.");
        fixed (float* px = x)
        fixed (double* pSums = sums)
        {
            SimdJobs.Run(new SumJob(px, pSums, x.Length / sums.Length, sums.Length), sums.Length, level);
        }
    }

    /// <summary>Rows of a block.</summary>
    public static int BlockRows(int channels) => Math.Clamp(BlockFloats / channels, 4, 512);

    private readonly struct Job(
        float* x, float* shift, double* sums, double* squares, float* low, float* high, int rows, int channels) : ISimdJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            float* sum = stackalloc float[S.Width], square = stackalloc float[S.Width];
            int block = BlockRows(channels);
            for (int first = 0; first < rows; first += block)
            {
                int count = Math.Min(block, rows - first);
                for (int c = 0; c < channels;)
                {
                    // The last vector of a row overlaps the one before; its first lanes were counted there.
                    int at = Math.Min(c, channels - S.Width);
                    float* p = x + ((nint)first * channels) + at;
                    V s = default, q = default, min = S.Load(low + at), max = S.Load(high + at);
                    V origin = S.Load(shift + at);
                    for (int r = 0; r < count; r++, p += channels)
                    {
                        V value = S.Load(p), d = S.Sub(value, origin);
                        s = S.Add(s, d);
                        q = S.Fma(d, d, q);
                        min = S.Min(min, value);
                        max = S.Max(max, value);
                    }

                    S.Store(low + at, min);
                    S.Store(high + at, max);
                    S.Store(sum, s);
                    S.Store(square, q);
                    for (int i = c - at; i < S.Width; i++)
                    {
                        sums[at + i] += sum[i];
                        squares[at + i] += square[i];
                    }

                    c = at + S.Width;
                }
            }
        }
    }

    private readonly struct SumJob(float* x, double* sums, int rows, int channels) : ISimdJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            float* sum = stackalloc float[S.Width];
            int block = BlockRows(channels);
            for (int first = 0; first < rows; first += block)
            {
                int count = Math.Min(block, rows - first);
                for (int c = 0; c < channels;)
                {
                    int at = Math.Min(c, channels - S.Width);
                    float* p = x + ((nint)first * channels) + at;
                    V s = default;
                    for (int r = 0; r < count; r++, p += channels)
                    {
                        s = S.Add(s, S.Load(p));
                    }

                    S.Store(sum, s);
                    for (int i = c - at; i < S.Width; i++)
                    {
                        sums[at + i] += sum[i];
                    }

                    c = at + S.Width;
                }
            }
        }
    }
}
