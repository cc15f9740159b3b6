using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Fills a model's inputs with noise where there are no data: the same on every machine, coarse and fine as pictures are, in the
/// range that the config's preprocessing gives. What a model answers tells how near another is, not how right.
/// </summary>
internal sealed class SynthesizedFeeder : ISampleFeeder
{
    // Sides of the squares that have one value, in pixels; their mean is taken.
    private static readonly int[] s_sides = [1, 4, 16];

    private const float GreatestGrey = 255;

    private readonly QuantConfig _config;
    private readonly (GraphInput Input, int[] Shape)[] _inputs;

    /// <summary>Works out shapes.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="config">Shapes and values of inputs, and preprocessing.</param>
    /// <exception cref="QuantizeException">A size is left open.</exception>
    public SynthesizedFeeder(Graph graph, QuantConfig config)
    {
        _config = config;
        _inputs = [.. graph.Inputs.Select(input => (input, ShapeOf(input)))];
    }

    /// <summary>Names of samples.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> Names(int count) => [.. Enumerable.Range(1, count).Select(i => $"synthesized {i}")];

    /// <inheritdoc/>
    public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
    {
        foreach ((GraphInput input, int[] shape) in _inputs)
        {
            Tensor tensor = session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format);
            float? given = SettingsOf(input)?.Value;
            if (input.Type == ElementType.Float32)
            {
                Fill(tensor.Floats, input, shape, samples[0], given);
            }
            else if (input.Type == ElementType.Int32)
            {
                tensor.Ints.Fill((int)(given ?? 0));
            }
            else
            {
                tensor.Bytes.Fill((byte)(int)(given ?? 0));
            }
        }
    }

    /// <inheritdoc/>
    public void Check(string sample)
    {
    }

    private void Fill(Span<float> values, GraphInput input, int[] shape, string sample, float? given)
    {
        bool isPicture = shape.Length == 4;
        bool channelsLast = input.Format == Model.Schema.MNN_DATA_FORMAT.NHWC;
        (int channels, int width) = isPicture ? (channelsLast ? shape[3] : shape[1], channelsLast ? shape[2] : shape[3]) : (1, 1);
        int plane = isPicture ? shape[1] * shape[2] * shape[3] / Math.Max(1, channels) : 1;
        ulong seed = sample.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL);
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int pixel) = !isPicture ? (0, i) : channelsLast ? (i % channels, i / channels) : (i / plane % channels, i % plane);
            float unit = isPicture ? Texture(seed, channel, pixel % width, pixel / width) : Unit(seed, 0, i, 0);
            values[i] = given ?? Scaled(unit, channel, channels);
        }
    }

    private static float Texture(ulong seed, int channel, int x, int y)
    {
        float sum = 0;
        foreach (int side in s_sides)
        {
            sum += Unit(seed + (ulong)side, channel, x / side, y / side);
        }

        return sum / s_sides.Length;
    }

    // From 0 to 1, of SplitMix64's mixing function (Steele, Lea and Flood 2014).
    private static float Unit(ulong seed, int a, int b, int c)
    {
        ulong z = seed;
        foreach (int part in (ReadOnlySpan<int>)[a, b, c])
        {
            z += 0x9E3779B97F4A7C15UL + (ulong)(uint)part;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
        }

        return (z >> 40) / (float)(1 << 24);
    }

    // As preprocessing would make it of a grey level; without any, from -1 to 1.
    private float Scaled(float unit, int channel, int channels)
    {
        if (_config.Mean.Count == 0 && _config.Normal.Count == 0)
        {
            return (2 * unit) - 1;
        }

        float mean = channel < _config.Mean.Count && channels == _config.Channels ? _config.Mean[channel] : 0;
        float normal = channel < _config.Normal.Count && channels == _config.Channels ? _config.Normal[channel] : 1;
        return ((GreatestGrey * unit) - mean) * normal;
    }

    private InputConfig? SettingsOf(GraphInput input) => _config.Inputs.FirstOrDefault(i => i.Name == input.Name);

    // A batch that is left open is 1; width and height are the config's.
    private int[] ShapeOf(GraphInput input)
    {
        int[] shape = SettingsOf(input)?.Shape is { } given ? [.. given] : [.. input.Shape];
        if (shape.Length > 1 && shape[0] < 0)
        {
            shape[0] = 1;
        }

        if (shape.Length == 4 && input.Type == ElementType.Float32)
        {
            int row = input.Format == Model.Schema.MNN_DATA_FORMAT.NHWC ? 1 : 2;
            shape[row] = _config.Height > 0 ? _config.Height : shape[row];
            shape[row + 1] = _config.Width > 0 ? _config.Width : shape[row + 1];
        }

        return Array.TrueForAll(shape, d => d > 0)
            ? shape
            : throw Errors.InputShapeUnknown(_config.File, input.Name, $"[{string.Join(", ", input.Shape)}]");
    }
}
