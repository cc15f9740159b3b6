using Mnn.Quantize.Calibration;
using Mnn.Quantize.Calibration.Caching;
using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization.Correction;
using Mnn.Quantize.Quantization.Rounding;
using Convolution2D = Mnn.Quantize.Model.Schema.Convolution2D;
using Op = Mnn.Quantize.Model.Schema.Op;

namespace Mnn.Quantize.Quantization.Candidates;

/// <summary>
/// Makes int8 models of one float model in memory, as many as are wanted. What they share is worked out once: the folded
/// float model, its plan, the samples, one pass of statistics.
/// </summary>
internal sealed class CandidateMaker
{
    // 400 pictures of 224 x 224.
    private const long RememberedBytes = 256L * 1024 * 1024;

    private readonly Dictionary<FeatureMethod, QuantParameters?[]> _scales = [];
    private readonly Dictionary<(FeatureMethod Method, bool Best), QuantParameters?[]> _ranges = [];
    private readonly Dictionary<(WeightMethod Method, int Bits), QuantParameters?[]> _ema = [];
    private readonly List<IReadOnlyList<TensorValue>> _outputs = [];
    private IReadOnlyDictionary<int, float[]> _factors = new Dictionary<int, float[]>();
    private readonly Lazy<byte[]> _bytes;
    private CalibrationResult? _calibration;

    private CandidateMaker(
        QuantConfig config,
        MnnModel source,
        Graph graph,
        QuantizationPlan plan,
        CalibrationData data,
        PreprocessingLint lint,
        IReadOnlyList<string> samples,
        ISampleFeeder feeder,
        int workers,
        Lazy<byte[]>? bytes = null)
    {
        (Config, Source, Graph, Plan, Data, Lint) = (config, source, graph, plan, data, lint);
        (Samples, Feeder, Workers) = (samples, feeder, workers);
        _bytes = bytes ?? new Lazy<byte[]>(source.ToBytes);
    }

    /// <summary>The settings, with the method that the model allows.</summary>
    public QuantConfig Config { get; }

    /// <summary>The float model, its batch norms folded. Not to be changed: <see cref="LoadFloat"/> gives another.</summary>
    public MnnModel Source { get; }

    /// <summary>The float model ready to run, once it is calibrated with its channels equalized if the config says so.</summary>
    public Graph Graph { get; private set; }

    /// <summary>What becomes int8 if nothing but the config's own operators stays float.</summary>
    public QuantizationPlan Plan { get; }

    /// <summary>The calibration data on disk.</summary>
    public CalibrationData Data { get; }

    /// <summary>What the samples' values say about the preprocessing.</summary>
    public PreprocessingLint Lint { get; }

    /// <summary>The samples that can be read, in their order.</summary>
    public IReadOnlyList<string> Samples { get; }

    /// <summary>Fills the inputs with samples.</summary>
    public ISampleFeeder Feeder { get; }

    /// <summary>Threads.</summary>
    public int Workers { get; }

    /// <summary>Memory that one pass over samples leaves to the next.</summary>
    public TensorPools Pools { get; } = new();

    /// <summary>Whether ranges follow batches, as EMA's do, instead of statistics of all samples.</summary>
    public bool FollowsBatches => Config.FeatureMethod == FeatureMethod.EMA && !NeedsSigns(Config);

    /// <summary>By tensor id: [channels], by which values are divided since channels are equalized.</summary>
    public IReadOnlyDictionary<int, float[]> Factors => _factors;

    /// <summary>What calibration found; <see cref="Calibrate"/> must have run.</summary>
    public CalibrationResult Calibration =>
        _calibration ?? throw new InvalidOperationException("Calibrate has not run.");

