using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>One direction of an LSTM or plain recurrent layer over a sequence.</summary>
/// <param name="steps">T, the length of the sequence.</param>
/// <param name="batch">N</param>
/// <param name="inputs">I</param>
/// <param name="hidden">H</param>
/// <param name="hasCell">LSTM; else h = tanh(x W + h R + b).</param>
internal readonly struct LstmLayer(int steps, int batch, int inputs, int hidden, bool hasCell)
{
    private readonly int _gates = (hasCell ? 4 : 1) * hidden;

    /// <summary>Floats of scratch that <see cref="Run"/> needs.</summary>
    public int ScratchSize => checked(
        Gemm.PackedSize(inputs, _gates) + Gemm.PackedSize(hidden, _gates) + ((steps + 1) * batch * _gates));

    /// <summary>Runs the layer.</summary>
    /// <param name="x">[T, N, I]</param>
    /// <param name="w">[G*H, I], gates in the order input, output, forget, cell.</param>
    /// <param name="r">[G*H, H]</param>
    /// <param name="bias">[G*H]</param>
    /// <param name="y">Every h: [N, H] at each multiple of <paramref name="yStep"/>.</param>
    /// <param name="yStep">Floats between two steps in <paramref name="y"/>.</param>
    /// <param name="h">[N, H], the first state, overwritten by the last.</param>
    /// <param name="c">[N, H], the cell, likewise; unused without one.</param>
    /// <param name="backwards">Whether the sequence runs from its end.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    public void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> r, ReadOnlySpan<float> bias, Span<float> y,
        int yStep, Span<float> h, Span<float> c, bool backwards, Span<float> scratch)
    {
        int packedSize = Gemm.PackedSize(hidden, _gates);
        Span<float> packedR = scratch[..packedSize];
        Span<float> fromH = scratch.Slice(packedSize, batch * _gates);
        Span<float> fromX = scratch.Slice(packedSize + fromH.Length, steps * batch * _gates);
        Gemm.PackB(r, transposed: true, hidden, _gates, packedR);
        Gemm.MultiplyUnpacked(
            x, inputs, w, inputs, transposed: true, bias, fromX, _gates, steps * batch, inputs, _gates,
            scratch[(packedSize + fromH.Length + fromX.Length)..]);
        for (int i = 0; i < steps; i++)
        {
            int t = backwards ? steps - 1 - i : i;
            Gemm.Multiply(h, hidden, packedR, default, fromH, _gates, batch, hidden, _gates);
            Add(fromH, fromX.Slice(t * batch * _gates, batch * _gates));
            for (int n = 0; n < batch; n++)
            {
                Step(fromH.Slice(n * _gates, _gates), h.Slice(n * hidden, hidden), c.Slice(n * hidden, hidden));
            }

            h.CopyTo(y[(t * yStep)..]);
        }
    }

    private static void Add(Span<float> target, ReadOnlySpan<float> addends)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += addends[i];
        }
    }

    private void Step(ReadOnlySpan<float> gates, Span<float> h, Span<float> c)
    {
        for (int j = 0; j < hidden; j++)
        {
            if (!hasCell)
            {
                h[j] = Gates.Tanh(gates[j]);
                continue;
            }

            float input = Gates.Sigmoid(gates[j]);
            float output = Gates.Sigmoid(gates[hidden + j]);
            float forget = Gates.Sigmoid(gates[(2 * hidden) + j]);
            float cell = Gates.Tanh(gates[(3 * hidden) + j]);
            c[j] = MathF.FusedMultiplyAdd(forget, c[j], input * cell);
            h[j] = output * Gates.Tanh(c[j]);
        }
    }
}
