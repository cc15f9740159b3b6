using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// What follows a convolution, in one go: y = round(clamp(a z + b, lo, hi)) for rows z [rows, C] with a and b of each
/// channel, and its derivative.
/// </summary>
internal static unsafe class ChannelStage
{
    /// <summary>y = clamp(a z + b, lo, hi), rounded to the steps of an int8 tensor if a rounding is given.</summary>
    /// <param name="z">[rows, C].</param>
    /// <param name="a">[C].</param>
    /// <param name="b">[C].</param>
    /// <param name="lo">Lower bound.</param>
    /// <param name="hi">Upper bound.</param>
    /// <param name="rounding">Rounds; null leaves the values as they are.</param>
    /// <param name="y">[rows, C], other memory than z.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    public static void Forward(
        ReadOnlySpan<float> z, ReadOnlySpan<float> a, ReadOnlySpan<float> b, float lo, float hi, FakeQuantizer? rounding,
        Span<float> y, SimdLevel level = SimdLevel.Active)
    {
        int channels = a.Length;
        Check.That(channels > 0 && z.Length % channels == 0 && b.Length >= channels, "z is not rows of channels.");
        Check.That(y.Length >= z.Length, "y is too short.");
        fixed (float* pz = z, pa = a, pb = b, py = y)
        {
            var job = new ForwardJob(
                pz, pa, pb, py, z.Length / channels, channels, lo, hi, rounding is not null, rounding.GetValueOrDefault());
            SimdJobs.Run(job, channels, level);
        }
    }

    /// <summary>
    /// Adds, for each channel, the sums of g and of g (z - mean), where g is the gradient of y where the bounds let it
    /// through: lo &lt; a z + b &lt; hi.
    /// </summary>
    /// <param name="dy">[rows, C] gradient of y.</param>
    /// <param name="z">[rows, C].</param>
    /// <param name="a">[C].</param>
    /// <param name="b">[C].</param>
    /// <param name="lo">Lower bound.</param>
    /// <param name="hi">Upper bound.</param>
    /// <param name="mean">[C].</param>
    /// <param name="sums">[C], added to.</param>
    /// <param name="products">[C], added to.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    public static void AddSums(
        ReadOnlySpan<float> dy, ReadOnlySpan<float> z, ReadOnlySpan<float> a, ReadOnlySpan<float> b, float lo, float hi,
        ReadOnlySpan<float> mean, Span<double> sums, Span<double> products, SimdLevel level = SimdLevel.Active)
    {
        int channels = a.Length;
        Check.That(channels > 0 && z.Length % channels == 0 && dy.Length >= z.Length, "z is not rows of channels.");
        Check.That(
            b.Length >= channels && mean.Length >= channels && sums.Length >= channels && products.Length >= channels,
            "Something has too few channels.");
        fixed (float* pdy = dy, pz = z, pa = a, pb = b, pMean = mean)
        fixed (double* pSums = sums, pProducts = products)
        {
            var job = new SumJob(
                pdy, pz, pa, pb, pMean, pSums, pProducts, z.Length / channels, channels, lo, hi);
            SimdJobs.Run(job, channels, level);
        }
    }

    /// <summary>dz = p g + q z + t with constants of each channel, where g is the gradient that the bounds let through.</summary>
    /// <param name="dy">[rows, C] gradient of y.</param>
    /// <param name="z">[rows, C].</param>
    /// <param name="a">[C].</param>
    /// <param name="b">[C].</param>
    /// <param name="lo">Lower bound.</param>
    /// <param name="hi">Upper bound.</param>
    /// <param name="p">[C].</param>
    /// <param name="q">[C].</param>
    /// <param name="t">[C].</param>
    /// <param name="dz">[rows, C], other memory than dy and z.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A length doesn't fit.</exception>
    public static void Backward(
        ReadOnlySpan<float> dy, ReadOnlySpan<float> z, ReadOnlySpan<float> a, ReadOnlySpan<float> b, float lo, float hi,
        ReadOnlySpan<float> p, ReadOnlySpan<float> q, ReadOnlySpan<float> t, Span<float> dz,
        SimdLevel level = SimdLevel.Active)
    {
        int channels = a.Length;
        Check.That(
            channels > 0 && z.Length % channels == 0 && dy.Length >= z.Length && dz.Length >= z.Length,
            "z is not rows of channels.");
        Check.That(
            b.Length >= channels && p.Length >= channels && q.Length >= channels && t.Length >= channels,
            "Something has too few channels.");
        fixed (float* pdy = dy, pz = z, pa = a, pb = b, pp = p, pq = q, pt = t, pdz = dz)
        {
            var job = new BackwardJob(pdy, pz, pa, pb, pp, pq, pt, pdz, z.Length / channels, channels, lo, hi);
            SimdJobs.Run(job, channels, level);
        }
    }

    // g where lo < a z + b < hi, else 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Passed<S, V>(V g, V z, V a, V b, V lo, V hi)
        where S : struct, ISimd<V>
        where V : struct
    {
        V u = S.Fma(a, z, b);
        return S.And(g, S.And(S.Less(lo, u), S.Less(u, hi)));
    }

    private readonly struct ForwardJob(
        float* z, float* a, float* b, float* y, int rows, int channels, float lo, float hi, bool rounds,
        FakeQuantizer rounding) : ISimdJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            FakeQuantizer round = rounding;
            for (int r = 0; r < rows; r++)
            {
                float* from = z + ((nint)r * channels), to = y + ((nint)r * channels);
                for (int c = 0; c < channels; c += S.Width)
                {
                    int at = Math.Min(c, channels - S.Width);
                    V u = S.Fma(S.Load(a + at), S.Load(from + at), S.Load(b + at));
                    u = S.Min(high, S.Max(low, u));
                    S.Store(to + at, rounds ? round.Apply<S, V>(u) : u);
                }
            }
        }
    }

    private readonly struct SumJob(
        float* dy, float* z, float* a, float* b, float* mean, double* sums, double* products, int rows, int channels,
        float lo, float hi) : ISimdJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            float* sum = stackalloc float[S.Width], product = stackalloc float[S.Width];
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            int block = ChannelStatistics.BlockRows(channels);
            for (int first = 0; first < rows; first += block)
            {
                int count = Math.Min(block, rows - first);
                for (int c = 0; c < channels;)
                {
                    int at = Math.Min(c, channels - S.Width);
                    nint start = ((nint)first * channels) + at;
                    float* pg = dy + start, pz = z + start;
                    V s = default, d = default, va = S.Load(a + at), vb = S.Load(b + at), middle = S.Load(mean + at);
                    for (int r = 0; r < count; r++, pg += channels, pz += channels)
                    {
                        V value = S.Load(pz), g = Passed<S, V>(S.Load(pg), value, va, vb, low, high);
                        s = S.Add(s, g);
                        d = S.Fma(g, S.Sub(value, middle), d);
                    }

                    S.Store(sum, s);
                    S.Store(product, d);
                    for (int i = c - at; i < S.Width; i++)
                    {
                        sums[at + i] += sum[i];
                        products[at + i] += product[i];
                    }

                    c = at + S.Width;
                }
            }
        }
    }

    private readonly struct BackwardJob(
        float* dy, float* z, float* a, float* b, float* p, float* q, float* t, float* dz, int rows, int channels,
        float lo, float hi) : ISimdJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            V low = S.Broadcast(lo), high = S.Broadcast(hi);
            for (int r = 0; r < rows; r++)
            {
                nint start = (nint)r * channels;
                for (int c = 0; c < channels; c += S.Width)
                {
                    int at = Math.Min(c, channels - S.Width);
                    V value = S.Load(z + start + at);
                    V g = Passed<S, V>(S.Load(dy + start + at), value, S.Load(a + at), S.Load(b + at), low, high);
                    S.Store(dz + start + at, S.Fma(S.Load(p + at), g, S.Fma(S.Load(q + at), value, S.Load(t + at))));
                }
            }
        }
    }
}
