using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// Dropout (Srivastava et al. 2014) in training: an element is dropped with a probability, the others are scaled up so
/// that their mean stays. What is dropped follows from seed, step, sample and element alone. Outside training it does
/// nothing.
/// </summary>
/// <param name="input">Tensor that it reads.</param>
/// <param name="output">Tensor that it makes.</param>
/// <param name="seed">Decides what is dropped.</param>
internal sealed class DropoutLayer(int input, int output, uint seed) : Layer
{
    // The format keeps no probability; the reference takes this for all (tools/train/source/nn/NN.cpp).
    private const float Ratio = 0.3f;

    private readonly float[] _steps = new float[1];

    /// <inheritdoc/>
    public override IEnumerable<float[]> State => [_steps];

    /// <inheritdoc/>
    public override void Begin(int lanes) => _steps[0]++;

    /// <inheritdoc/>
    public override void Forward(TrainingRun run)
    {
        Tensor x = run.Tensor(input);
        Tensor y = run.Make(output, x.Shape, x.Format);
        Apply(run, x.Shape[0], x.Floats, y.Floats);
    }

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        if (run.Gradient(output) is not { } gradient)
        {
            return;
        }

        Tensor dx = run.MakeLike(run.Tensor(input));
        Apply(run, dx.Shape[0], gradient.Floats, dx.Floats);
        run.DropGradient(output);
        run.AddGradient(input, dx);
    }

    private void Apply(TrainingRun run, int samples, ReadOnlySpan<float> x, Span<float> y)
    {
        int size = samples == 0 ? 0 : x.Length / samples;
        uint limit = (uint)(Ratio * uint.MaxValue);
        float scale = 1 / (1 - Ratio);
        for (int i = 0; i < x.Length; i++)
        {
            uint sample = (uint)(run.FirstSample + (i / size));
            uint number = Mix(Mix(Mix(seed ^ (uint)_steps[0]) ^ sample) ^ (uint)(i % size));
            y[i] = number < limit ? 0 : x[i] * scale;
        }
    }

    // The finalizer of MurmurHash3, which spreads every bit over all others.
    private static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        return h ^ (h >> 16);
    }
}
