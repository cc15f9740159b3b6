using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of C = A B + bias for matrices in the last two dimensions: dA = dC B^T, dB = A^T dC, and the sum of dC's
/// rows; matrices that leading dimensions repeat get the sum. A vector is a row on the left, a column on the right.
/// </summary>
/// <param name="transposeA">Whether A comes transposed.</param>
/// <param name="transposeB">Whether B comes transposed.</param>
internal sealed class MatMulGradient(bool transposeA, bool transposeB) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor a = context.Input(0), b = context.Input(1), g = context.OutputGradient();
        int[] aShape = a.Rank > 1 ? a.Shape : transposeA ? [a.Count, 1] : [1, a.Count];
        int[] bShape = b.Rank > 1 ? b.Shape : transposeB ? [1, b.Count] : [b.Count, 1];
        (int m, int k) = transposeA ? (aShape[^1], aShape[^2]) : (aShape[^2], aShape[^1]);
        int n = transposeB ? bShape[^2] : bShape[^1];
        int[] batch = Shapes.Broadcast(aShape.AsSpan(..^2), bShape.AsSpan(..^2));
        if (context.Wants(2))
        {
            SumRows(g.Floats, context.InputGradient(2).Floats);
        }

        float[] left = new float[m * k], right = new float[k * n], turned = new float[Math.Max(m * k, k * n)];
        float[] packed = new float[Math.Max(Gemm.PackedSize(n, k), Gemm.PackedSize(m, n))], sums = new float[turned.Length];
        Span<float> da = context.Wants(0) ? context.InputGradient(0).Floats : default;
        Span<float> db = context.Wants(1) ? context.InputGradient(1).Floats : default;
        da.Clear();
        db.Clear();
        for (int i = 0; i < Shapes.Product(batch); i++)
        {
            int atA = Matrix(i, batch, aShape.AsSpan(..^2)) * m * k, atB = Matrix(i, batch, bShape.AsSpan(..^2)) * k * n;
            ReadOnlySpan<float> gradient = g.Floats.Slice(i * m * n, m * n);
            if (!da.IsEmpty)
            {
                Turn(b.Floats.Slice(atB, k * n), !transposeB ? k : n, !transposeB ? n : k, !transposeB, right);
                Gemm.MultiplyUnpacked(gradient, n, right, k, false, [], sums, k, m, n, k, packed);
                Turn(sums, m, k, transposeA, turned);
                Add(turned, da.Slice(atA, m * k));
            }

            if (!db.IsEmpty)
            {
                Turn(a.Floats.Slice(atA, m * k), transposeA ? k : m, transposeA ? m : k, !transposeA, left);
                Gemm.MultiplyUnpacked(left, m, gradient, n, false, [], sums, n, k, m, n, packed);
                Turn(sums, k, n, transposeB, turned);
                Add(turned, db.Slice(atB, k * n));
            }
        }
    }

    private static void SumRows(ReadOnlySpan<float> rows, Span<float> sums)
    {
        double[] totals = new double[sums.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            totals[i % totals.Length] += rows[i];
        }

        for (int i = 0; i < totals.Length; i++)
        {
            sums[i] = (float)totals[i];
        }
    }

    private static void Turn(ReadOnlySpan<float> x, int rows, int columns, bool turns, Span<float> y)
    {
        if (!turns)
        {
            x[..(rows * columns)].CopyTo(y);
            return;
        }

        for (int i = 0; i < rows * columns; i++)
        {
            y[(i % columns * rows) + (i / columns)] = x[i];
        }
    }

    private static void Add(ReadOnlySpan<float> x, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += x[i];
        }
    }

    // Which matrix of an operand belongs to matrix i of the product.
    private static int Matrix(int i, ReadOnlySpan<int> batch, ReadOnlySpan<int> own)
    {
        (int index, int step) = (0, 1);
        for (int d = 1; d <= batch.Length; d++)
        {
            int coordinate = i % batch[^d];
            i /= batch[^d];
            if (d <= own.Length)
            {
                index += own[^d] == 1 ? 0 : coordinate * step;
                step *= own[^d];
            }
        }

        return index;
    }
}
