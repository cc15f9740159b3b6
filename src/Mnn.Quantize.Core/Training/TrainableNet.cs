using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model;
using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training;

/// <summary>
/// A model in training: its layers run forward and backward on the lanes of a batch, which meet where a layer needs to
/// know something of the whole batch.
/// </summary>
internal sealed class TrainableNet : ITrainableNet
{
    private readonly TrainingPlan _plan;
    private readonly WorkTeam _team;
    private readonly List<Lane> _lanes = [];
    private List<Lane> _current = [];
    private ModelEvaluator? _evaluator;
    private bool? _takesSeveral;

    /// <summary>Makes a net of a plan.</summary>
    public TrainableNet(TrainingPlan plan)
    {
        _plan = plan;
        _team = new WorkTeam(plan.Options.Workers);
        Parameters = [.. plan.Layers.SelectMany(l => l.Parameters)];
        State = [.. plan.Layers.SelectMany(l => l.State)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TrainableParameter> Parameters { get; }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> State { get; }

    /// <inheritdoc/>
    public bool TakesSeveral => _takesSeveral ?? true;

    /// <inheritdoc/>
    public IReadOnlyList<TensorValue> Forward(IReadOnlyList<TensorValue> inputs, bool training)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        IReadOnlyList<TensorValue> ordered = InOrder(inputs);
        int samples = Batching.Samples(_plan.Graph, ordered);
        bool several = FindWhetherItTakesSeveral(ordered, samples);
        if (!training)
        {
            _evaluator ??= new ModelEvaluator(Graph.Build(MnnModel.FromBytes(ToModel().ToBytes(), _plan.Graph.File)), _team);
            return _evaluator.Run(ordered, samples, several);
        }

        _evaluator = null;
        _current = Lane.Divide(_lanes, _plan.Graph, samples, several ? samples : 1, ordered);
        _plan.Layers.ForEach(l => l.Begin(_current.Count));
        RunForward();
        IEnumerable<TrainingRun> runs = _current.SelectMany(l => l.Runs);
        return [.. _plan.Graph.OutputIds.Select(id => BatchSlice.Join([.. runs.Select(r => r.Output(id))]))];
    }

    /// <inheritdoc/>
    public void Backward(IReadOnlyList<float[]?> outputGradients)
    {
        ArgumentNullException.ThrowIfNull(outputGradients);
        for (int i = 0; i < outputGradients.Count; i++)
        {
            if (outputGradients[i] is { } gradient && _plan.Leads(_plan.Graph.OutputIds[i]))
            {
                Seed(_plan.Graph.OutputIds[i], gradient);
            }
        }

        RunBackward();
        _team.Run(_plan.Layers.Count, i => _plan.Layers[i].Reduce());
    }

    /// <inheritdoc/>
    public void AfterUpdate()
    {
        _evaluator = null;
        _team.Run(_plan.Layers.Count, i => _plan.Layers[i].Update());
    }

    /// <inheritdoc/>
    public MnnModel ToModel() => _plan.ToModel();

    private IReadOnlyList<TensorValue> InOrder(IReadOnlyList<TensorValue> inputs)
    {
        GraphInput[] wanted = _plan.Graph.Inputs;
        return inputs.Count == 1 && wanted.Length == 1
            ? inputs
            : [.. wanted.Select(w => inputs.FirstOrDefault(v => v.Name == w.Name)
                ?? throw new ArgumentException($"Input '{w.Name}' is missing.", nameof(inputs)))];
    }

    private bool FindWhetherItTakesSeveral(IReadOnlyList<TensorValue> inputs, int samples)
    {
        if (_takesSeveral is null && samples > 1)
        {
            _takesSeveral = Batching.TakesSeveral(_plan.Graph, inputs);
        }

        return TakesSeveral;
    }

    private void RunForward()
    {
        List<Layer> layers = _plan.Layers;
        Layer? met = null;
        for (int first = 0; first < layers.Count || met is not null;)
        {
            int end = layers.FindIndex(first, l => l.Meets);
            end = end < 0 ? layers.Count : end + 1;
            (Layer? before, int from, int to) = (met, first, end);
            OnLanes(run =>
            {
                before?.Finish(run);
                for (int i = from; i < to; i++)
                {
                    layers[i].Forward(run);
                }
            });
            met = end > first && layers[end - 1].Meets ? layers[end - 1] : null;
            met?.Merge();
            first = end;
        }

        layers.Where(l => !l.Meets).ToList().ForEach(l => l.Merge());
    }

    private void RunBackward()
    {
        List<Layer> layers = _plan.Layers;
        Layer? met = null;
        for (int last = layers.Count - 1; last >= 0 || met is not null;)
        {
            int next = last < 0 ? -1 : layers.FindLastIndex(last, l => l.MeetsBackward);
            (Layer? before, int from, int to) = (met, last, next);
            OnLanes(run =>
            {
                before?.Backward(run);
                for (int i = from; i > to; i--)
                {
                    layers[i].Backward(run);
                }

                if (to >= 0)
                {
                    layers[to].Collect(run);
                }
            });
            met = next >= 0 ? layers[next] : null;
            met?.MergeBackward();
            last = next - 1;
        }
    }

    private void OnLanes(Action<TrainingRun> work) => _team.Run(_current.Count, i =>
    {
        foreach (TrainingRun run in _current[i].Runs)
        {
            work(run);
        }
    });

    // Gives each run its samples' part of an output's gradient.
    private void Seed(int id, float[] gradient)
    {
        int at = 0;
        foreach (TrainingRun run in _current.SelectMany(l => l.Runs))
        {
            Tensor output = run.Tensor(id);
            Tensor part = run.MakeLike(output, channelsLast: false);
            gradient.AsSpan(at, output.Count).CopyTo(part.Floats);
            at += output.Count;
            if (output.IsChannelsLast)
            {
                Tensor turned = run.MakeLike(output);
                TensorLayout.CopyToChannelsLast(part, turned);
                part.SetBuffer(null);
                part = turned;
            }

            run.AddGradient(id, part);
        }

        Check.That(at == gradient.Length, "An output's gradient has another number of elements than the output.");
    }
}
