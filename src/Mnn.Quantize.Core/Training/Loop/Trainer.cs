using System.Diagnostics;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Training.Examples;
using Mnn.Quantize.Training.Losses;
using Mnn.Quantize.Training.Optimizing;

namespace Mnn.Quantize.Training.Loop;

/// <summary>
/// Trains a net: epochs of steps, an evaluation after each, the best net kept. All chance comes from seed, epoch and
/// example, so that a training that goes on from a checkpoint ends with the same bytes as one that was never interrupted.
/// </summary>
internal sealed class Trainer
{
    private const int ShufflePurpose = 1;

    // As many batches as give ranges of activations that last.
    private const int BatchesBefore = 16;

    private readonly ITrainableNet _net;
    private readonly ITrainableNet? _teacher;
    private readonly TrainSettings _settings;
    private readonly TrainConfig _config;
    private readonly IProgress<TrainProgress>? _progress;
    private readonly IOptimizer _optimizer;
    private readonly LearningRate _rate;
    private readonly int _batch;
    private readonly int _stepsPerEpoch;
    private readonly long _steps;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private float[]?[] _gradients = [];
    private TrainState _state = new();
    private long _stepsHere;
    private double _trainingSeconds;
    private double _lastCheckpoint;

    /// <summary>Prepares a training.</summary>
    /// <param name="net">The net, with the numbers that it starts from.</param>
    /// <param name="teacher">The float model; may be null if the objective doesn't need it.</param>
    /// <param name="settings">What with, and how.</param>
    /// <param name="progress">Told of each step; or null.</param>
    public Trainer(ITrainableNet net, ITrainableNet? teacher, TrainSettings settings, IProgress<TrainProgress>? progress)
    {
        (_net, _teacher, _settings, _config, _progress) = (net, teacher, settings, settings.Config, progress);
        TrainDefaults chosen = settings.Defaults;
        (_batch, _stepsPerEpoch) = (chosen.BatchSize, chosen.StepsPerEpoch);
        long steps = (long)Math.Min(chosen.Epochs, _config.Budget.Epochs ?? int.MaxValue) * _stepsPerEpoch;
        _steps = _config.Budget.Images is { } images ? Math.Clamp(images / _batch, 1, steps) : steps;
        Epochs = (int)((_steps + _stepsPerEpoch - 1) / _stepsPerEpoch);
        _rate = new LearningRate(_config, chosen, _stepsPerEpoch, _steps);
        _optimizer = chosen.Optimizer == TrainOptimizer.Adam
            ? new AdamOptimizer(net.Parameters, (float)_config.OptimizerMomentum, (float)_config.WeightDecay)
            : new SgdOptimizer(net.Parameters, (float)_config.OptimizerMomentum, (float)_config.WeightDecay);
    }

    /// <summary>Epochs that are trained at most.</summary>
    public int Epochs { get; }

    /// <summary>True if a budget of time ended the training.</summary>
    public bool StoppedByTime { get; private set; }

    /// <summary>Examples a second while training, evaluation not counted.</summary>
    public double ImagesPerSecond => _trainingSeconds > 0 ? _stepsHere * _batch / _trainingSeconds : 0;

    /// <summary>Epochs done, the last one maybe in part.</summary>
    public double EpochsDone => (double)_state.Step / _stepsPerEpoch;

    /// <summary>Trains, and leaves the best net's numbers in the net.</summary>
    /// <param name="resume">Whether to go on from the checkpoint, if there is one.</param>
    /// <param name="cancellation">
    /// Ends the training between two steps. A checkpoint of that step is written, so that it can go on.
    /// </param>
    /// <returns>The epochs, and which was best.</returns>
    /// <exception cref="QuantizeException">The loss is no number any more; the checkpoint is of another training.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrainState Run(bool resume, CancellationToken cancellation)
    {
        if (resume && _settings.Checkpoint is { } file && File.Exists(file))
        {
            _state = Checkpoint.Read(file, _settings.Identity, _net, _optimizer);
        }

        LookBefore(cancellation);
        double before = _state.Seconds;
        int[] order = [];
        while (_state.Step < _steps && !IsOutOfPatience() && !StoppedByTime)
        {
            _state.Seconds = before + _clock.Elapsed.TotalSeconds;
            Save(cancellation.IsCancellationRequested);
            cancellation.ThrowIfCancellationRequested();
            if (order.Length == 0 || _state.Step % _stepsPerEpoch == 0)
            {
                order = Shuffled();
            }

            Step(order.AsSpan((int)(_state.Step % _stepsPerEpoch) * _batch, _batch));
            StoppedByTime = _config.Budget.Time is { } most && before + _clock.Elapsed.TotalSeconds >= most.TotalSeconds
                && _state.Step < _steps;
            if (_state.Step % _stepsPerEpoch == 0 || _state.Step == _steps || StoppedByTime)
            {
                FinishEpoch(cancellation);
                _lastCheckpoint = double.NegativeInfinity;
            }
        }

        _state.Best?.Restore(_net);
        return _state;
    }

