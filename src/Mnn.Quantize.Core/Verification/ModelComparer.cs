using Mnn.Quantize.Calibration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Runs two models side by side, several pictures at a time, and compares every tensor that both have. Memory doesn't
/// grow with the number of pictures, and but for times the result doesn't depend on the number of workers.
/// </summary>
internal sealed class ModelComparer
{
    private const int FirstFew = 5;

    private readonly Graph _expected;
    private readonly Graph _actual;
    private readonly ComparedTensor[] _tensors;
    private readonly ErrorTotals[] _totals;
    private readonly OutputTotals[] _outputs;
    private readonly List<PictureOutput[]>? _samples;
    private readonly int?[]? _labels;
    private readonly List<double> _expectedTimes = [];
    private readonly List<double> _actualTimes = [];

    /// <summary>Pairs inputs, outputs and tensors by their names.</summary>
    /// <param name="expected">The float model.</param>
    /// <param name="actual">The model that is measured.</param>
    /// <param name="gathers">Whether it gathers what a report shows besides.</param>
    /// <param name="labels">By picture: its class, null without; or null.</param>
    /// <exception cref="QuantizeException">Inputs or outputs differ.</exception>
    public ModelComparer(Graph expected, Graph actual, bool gathers = false, int?[]? labels = null)
    {
        (_expected, _actual, _labels) = (expected, actual, labels);
        _samples = gathers ? [] : null;
        string[] inputs = [.. expected.Inputs.Select(Describe)];
        string[] outputs = [.. expected.OutputIds.Select(expected.TensorName)];
        string[] actualInputs = [.. actual.Inputs.Select(Describe)];
        string[] actualOutputs = [.. actual.OutputIds.Select(actual.TensorName)];
        if (inputs.Except(actualInputs).Any() || actualInputs.Except(inputs).Any())
        {
            throw Errors.ComparedInputsDiffer(actual.File, actualInputs, inputs);
        }

        if (outputs.Except(actualOutputs).Any())
        {
            throw Errors.ComparedOutputsDiffer(actual.File, actualOutputs, outputs);
        }

        _tensors = ComparedTensor.Pair(expected, actual);
        _totals = [.. _tensors.Select(_ => new ErrorTotals())];
        _outputs = [.. expected.OutputIds.Select(_ => new OutputTotals())];
    }

    /// <summary>What it has gathered for a report; null if it was not told to, or has not run.</summary>
    public GatheredDetails? Details { get; private set; }

    /// <summary>The first picture, from 0, and tensor with values that are not finite; null if all are.</summary>
    public (int Picture, NotFinite Tensor)? FirstNotFinite { get; private set; }

    /// <summary>Compares. Call it once.</summary>
    /// <param name="feed">Fills the float model's inputs with picture number n; called by several threads.</param>
    /// <param name="pictures">Number of pictures.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="QuantizeException">A picture can't be read or run: the first such in order.</exception>
    public ComparisonReport Run(
        Action<InferenceSession, int> feed,
        int pictures,
        int workers,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var inOrder = new InOrder<PictureComparison>(Take);
        var failures = new QuantizeException?[pictures];
        var all = new ComparisonWorker[Math.Clamp(workers, 1, Math.Max(1, pictures))];
        var gatherings = new Gathering?[all.Length];
        (int next, int done, bool failed) = (-1, 0, false);
        ParallelWorkers.Run(all.Length, w =>
        {
            Gathering? gathering = _samples is null ? null : gatherings[w] = new Gathering(_expected, _tensors.Length, pictures);
            ComparisonWorker worker = all[w] = new ComparisonWorker(_expected, _actual, _tensors, gathering, _labels);
            for (int i = Interlocked.Increment(ref next); i < pictures; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Volatile.Read(ref failed))
                {
                    return;
                }

                try
                {
                    inOrder.Add(i, worker.Run(session => feed(session, i), i, cancellation));
                }
                catch (QuantizeException e)
                {
                    failures[i] = e;
                    Volatile.Write(ref failed, true);
                }

                progress?.Report(new QuantizeProgress("comparing", Interlocked.Increment(ref done), pictures));
            }
        });
        if (Array.Find(failures, f => f is not null) is { } failure)
        {
            throw failure;
        }

