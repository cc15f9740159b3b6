using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Verification;

/// <summary>Runs both models on one picture at a time and compares their tensors; a thread has one.</summary>
internal sealed class ComparisonWorker
{
    private readonly InferenceSession _expected;
    private readonly InferenceSession _actual;
    private readonly NodeTimer _expectedTimer;
    private readonly NodeTimer _actualTimer;
    private readonly Dictionary<int, int> _expectedPlaces = [];
    private readonly Dictionary<int, int> _actualPlaces = [];
    private readonly float[][] _values;
    private readonly int[] _counts;
    private readonly TensorReader _reader = new();
    private readonly Gathering? _gathering;
    private readonly int?[]? _labels;
    private readonly float[]?[] _factors;
    private float[] _unequalized = [];
    private ErrorSums?[] _sums = [];
    private NotFinite? _notFinite;

    public ComparisonWorker(Graph expected, Graph actual, ComparedTensor[] tensors, Gathering? gathering = null, int?[]? labels = null)
    {
        (_gathering, _labels) = (gathering, labels);
        for (int i = 0; i < tensors.Length; i++)
        {
            _expectedPlaces.Add(tensors[i].ExpectedId, i);
            _actualPlaces.Add(tensors[i].ActualId, i);
        }

        _factors = EqualizedChannels.Find(tensors, expected, actual);
        _values = [.. tensors.Select(_ => Array.Empty<float>())];
        _counts = new int[tensors.Length];
        _expected = new InferenceSession(expected);
        _actual = new InferenceSession(actual);
        _expected.Runner.Observer = _expectedTimer = new NodeTimer(expected, Keep);
        _actual.Runner.Observer = _actualTimer = new NodeTimer(actual, Compare);
    }

    /// <summary>Milliseconds of the float model's operators in all runs.</summary>
    public double[] ExpectedMilliseconds => _expectedTimer.Milliseconds;

    /// <summary>Milliseconds of the int8 model's operators in all runs.</summary>
    public double[] ActualMilliseconds => _actualTimer.Milliseconds;

    /// <summary>Runs both models.</summary>
    /// <param name="feed">Fills the inputs of the float model.</param>
    /// <param name="number">The picture's number.</param>
    /// <param name="cancellation">Ends the run.</param>
    public PictureComparison Run(Action<InferenceSession> feed, int number, CancellationToken cancellation)
    {
        _gathering?.Begin(number);
        Array.Fill(_counts, -1);
        _sums = new ErrorSums?[_values.Length];
        _notFinite = null;
        feed(_expected);
        CopyInputs();
        TensorValue[] expected = Run(_expected, _expectedTimer, cancellation);
        TensorValue[] actual = Run(_actual, _actualTimer, cancellation);
        var outputs = new PictureOutput[expected.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            TensorValue other = actual.First(o => o.Name == expected[i].Name);
            outputs[i] = Compare(expected[i], other) with
            {
                Sample = _gathering?.Sample(expected[i], other),
                LabelRanks = _labels?[number] is { } label ? Ranks(label, expected[i], other) : null,
            };
        }

        return new PictureComparison(_sums, outputs, _expectedTimer.Run, _actualTimer.Run) { NotFinite = _notFinite };
    }

    private static TensorValue[] Run(InferenceSession session, NodeTimer timer, CancellationToken cancellation)
    {
        timer.Start();
        session.Runner.Run(cancellation);
        TensorValue[] outputs = [.. session.Graph.OutputIds.Select(session.ReadOutput)];
        session.Runner.ReleaseAll();
        return outputs;
    }

    private static PictureOutput Compare(TensorValue expected, TensorValue actual)
    {
        if (expected.Type != ElementType.Float32 || actual.Type != ElementType.Float32)
        {
            return new PictureOutput(ErrorSums.Of(expected, actual), null, false);
        }

        bool isScores = expected.Floats.Length > 1 && expected.Shape.Count(d => d != 1) <= 1;
        return new PictureOutput(
            ErrorSums.Of(expected.Floats, actual.Floats), TopRank.Of(expected.Floats, actual.Floats), isScores);
    }

    private static (int Float, int Int8, int Classes)? Ranks(int label, TensorValue expected, TensorValue actual) =>
        expected.Type == ElementType.Float32 && actual.Type == ElementType.Float32
            ? (TopRank.Of(label, expected.Floats), TopRank.Of(label, actual.Floats), expected.Floats.Length)
            : null;

