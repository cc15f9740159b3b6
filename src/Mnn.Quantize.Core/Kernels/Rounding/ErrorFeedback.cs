using System.Runtime.CompilerServices;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Rounds the weights of a sum of products so that the error of the sum is small, not that of each weight: what rounding one
/// weight adds is made up for by how those after it are rounded. The error is e' H e, with H the second moments of the inputs and
/// e the change of each weight.
/// </summary>
/// <remarks>
/// Nearest plane (Babai, On Lovász' lattice reduction and the nearest lattice point problem, 1986), which is what GPTQ (Frantar et
/// al., arXiv:2210.17323) does as well: with H = R' R the error is the sum of r[i,i]^2 (e[i] + sum over j > i of u[i,j] e[j])^2,
/// u[i,j] = r[i,j] / r[i,i]. Weights are taken from the last to the first, inputs of the greatest power first; each one takes that
/// of its two levels that brings its term nearer to 0. Then weights change to their other level for as long as that lowers the error;
/// so do those of the nearest levels, and the better end counts.
/// </remarks>
internal sealed class ErrorFeedback
{
    private const int Sweeps = 8;

    private readonly int _count;
    private readonly int[] _order;
    private readonly float[] _moments;
    private readonly float[] _feedback;

    /// <summary>Prepares for weights that see the same inputs.</summary>
    /// <param name="moments">H: [k, k], symmetric, positive definite.</param>
    /// <param name="count">k.</param>
    public ErrorFeedback(ReadOnlySpan<double> moments, int count)
    {
        Check.That(moments.Length == (long)count * count, "The moments are not square.");
        _count = count;
        _order = new int[count];
        double[] powers = new double[count];
        for (int i = 0; i < count; i++)
        {
            (_order[i], powers[i]) = (i, moments[(i * count) + i]);
        }

        // Ties keep their order, so that it does not depend on the sort.
        Array.Sort(_order, (a, b) => powers[a] != powers[b] ? powers[a].CompareTo(powers[b]) : a.CompareTo(b));
        double[] sorted = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < count; k++)
            {
                sorted[(i * count) + k] = moments[(_order[i] * count) + _order[k]];
            }
        }

        _moments = Array.ConvertAll(sorted, m => (float)m);
        _feedback = Factor(sorted, count);
    }

    /// <summary>Chooses between two levels of each weight.</summary>
    /// <param name="near">[k]: the change that the nearer level makes to each weight.</param>
    /// <param name="far">[k]: the change that the other level makes; equal to the near one if there is no choice.</param>
    /// <param name="takesFar">[k]: receives what was chosen.</param>
    public void Choose(ReadOnlySpan<float> near, ReadOnlySpan<float> far, Span<bool> takesFar)
    {
        Check.That(near.Length == _count && far.Length == _count && takesFar.Length == _count, "The lengths differ.");
        Choice plane = Descend(near, far, NearestPlane(near, far)), plain = Descend(near, far, new bool[_count]);
        bool[] chosen = plane.Error < plain.Error ? plane.TakesFar : plain.TakesFar;
        for (int i = 0; i < _count; i++)
        {
            takesFar[_order[i]] = chosen[i];
        }
    }

    private bool[] NearestPlane(ReadOnlySpan<float> near, ReadOnlySpan<float> far)
    {
        float[] sums = new float[_count];
        bool[] chosen = new bool[_count];
        for (int i = _count - 1; i >= 0; i--)
        {
            float first = near[_order[i]], second = far[_order[i]];
            chosen[i] = MathF.Abs(second + sums[i]) < MathF.Abs(first + sums[i]);
            Add(chosen[i] ? second : first, _feedback.AsSpan(i * _count, i), sums.AsSpan(0, i));
        }

        return chosen;
    }

    // A change d of weight i moves the error by 2 d (H e)[i] + d^2 H[i,i].
    private Choice Descend(ReadOnlySpan<float> near, ReadOnlySpan<float> far, bool[] chosen)
    {
        float[] errors = new float[_count], slopes = new float[_count];
        for (int i = 0; i < _count; i++)
        {
            errors[i] = chosen[i] ? far[_order[i]] : near[_order[i]];
            Add(errors[i], _moments.AsSpan(i * _count, _count), slopes);
        }

        bool changed = true;
        for (int sweep = 0; sweep < Sweeps && changed; sweep++)
        {
            changed = false;
            for (int i = 0; i < _count; i++)
            {
                float other = chosen[i] ? near[_order[i]] : far[_order[i]];
                float change = other - errors[i];
                if (change != 0 && change * ((2 * slopes[i]) + (change * _moments[(i * _count) + i])) < 0)
                {
                    (chosen[i], errors[i], changed) = (!chosen[i], other, true);
                    Add(change, _moments.AsSpan(i * _count, _count), slopes);
                }
            }
        }

        double error = 0;
        for (int i = 0; i < _count; i++)
        {
            error += (double)errors[i] * slopes[i];
        }

        return new Choice(chosen, error);
    }

    // y += a * x
    private static void Add(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        if (a != 0 && !x.IsEmpty)
        {
            Elementwise.Binary(new AddMultiple(a), x, y, y);
        }
    }

    // The rows of the result are the columns of u: row i holds u[0, i] to u[i - 1, i].
    private static float[] Factor(double[] h, int count)
    {
        float[] result = new float[count * count];
        for (int i = 0; i < count; i++)
        {
            double pivot = Math.Max(h[(i * count) + i], double.Epsilon);
            Span<double> row = h.AsSpan((i * count) + i + 1, count - i - 1);
            for (int j = i + 1; j < count; j++)
            {
                double ratio = row[j - i - 1] / pivot;
                result[(j * count) + i] = (float)ratio;
                Span<double> below = h.AsSpan((j * count) + j, count - j);
                ReadOnlySpan<double> rest = row[(j - i - 1)..];
                for (int k = 0; k < below.Length; k++)
                {
                    below[k] -= ratio * rest[k];
                }
            }
        }

        return result;
    }

    private readonly record struct Choice(bool[] TakesFar, double Error);

    private readonly struct AddMultiple(float factor) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(V a, V b)
            where S : struct, ISimd<V>
            where V : struct => S.Fma(S.Broadcast(factor), a, b);
    }
}
