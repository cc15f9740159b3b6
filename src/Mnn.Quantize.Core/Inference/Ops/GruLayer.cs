using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>One direction of a layer of gated recurrent units over a sequence.</summary>
/// <param name="steps">T, the length of the sequence.</param>
/// <param name="batch">N</param>
/// <param name="inputs">I</param>
/// <param name="hidden">H</param>
/// <param name="linearBeforeReset">Whether the reset gate comes behind the matrix product, not before it.</param>
internal readonly struct GruLayer(int steps, int batch, int inputs, int hidden, bool linearBeforeReset)
{
    /// <summary>Floats of scratch that <see cref="Run"/> needs.</summary>
    public int ScratchSize => checked(
        PackedGates + PackedCandidate + (3 * hidden) + (((steps + 1) * batch) * 3 * hidden) + (batch * hidden)
        + Math.Max(Gemm.PackedSize(inputs, 2 * hidden), Gemm.PackedSize(inputs, hidden)));

    private int PackedGates => Gemm.PackedSize(hidden, 2 * hidden);

    private int PackedCandidate => Gemm.PackedSize(hidden, hidden);

    /// <summary>Runs the layer: h = t + z (h - t) with t = tanh(x Wc + (r h) Rc + b), z and r = sigmoid(x W + h R + b).</summary>
    /// <param name="x">[T, N, I]</param>
    /// <param name="gateWeights">[I + H, 2H], update gates z before reset gates r.</param>
    /// <param name="gateBias">[2H]</param>
    /// <param name="candidateWeights">[I + H, H]</param>
    /// <param name="candidateBias">[H]</param>
    /// <param name="recurrentBias">[3H], for z, r and t.</param>
    /// <param name="y">Every h: [N, H] at each multiple of <paramref name="yStep"/>.</param>
    /// <param name="yStep">Floats between two steps in <paramref name="y"/>.</param>
    /// <param name="h">[N, H], the first state, overwritten by the last.</param>
    /// <param name="backwards">Whether the sequence runs from its end.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    public void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gateWeights, ReadOnlySpan<float> gateBias,
        ReadOnlySpan<float> candidateWeights, ReadOnlySpan<float> candidateBias, ReadOnlySpan<float> recurrentBias,
        Span<float> y, int yStep, Span<float> h, bool backwards, Span<float> scratch)
    {
        int rows = steps * batch;
        Span<float> gateR = Take(ref scratch, PackedGates);
        Span<float> candidateR = Take(ref scratch, PackedCandidate);
        Span<float> bias = Take(ref scratch, 3 * hidden);
        Span<float> gatesX = Take(ref scratch, rows * 2 * hidden);
        Span<float> candidateX = Take(ref scratch, rows * hidden);
        Span<float> gates = Take(ref scratch, batch * 2 * hidden);
        Span<float> candidate = Take(ref scratch, batch * hidden);
        Span<float> reset = Take(ref scratch, batch * hidden);
        AddBiases(gateBias, candidateBias, recurrentBias, bias);
        Gemm.PackB(gateWeights[(inputs * 2 * hidden)..], false, hidden, 2 * hidden, gateR);
        Gemm.PackB(candidateWeights[(inputs * hidden)..], false, hidden, hidden, candidateR);
        Gemm.MultiplyUnpacked(
            x, inputs, gateWeights, 2 * hidden, false, bias[..(2 * hidden)], gatesX, 2 * hidden, rows, inputs, 2 * hidden,
            scratch);
        Gemm.MultiplyUnpacked(
            x, inputs, candidateWeights, hidden, false, bias[(2 * hidden)..], candidateX, hidden, rows, inputs, hidden,
            scratch);
        for (int i = 0; i < steps; i++)
        {
            int t = backwards ? steps - 1 - i : i;
            Gemm.Multiply(h, hidden, gateR, default, gates, 2 * hidden, batch, hidden, 2 * hidden);
            Open(gates, gatesX.Slice(t * gates.Length, gates.Length));
            if (linearBeforeReset)
            {
                Gemm.Multiply(
                    h, hidden, candidateR, recurrentBias[(2 * hidden)..], candidate, hidden, batch, hidden, hidden);
                Reset(candidate, gates, candidate);
            }
            else
            {
                Reset(h, gates, reset);
                Gemm.Multiply(reset, hidden, candidateR, default, candidate, hidden, batch, hidden, hidden);
            }

            Update(h, gates, candidate, candidateX.Slice(t * candidate.Length, candidate.Length));
            h.CopyTo(y[(t * yStep)..]);
        }
    }

    private static Span<float> Take(ref Span<float> scratch, int count)
    {
        Span<float> part = scratch[..count];
        scratch = scratch[count..];
        return part;
    }

    // With the reset behind the product, the candidate's recurrent bias is reset too, so it stays apart.
    private void AddBiases(
        ReadOnlySpan<float> gate, ReadOnlySpan<float> candidate, ReadOnlySpan<float> recurrent, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = i < 2 * hidden ? gate[i] + recurrent[i]
                : candidate[i - (2 * hidden)] + (linearBeforeReset ? 0 : recurrent[i]);
        }
    }

    private static void Open(Span<float> gates, ReadOnlySpan<float> fromX)
    {
        for (int i = 0; i < gates.Length; i++)
        {
            gates[i] = Gates.Sigmoid(gates[i] + fromX[i]);
        }
    }

    private void Reset(ReadOnlySpan<float> values, ReadOnlySpan<float> gates, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = values[i] * gates[(i / hidden * 2 * hidden) + hidden + (i % hidden)];
        }
    }

    private void Update(
        Span<float> h, ReadOnlySpan<float> gates, ReadOnlySpan<float> candidate, ReadOnlySpan<float> fromX)
    {
        for (int i = 0; i < h.Length; i++)
        {
            float t = Gates.Tanh(candidate[i] + fromX[i]);
            h[i] = MathF.FusedMultiplyAdd(h[i] - t, gates[(i / hidden * 2 * hidden) + (i % hidden)], t);
        }
    }
}