    private void CopyInputs()
    {
        foreach (GraphInput input in _expected.Graph.Inputs)
        {
            Tensor source = _expected.Runner.TensorOf(input.Id);
            GraphInput other = Array.Find(_actual.Graph.Inputs, i => i.Name == input.Name)!;
            _gathering?.See(input.Id, source);
            Check(_expected, input.Id, source, null);
            Tensor copy = _actual.Runner.PrepareInput(other.Id, source.Type, source.Shape, other.Format);
            source.Bytes.CopyTo(copy.Bytes);
        }
    }

    // Row-major, channels in dimension 1, or last in an NHWC tensor.
    private ReadOnlySpan<float> Multiply(ReadOnlySpan<float> values, float[] factors, Tensor tensor)
    {
        bool last = tensor.Format == Model.Schema.MNN_DATA_FORMAT.NHWC;
        int channels = tensor.Rank < 2 ? 0 : last ? tensor.Shape[^1] : tensor.Shape[1];
        if (channels != factors.Length || values.IsEmpty)
        {
            return values;
        }

        if (_unequalized.Length < values.Length)
        {
            _unequalized = new float[values.Length];
        }

        int inner = last ? 1 : values.Length / tensor.Shape[0] / channels;
        for (int i = 0, c = 0; i < values.Length; i += inner, c = c + 1 == channels ? 0 : c + 1)
        {
            for (int k = i; k < i + inner; k++)
            {
                _unequalized[k] = values[k] * factors[c];
            }
        }

        return _unequalized.AsSpan(0, values.Length);
    }

    // The first one counts: what is computed from it is seldom finite either.
    private void Check(InferenceSession session, int id, Tensor tensor, Node? maker)
    {
        if (_notFinite is null && tensor.Type == ElementType.Float32 && tensor.HasData && !MagnitudeHistogram.Range(tensor.Floats).Finite)
        {
            _notFinite = new NotFinite(session.Graph.File, session.Graph.TensorName(id), maker?.Name);
        }
    }

    private void Keep(int id, Tensor tensor, Node maker)
    {
        Check(_expected, id, tensor, maker);
        _gathering?.See(id, tensor);
        if (!_expectedPlaces.TryGetValue(id, out int place) || !TensorReader.IsReal(tensor))
        {
            return;
        }

        ReadOnlySpan<float> values = _reader.Read(tensor);
        if (_values[place].Length < values.Length)
        {
            _values[place] = new float[values.Length];
        }

        values.CopyTo(_values[place]);
        _counts[place] = values.Length;
    }

    private void Compare(int id, Tensor tensor, Node maker)
    {
        Check(_actual, id, tensor, maker);
        if (!_actualPlaces.TryGetValue(id, out int place) || !TensorReader.IsReal(tensor) || _counts[place] < 0)
        {
            return;
        }

        ReadOnlySpan<float> expected = _values[place].AsSpan(0, _counts[place]);
        ReadOnlySpan<float> actual = _reader.Read(tensor);
        actual = _factors[place] is { } factors ? Multiply(actual, factors, tensor) : actual;
        var sums = ErrorSums.Of(expected, actual);
        _gathering?.Add(place, expected, actual);
        QuantParameters? quant = tensor.Quant ?? _actual.Graph.Quant[id];
        _sums[place] = quant is null
            ? sums
            : sums with { AtClamp = _reader.CountAtClamp(tensor, quant), Quantized = tensor.Count };
    }
}

/// <summary>What one picture tells.</summary>
/// <param name="Tensors">By compared tensor: the difference; null where one model has no such tensor of real numbers.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="ExpectedTime">Time of the float model.</param>
/// <param name="ActualTime">Time of the int8 model.</param>
internal sealed record PictureComparison(
    ErrorSums?[] Tensors, PictureOutput[] Outputs, TimeSpan ExpectedTime, TimeSpan ActualTime)
{
    /// <summary>The first tensor with values that are not finite; null if there is none.</summary>
    public NotFinite? NotFinite { get; init; }
}

/// <summary>A tensor with a NaN or an infinity.</summary>
/// <param name="File">The model.</param>
/// <param name="Tensor">Its name.</param>
/// <param name="Op">Who made it; null for an input.</param>
internal sealed record NotFinite(string File, string Tensor, string? Op);

/// <summary>One output on one picture.</summary>
/// <param name="Sums">The difference.</param>
/// <param name="Rank">Place of the float model's first choice among the int8 model's, from 0; null for integers.</param>
/// <param name="IsScores">Whether it holds one score a class.</param>
internal sealed record PictureOutput(ErrorSums Sums, int? Rank, bool IsScores)
{
    /// <summary>Some of its elements; null if no report is made.</summary>
    public OutputSample? Sample { get; init; }

    /// <summary>
    /// How many scores stand before that of the picture's label in each model, and how many scores there are; null without label.
    /// </summary>
    public (int Float, int Int8, int Classes)? LabelRanks { get; init; }
}
