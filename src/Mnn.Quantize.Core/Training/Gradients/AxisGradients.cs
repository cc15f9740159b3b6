using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>The derivative of softmax: dx = y (g - sum of g y).</summary>
/// <param name="axis">Along which it was normalised.</param>
internal sealed class SoftmaxGradient(int axis) : Gradient
{
    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        (int outer, int length, int inner) = Shapes.Around(input.Shape, Shapes.Axis(axis, input.Rank));
        Span<float> dx = context.InputGradient(0).Floats;
        ReadOnlySpan<float> g = context.OutputGradient().Floats;
        Kernels.Softmax.Run(input.Floats, dx, outer, length, inner);
        for (int line = 0; line < outer * inner; line++)
        {
            int start = (line / inner * length * inner) + (line % inner);
            double sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += (double)g[start + (i * inner)] * dx[start + (i * inner)];
            }

            for (int i = 0; i < length; i++)
            {
                int at = start + (i * inner);
                dx[at] = (float)(dx[at] * (g[at] - sum));
            }
        }
    }
}

/// <summary>The derivative of a pooling of tensors of any number of dimensions.</summary>
/// <param name="parameters">The operator's parameters.</param>
internal sealed class VolumePoolingGradient(Pool3D parameters) : Gradient
{
    private readonly Inference.Ops.Pooling3D _pooling = new(parameters);

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Floats, g = context.OutputGradient().Floats;
        Span<float> dx = context.InputGradient(0).Floats;
        dx.Clear();
        Inference.Ops.PoolingWindow[] windows = _pooling.Windows(input.Shape);
        int outputs = windows.Aggregate(1, (n, w) => n * w.Output), inputs = Shapes.Product(input.Shape.AsSpan(2));
        int channels = input.IsChannelsLast ? input.Shape[1] : 1;
        var seen = new List<int>();
        for (int o = 0; o < outputs; o++)
        {
            seen.Clear();
            Collect(windows, o, seen);
            for (int plane = 0; plane < x.Length / inputs && seen.Count > 0; plane++)
            {
                (int n, int c) = Math.DivRem(plane, channels);
                int first = (n * inputs * channels) + c;
                Add(x[first..], g[(((n * outputs) + o) * channels) + c], seen, channels, dx[first..]);
            }
        }
    }

    // Neighbours of a plane lie step elements apart.
    private void Add(ReadOnlySpan<float> x, float gradient, List<int> seen, int step, Span<float> dx)
    {
        if (parameters.Type == PoolType.AVEPOOL)
        {
            foreach (int at in seen)
            {
                dx[at * step] += gradient / seen.Count;
            }

            return;
        }

        int best = seen[0];
        foreach (int at in seen)
        {
            best = x[at * step] > x[best * step] ? at : best;
        }

        dx[best * step] += gradient;
    }

    // The places within a plane that output position o sees.
    private static void Collect(Inference.Ops.PoolingWindow[] windows, int o, List<int> seen)
    {
        seen.Add(0);
        int step = windows.Aggregate(1, (n, w) => n * w.Output);
        foreach (Inference.Ops.PoolingWindow window in windows)
        {
            step /= window.Output;
            (int first, int end) = window.Seen(o / step % window.Output);
            int[] before = [.. seen];
            seen.Clear();
            foreach (int at in before)
            {
                for (int i = first; i < end; i++)
                {
                    seen.Add((at * window.Input) + i);
                }
            }
        }
    }
}