    /// <summary>Loss and accuracy of a net on the examples for evaluation.</summary>
    /// <param name="net">The net; the float model for a look at where it starts.</param>
    /// <param name="epoch">Which epoch, for progress.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Mean loss, and the share that is right or, without labels, as the float model says; null without classes.</returns>
    public (double Loss, double? Accuracy) Evaluate(ITrainableNet net, int epoch, CancellationToken cancellation)
    {
        ExampleRange examples = _settings.Validation!;
        long start = Stopwatch.GetTimestamp();
        (double loss, long right, int done) = (0, 0, 0);
        while (done < examples.Indices.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> batch = examples.Indices.AsSpan(done, Math.Min(_batch, examples.Indices.Length - done));
            IReadOnlyList<TensorValue> inputs = examples.Set.Read(batch, null);
            IReadOnlyList<TensorValue> outputs = net.Forward(inputs, training: false);
            IReadOnlyList<TensorValue>? teacher = !_settings.Objective.NeedsTeacher || net == _teacher
                ? outputs
                : _teacher!.Forward(inputs, training: false);
            ReadOnlySpan<int> labels = examples.Set.LabelsOf(batch);
            loss += _settings.Objective.Run(outputs, teacher, labels, null);
            right += CountRight(outputs, teacher, labels);
            done += batch.Length;
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            _progress?.Report(new TrainProgress(
                "evaluating", epoch, Epochs, done, examples.Indices.Length, loss / done, Share(right, done), done / seconds, null));
        }

        return (loss / done, Share(right, done));
    }

    // A training that makes nothing better leaves what rounding alone comes to, with the ranges of a few batches.
    private void LookBefore(CancellationToken cancellation)
    {
        if (_state.Step > 0 || _settings.Validation is null)
        {
            return;
        }

        var start = NetSnapshot.Of(_net);
        int[] order = Shuffled();
        for (int i = 0; i < Math.Min(BatchesBefore, _stepsPerEpoch); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _net.Forward(_settings.Training.Set.Read(order.AsSpan(i * _batch, _batch), null), training: true);
        }

        (double loss, double? accuracy) = Evaluate(_net, 0, cancellation);
        if (double.IsFinite(loss))
        {
            _state.Untrained = new TrainEpoch(0, 0, double.NaN, loss, accuracy);
            _state.Best = NetSnapshot.Of(_net);
        }

        start.Restore(_net);
    }

    private int[] Shuffled()
    {
        int[] order = [.. _settings.Training.Indices];
        new RandomSource(_config.Seed, ShufflePurpose, _state.Step / _stepsPerEpoch).Shuffle(order);
        return order;
    }

    private void Step(ReadOnlySpan<int> batch)
    {
        long start = Stopwatch.GetTimestamp();
        int epoch = (int)(_state.Step / _stepsPerEpoch);
        var augmentation = new Augmentation(_config.AugmentFlip, _config.AugmentCrop, _config.Seed, epoch);
        IReadOnlyList<TensorValue> inputs = _settings.Training.Set.Read(batch, augmentation);
        Objective objective = _settings.Objective;
        IReadOnlyList<TensorValue>? teacher = objective.NeedsTeacher ? _teacher!.Forward(inputs, training: false) : null;
        IReadOnlyList<TensorValue> outputs = _net.Forward(inputs, training: true);
        ReadOnlySpan<int> labels = _settings.Training.Set.LabelsOf(batch);
        double loss = objective.Run(outputs, teacher, labels, Gradients(outputs));
        float rate = _rate.At(_state.Step);
        if (!double.IsFinite(loss))
        {
            throw Errors.TrainingDiverged(_settings.Model, (_state.Step % _stepsPerEpoch) + 1, epoch + 1, rate);
        }

        _net.Backward(_gradients);
        _optimizer.Step(rate, _state.Step);
        _net.AfterUpdate();
        _state.Step++;
        _state.LossSum += loss;
        _state.Right += CountRight(outputs, teacher, labels);
        _state.Seen += batch.Length;
        _stepsHere++;
        _trainingSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Report(epoch);
    }