    /// <summary>Loads a model and finds its samples.</summary>
    /// <param name="file">The float model.</param>
    /// <param name="config">The settings.</param>
    /// <param name="workers">Threads, at least 1.</param>
    /// <param name="warnings">Told of what is odd.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <param name="limit">Most samples to use; 0 means all that the config asks for.</param>
    /// <param name="remember">
    /// Whether inputs made of samples are kept in memory, for a run that feeds each of them several times.
    /// </param>
    /// <exception cref="QuantizeException">Anything wrong with model, config or samples.</exception>
    public static CandidateMaker Prepare(
        string file,
        QuantConfig config,
        int workers,
        ICollection<Diagnostic> warnings,
        CancellationToken cancellation,
        int limit = 0,
        bool remember = false)
    {
        MnnModel model = MnnModel.Load(file);
        config = WithMethodFor(model, config, warnings);
        BatchNormFolding.Apply(model);
        var graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, config, warnings);
        var data = CalibrationData.Find(config, warnings);
        var lint = new PreprocessingLint(graph, config);
        ISampleFeeder feeder = SampleFeeder.Create(graph, config, lint);
        IReadOnlyList<string> samples = limit > 0 ? [.. data.Samples.Take(limit)] : data.Samples;
        samples = CorruptSamples.LeaveOut(config, samples, feeder, workers, warnings, cancellation);
        return new CandidateMaker(
            config, model, graph, plan, data, lint, samples,
            remember ? new RememberingFeeder(feeder, RememberedBytes) : feeder, workers);
    }

    /// <summary>The same model and settings with other samples; nothing of it has run yet.</summary>
    /// <param name="samples">At least one, readable.</param>
    public CandidateMaker On(IReadOnlyList<string> samples) =>
        new(Config, Source, Graph, Plan, Data, Lint, samples, Feeder, Workers, _bytes);

    /// <summary>The same on some of the samples, taken evenly from all.</summary>
    /// <param name="most">How many at most, at least 1.</param>
    public CandidateMaker OnSome(int most)
    {
        int count = Math.Min(most, Samples.Count);
        return On([.. Enumerable.Range(0, count).Select(i => Samples[(int)((long)i * Samples.Count / count)])]);
    }

    /// <summary>
    /// The same with channels as they are in the model, not calibrated yet; null if none was changed.
    /// </summary>
    public CandidateMaker? Unequalized() => _factors.Count == 0
        ? null
        : new(
            Config with { Repair = Config.Repair & ~Repairs.Equalization }, Source, Graph.Build(Source), Plan, Data, Lint, Samples,
            Feeder, Workers, _bytes);

    /// <summary>Another copy of the folded float model, equalized as <see cref="Graph"/> is, to be changed.</summary>
    public MnnModel LoadFloat()
    {
        var model = MnnModel.FromBytes(_bytes.Value, Source.Path);
        Equalization.Apply(model, _factors);
        return model;
    }

    /// <summary>The one pass over the samples; call it before anything else.</summary>
    /// <param name="statistics">
    /// Whether statistics of tensors are gathered, from all samples; EMA needs none. Without them only the outputs are
    /// kept.
    /// </param>
    /// <param name="keepOutputs">The float model's outputs are kept for this many samples from the start.</param>
    /// <param name="cache">Has the statistics of samples that were run before; or null.</param>
    /// <param name="progress">Told after each sample; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <param name="signed">Whether the methods with zero points will be asked for, whatever the config says.</param>
    /// <param name="oneMethod">Whether no feature method but the config's will be asked for, so that less may be kept.</param>
    /// <exception cref="QuantizeException">A sample or an operator failed.</exception>
    public void Calibrate(
        bool statistics,
        int keepOutputs,
        CalibrationCache? cache,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation,
        bool signed = false,
        bool oneMethod = false)
    {
        if (statistics && Config.Repair.HasFlag(Repairs.Equalization))
        {
            Equalize(cancellation);
            cache = null;
        }

        bool signs = NeedsSigns(Config) || signed;
        var calibrator = new Calibrator(
            Graph, Feeder, statistics ? Plan.Observed : new bool[Graph.TensorCount], cache, signs,
            signs || !oneMethod || Config.FeatureMethod != FeatureMethod.KL, Pools);
        IReadOnlyList<string> files = statistics ? Samples : [.. Samples.Take(keepOutputs)];
        _calibration = calibrator.Run(files, keepOutputs, Workers, progress, cancellation);
        _outputs.AddRange(_calibration.Outputs);
    }

    private void Equalize(CancellationToken cancellation)
    {
        string[] few = [.. Samples.Take(Equalization.MostSamples)];
        Dictionary<int, ChannelSpan> spans = ChannelSpans.Find(
            Graph, Equalization.Candidates(Graph, Plan), Feeder, few, Workers, cancellation);
        _factors = Equalization.Find(Source, spans, few.Length);
        Graph = Graph.Build(LoadFloat());
    }

    /// <summary>The float model's outputs for the first samples; those that are not there yet are computed.</summary>
    /// <param name="count">How many samples; no more than there are.</param>
    /// <param name="cancellation">Ends the run.</param>
    public IReadOnlyList<IReadOnlyList<TensorValue>> FloatOutputs(int count, CancellationToken cancellation)
    {
        count = Math.Min(count, Samples.Count);
        if (_outputs.Count < count)
        {
            string[] missing = [.. Samples.Skip(_outputs.Count).Take(count - _outputs.Count)];
            _outputs.AddRange(SampleOutputs.Run(Graph, Feeder, missing, Workers, Pools, null, cancellation));
        }

        return _outputs[..count];
    }

    /// <summary>Makes an int8 model.</summary>
    /// <param name="recipe">How.</param>
    /// <param name="warnings">Told of tensors that are always zero and the like.</param>
    /// <param name="progress">Told of each step; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="QuantizeException">The model can't be quantized so.</exception>
    public Candidate Make(
        QuantizeRecipe recipe,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        QuantConfig config = recipe.ApplyTo(Config);
        QuantizationPlan plan = recipe.FloatOps.Count == 0 ? Plan : QuantizationPlan.Make(Graph, config, warnings);
        QuantParameters?[] quant = NeedsSigns(config)
            ? RangeFeatures.Find(Graph, plan, RangesOf(config))
            : config.FeatureMethod == FeatureMethod.EMA
            ? [.. EmaOf(config, warnings, progress, cancellation)]
            : FeatureScales.Find(Graph, Calibration, plan.Observed, config, ScalesOf(config), warnings);
        IReadOnlySet<int> floatOutputs = config.Repair.HasFlag(Repairs.FloatOutputs)
            ? OutputConvolutions.Of(Graph, plan)
            : new HashSet<int>();
        foreach (int id in FloatTensors.With(Graph, floatOutputs.Concat(recipe.FloatTensors)))
        {
            quant[id] = null;
        }

        foreach ((int id, QuantParameters? parameters) in recipe.Overrides)
        {
            quant[id] = parameters;
        }

        bool Stores(Op op) => recipe.FloatTensors.Count > 0 || floatOutputs.Contains(op.OutputIndexes![0]);
        bool Rounds(Op op) => plan.Quantizes(op)
            && (Stores(op) || (quant[op.InputIndexes![0]] is not null && quant[op.OutputIndexes![0]] is not null));
        IReadOnlyDictionary<int, RepairedLayer> repaired = (config.Repair & (Repairs.BiasCorrection | Repairs.Rounding)) == 0
            ? new Dictionary<int, RepairedLayer>()
            : LayerRepair.Run(Graph, LoadFloat(), Rounds, config, quant, Feeder, Samples, Workers, progress, cancellation);
        MnnModel int8 = LoadFloat();
        foreach (Op op in int8.Net.Oplists!.Where(o => o is { OutputIndexes: [_, ..], Main: Convolution2D }))
        {
            if (repaired.GetValueOrDefault(op.OutputIndexes![0]) is { Bias: { } bias })
            {
                ((Convolution2D)op.Main!).Bias = bias;
            }
        }

        int convolutions = new ModelQuantizer(config, quant, op => repaired.GetValueOrDefault(op.OutputIndexes![0])?.Weights)
            .Apply(int8, plan.Quantizes, Stores);
        cancellation.ThrowIfCancellationRequested();
        return new Candidate(recipe, int8, quant, convolutions);
    }

    // The ranges that batches show hardly depend on which convolutions are rounded; they are found once.
    private QuantParameters?[] EmaOf(
        QuantConfig config,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        (WeightMethod, int) key = (config.WeightMethod, config.QuantBits);
        if (!_ema.TryGetValue(key, out QuantParameters?[]? quant))
        {
            _ema[key] = quant = EmaFeatures.Find(
                Plan, LoadFloat(), Feeder, config, Samples, Workers, warnings, progress, cancellation);
        }

        return quant;
    }

    // Whether ranges are found from the values with their signs, one by one.
    private static bool NeedsSigns(QuantConfig config) =>
        config.FeatureMethod is FeatureMethod.MSE or FeatureMethod.PERCENTILE || config.Repair.HasFlag(Repairs.Ranges);

    private QuantParameters?[] RangesOf(QuantConfig config)
    {
        Func<ValueDistribution, int, QuantParameters> rangeOf =
            config.Repair.HasFlag(Repairs.Ranges) ? (values, clamp) => FeatureRange.Careful(values, clamp, Samples.Count)
            : config.FeatureMethod == FeatureMethod.MSE ? (values, clamp) => FeatureRange.LeastSquares(values, clamp)
            : FeatureRange.Percentile;
        (FeatureMethod, bool) key = (config.FeatureMethod, config.Repair.HasFlag(Repairs.Ranges));
        if (!_ranges.TryGetValue(key, out QuantParameters?[]? ranges))
        {
            _ranges[key] = ranges = RangeFeatures.OfEach(Calibration, rangeOf, config.FeatureClamp, Workers);
        }

        return ranges;
    }

    // Each tensor's scale by itself depends on method and statistics alone.
    private QuantParameters?[] ScalesOf(QuantConfig config)
    {
        if (!_scales.TryGetValue(config.FeatureMethod, out QuantParameters?[]? scales))
        {
            _scales[config.FeatureMethod] = scales = FeatureScales.OfEach(Calibration, config, Workers);
        }

        return scales;
    }

    // A model that still holds BatchNorm was made to be trained on, which only EMA follows.
    private static QuantConfig WithMethodFor(MnnModel model, QuantConfig config, ICollection<Diagnostic> warnings)
    {
        if (config.FeatureMethod == FeatureMethod.EMA || NeedsSigns(config) || config.Mode == QuantizeMode.Auto || !BatchNormFolding.HasBatchNorm(model))
        {
            return config;
        }

        warnings.Add(Warnings.EmaForBatchNorm(model.Path, config.FeatureMethod.ToString()));
        return config with { FeatureMethod = FeatureMethod.EMA };
    }
}
