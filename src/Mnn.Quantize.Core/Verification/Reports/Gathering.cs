using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Verification.Reports;

/// <summary>What one worker of a comparison gathers for a report.</summary>
/// <param name="expected">The float model.</param>
/// <param name="tensors">Number of compared tensors.</param>
/// <param name="samples">Number of samples of the whole comparison.</param>
internal sealed class Gathering(Graph expected, int tensors, int samples)
{
    // Points of a scatter plot, over all samples.
    private const int MostPoints = 1500;

    private readonly ValueHistogram?[] _float = new ValueHistogram?[tensors];
    private readonly ValueHistogram?[] _int8 = new ValueHistogram?[tensors];
    private readonly int[]?[] _shapes = new int[expected.TensorCount][];
    private int _number;

    /// <summary>By tensor id of the float model: its dimensions for the first sample; null where there are none.</summary>
    public IReadOnlyList<int[]?> Shapes => _shapes;

    /// <summary>Must be called before each sample.</summary>
    public void Begin(int number) => _number = number;

    /// <summary>Sees a tensor of the float model.</summary>
    public void See(int id, Tensor tensor)
    {
        if (_number == 0)
        {
            _shapes[id] = [.. tensor.Shape];
        }
    }

    /// <summary>Adds the values of one compared tensor.</summary>
    public void Add(int place, ReadOnlySpan<float> expectedValues, ReadOnlySpan<float> actualValues)
    {
        (_float[place] ??= new ValueHistogram()).Add(expectedValues);
        (_int8[place] ??= new ValueHistogram()).Add(actualValues);
    }

    /// <summary>
    /// Some elements of an output: the float model's greatest, and others that are spread evenly and lie elsewhere for each sample.
    /// </summary>
    public OutputSample Sample(TensorValue floats, TensorValue int8s)
    {
        if (floats.Type != ElementType.Float32 || int8s.Type != ElementType.Float32
            || floats.Floats.Length != int8s.Floats.Length || floats.Floats.Length == 0)
        {
            return new OutputSample([], null, null);
        }

        (float[] a, float[] b) = (floats.Floats, int8s.Floats);
        int top = TopElement.IndexOfGreatest(a);
        int count = _number < MostPoints ? Math.Clamp(MostPoints / samples, 1, a.Length) : 0;
        var points = new (float Float, float Int8)[count];
        const long shift = 7919;
        for (int i = 0; i < count; i++)
        {
            long place = i == 0 ? top : (((long)i * a.Length / count) + (_number * shift)) % a.Length;
            points[i] = (a[place], b[place]);
        }

        return new OutputSample(points, top, TopElement.IndexOfGreatest(b));
    }

    /// <summary>All workers' gatherings in one.</summary>
    public static Gathering? Merge(IEnumerable<Gathering?> all)
    {
        Gathering? sum = null;
        foreach (Gathering gathering in all.OfType<Gathering>())
        {
            if (sum is null)
            {
                sum = gathering;
            }
            else
            {
                Merge(sum._float, gathering._float);
                Merge(sum._int8, gathering._int8);
                for (int i = 0; i < sum._shapes.Length; i++)
                {
                    sum._shapes[i] ??= gathering._shapes[i];
                }
            }
        }

        return sum;
    }

    /// <summary>The float model's and the int8 model's values of a compared tensor; null if it never had any.</summary>
    public (ValueHistogram Float, ValueHistogram Int8)? Histograms(int place) =>
        _float[place] is { HasData: true } a && _int8[place] is { } b ? (a, b) : null;

    private static void Merge(ValueHistogram?[] sum, ValueHistogram?[] other)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            if (other[i] is { } histogram)
            {
                (sum[i] ??= new ValueHistogram()).Merge(histogram);
            }
        }
    }
}

/// <summary>Some elements of one output for one sample.</summary>
/// <param name="Points">Pairs of the float model's and the int8 model's element.</param>
/// <param name="FloatTop">Place of the float model's greatest element; null for integers.</param>
/// <param name="Int8Top">Place of the int8 model's.</param>
internal sealed record OutputSample(IReadOnlyList<(float Float, float Int8)> Points, int? FloatTop, int? Int8Top);

/// <summary>What a comparison has gathered.</summary>
/// <param name="Tensors">The compared tensors.</param>
/// <param name="Values">Their values; null without samples.</param>
/// <param name="Samples">The outputs by sample, in order.</param>
internal sealed record GatheredDetails(
    ComparedTensor[] Tensors, Gathering? Values, IReadOnlyList<PictureOutput[]> Samples);