    private void Report(int epoch) => _progress?.Report(new TrainProgress(
        "training",
        epoch + 1,
        Epochs,
        (int)_state.Seen,
        _stepsPerEpoch * _batch,
        _state.LossSum / _state.Seen,
        Share(_state.Right, _state.Seen),
        ImagesPerSecond,
        TimeSpan.FromSeconds(_clock.Elapsed.TotalSeconds / _stepsHere * (_steps - _state.Step))));

    private float[]?[] Gradients(IReadOnlyList<TensorValue> outputs)
    {
        if (_gradients.Length == 0)
        {
            _gradients = [.. outputs.Select((output, k) =>
                _settings.Objective.Uses(k, output) ? new float[output.Floats.Length] : null)];
        }

        return _gradients;
    }

    private void FinishEpoch(CancellationToken cancellation)
    {
        int epoch = (int)((_state.Step - 1) / _stepsPerEpoch) + 1;
        (double loss, double? accuracy) = _settings.Validation is null
            ? (double.NaN, null)
            : Evaluate(_net, epoch, cancellation);
        if (_settings.Validation is not null && !double.IsFinite(loss))
        {
            throw Errors.EvaluationNotFinite(_settings.Model, epoch);
        }

        var done = new TrainEpoch(epoch, _rate.At(_state.Step - 1), _state.LossSum / _state.Seen, loss, accuracy);
        _state.Epochs.Add(done);
        if (_state.BestSoFar is not { } best || IsBetter(done, best))
        {
            _state.BestEpoch = _state.Epochs.Count - 1;
            _state.Best = NetSnapshot.Of(_net);
        }

        (_state.LossSum, _state.Right, _state.Seen) = (0, 0, 0);
    }

    // More right answers, else a smaller loss; without an evaluation the later one. The net that was not trained is best only
    // if that is no chance of a few examples: an epoch with a smaller loss may have a standard error fewer right answers.
    private bool IsBetter(TrainEpoch a, TrainEpoch b)
    {
        if (_settings.Validation is not { } validation)
        {
            return true;
        }

        bool smaller = a.ValidationLoss < b.ValidationLoss;
        if (!_settings.Objective.NeedsLabels || a.Accuracy is not { } right || b.Accuracy is not { } before)
        {
            return smaller;
        }

        double chance = b.Epoch > 0 ? 0 : Math.Sqrt(before * (1 - before) / validation.Indices.Length);
        return right > before || (smaller && right >= before - chance);
    }

    // Among the epochs: a net that starts from nothing, or with a large rate, may take some to get better than it was.
    private bool IsOutOfPatience()
    {
        int best = 0;
        for (int i = 1; i < _state.Epochs.Count; i++)
        {
            best = IsBetter(_state.Epochs[i], _state.Epochs[best]) ? i : best;
        }

        return _config.Patience > 0 && _state.Epochs.Count - 1 - best >= _config.Patience;
    }

    private long CountRight(
        IReadOnlyList<TensorValue> outputs, IReadOnlyList<TensorValue>? teacher, ReadOnlySpan<int> labels) =>
        !_settings.Objective.HasClasses ? 0
        : labels.Length > 0 ? Objective.CountRight(outputs[0], labels)
        : Objective.CountSame(outputs[0], teacher![0]);

    private double? Share(long right, long of) => _settings.Objective.HasClasses ? (double)right / of : null;

    private void Save(bool now)
    {
        bool due = _clock.Elapsed.TotalSeconds - _lastCheckpoint >= _settings.CheckpointPause.TotalSeconds;
        if (_settings.Checkpoint is not { } file || !(now || due) || _stepsHere == 0)
        {
            return;
        }

        Checkpoint.Write(file, _settings.Identity, _state, _net, _optimizer);
        _lastCheckpoint = _clock.Elapsed.TotalSeconds;
    }
}