        Details = _samples is null ? null : new GatheredDetails(_tensors, Gathering.Merge(gatherings), _samples);
        return Report(pictures, all);
    }

    // What both must have in common, so that one tensor serves both.
    private static string Describe(GraphInput input) =>
        $"{input.Name} ({input.Type}, {(input.Format == MNN_DATA_FORMAT.NHWC ? "NHWC" : "NCHW")})";

    private static double Median(List<double> times)
    {
        times.Sort();
        return times.Count == 0 ? 0 : (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }

    private void Take(PictureComparison picture)
    {
        for (int i = 0; i < _totals.Length; i++)
        {
            if (picture.Tensors[i] is { } sums)
            {
                _totals[i].Add(sums);
            }
        }

        for (int i = 0; i < _outputs.Length; i++)
        {
            _outputs[i].Add(picture.Outputs[i]);
        }

        if (picture.NotFinite is { } tensor)
        {
            FirstNotFinite ??= (_expectedTimes.Count, tensor);
        }

        _samples?.Add(picture.Outputs);
        _expectedTimes.Add(picture.ExpectedTime.TotalMilliseconds);
        _actualTimes.Add(picture.ActualTime.TotalMilliseconds);
    }

    private ComparisonReport Report(int pictures, ComparisonWorker[] workers)
    {
        double Mean(Func<ComparisonWorker, double[]> times, int node) => workers.Sum(w => times(w)[node]) / Math.Max(1, pictures);
        return new ComparisonReport
        {
            Float = _expected.File,
            Int8 = _actual.File,
            Pictures = pictures,
            Outputs = [.. _outputs.Select((o, i) => o.Describe(_expected.TensorName(_expected.OutputIds[i]), pictures))],
            Operators =
            [
                .. _tensors
                    .Select((t, i) => (Tensor: t, Total: _totals[i]))
                    .Where(p => p.Total.HasData)
                    .Select(p => p.Tensor.Describe(
                        p.Total.Figures(),
                        Mean(w => w.ExpectedMilliseconds, p.Tensor.ExpectedIndex),
                        Mean(w => w.ActualMilliseconds, p.Tensor.ActualIndex))),
            ],
            Classes = _outputs.FirstOrDefault(o => o.Labelled is not null)?.Classes ?? 0,
            Labelled = _outputs.Select(o => o.Labelled).FirstOrDefault(l => l is not null),
            FloatMilliseconds = Median(_expectedTimes),
            Int8Milliseconds = Median(_actualTimes),
        };
    }

    private sealed class OutputTotals
    {
        private readonly ErrorTotals _errors = new();
        private bool _isReal = true;
        private bool _isScores = true;
        private int _first;
        private int _firstFew;
        private readonly LabelledTotals _labelled = new();

        /// <summary>Scores a picture; 0 without labels.</summary>
        public int Classes { get; private set; }

        /// <summary>Accuracy by labels; null without labels, or where it is not scores that come out.</summary>
        public LabelledAccuracy? Labelled => _isScores && _isReal ? _labelled.Describe(Classes) : null;

        public void Add(PictureOutput output)
        {
            _errors.Add(output.Sums);
            _isReal &= output.Rank is not null;
            _isScores &= output.IsScores;
            _first += output.Rank == 0 ? 1 : 0;
            _firstFew += output.Rank < FirstFew ? 1 : 0;
            if (output.LabelRanks is { } ranks)
            {
                _labelled.Add(ranks.Float, ranks.Int8);
                Classes = ranks.Classes;
            }
        }

        public OutputComparison Describe(string name, int pictures) => new(
            name,
            _isScores && _isReal,
            _errors.Figures(),
            _isReal ? (double)_first / Math.Max(1, pictures) : null,
            _isReal ? (double)_firstFew / Math.Max(1, pictures) : null);
    }
}
