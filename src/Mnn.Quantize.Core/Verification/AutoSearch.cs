using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Quantization.Correction;
using Mnn.Quantize.Quantization.Rounding;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Mode <c>auto</c>: makes an int8 model by each method, takes the one whose outputs are nearest to the float model's and,
/// if that is not near enough, lets operators compute in float, those first that lose the most: see <see cref="FloatChoice"/>.
/// </summary>
/// <remarks>
/// The search is bounded in multiplications, not in time: the same inputs give the same model on every machine.
/// </remarks>
internal sealed class AutoSearch
{
    // Multiplications a second that a second of the budget stands for: two cores of a small machine.
    private const double NominalSpeed = 8e9;

    // Where shapes are open, a small model's multiplications.
    private const long UnknownCost = 100_000_000;

    // Share of the budget for methods; what is left is for the choice of operators.
    private const double MethodShare = 0.6;

    // Samples that models are judged on.
    private const int JudgedSamples = 32;

    // With labels, so that a share of right answers tells something.
    private const int JudgedLabelled = 256;

    // Of a difference of two shares.
    private const double Rounding = 1e-9;

    private readonly CandidateMaker _maker;
    private readonly CandidateMaker _judge;
    private readonly IProgress<QuantizeProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<Trial> _tried = [];
    private readonly int?[]? _labels;
    private readonly double _runs;
    private double _spent;
    private bool _followedBatches;

    private AutoSearch(CandidateMaker maker, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
    {
        (_maker, _progress, _cancellation) = (maker, progress, cancellation);
        if (maker.Config.MaxAccuracyDrop is null)
        {
            _judge = maker.OnSome(JudgedSamples);
        }
        else
        {
            int?[] all = SampleLabels.Find(maker.Config, maker.Data.Root, maker.Samples)
                ?? throw Errors.DropWithoutLabels(maker.Config.File);
            _judge = maker.On([.. maker.Samples.Where((_, i) => all[i] is not null)]).OnSome(JudgedLabelled);
            _labels = SampleLabels.Find(maker.Config, maker.Data.Root, _judge.Samples);
        }

        var run = DryRun.Of(maker.Graph, new Dictionary<string, int[]>(), []);
        long cost = maker.Graph.Nodes.Sum(n => OperatorCost.MultiplyAccumulates(n, run.Shapes, maker.Graph.File) ?? 0);
        _runs = maker.Config.TimeBudgetSeconds * NominalSpeed / (cost > 0 ? cost : UnknownCost);
        _spent = maker.Samples.Count + Math.Min(Equalization.MostSamples, maker.Samples.Count);
    }

    /// <summary>Samples that models are judged on.</summary>
    public CandidateMaker Judge => _judge;

    /// <summary>Whether the budget is used up.</summary>
    public bool IsSpent => _spent >= _runs;

    /// <summary>Searches.</summary>
    /// <param name="maker">Calibrated with signs.</param>
    /// <param name="warnings">Told if the targets are not met, or the budget was too small.</param>
    /// <param name="progress">Told of each model; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The chosen model and who made it, and all that were tried, in order.</returns>
    public static (Candidate Chosen, CandidateMaker Maker, IReadOnlyList<TriedModel> Tried) Run(
        CandidateMaker maker,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var search = new AutoSearch(maker, progress, cancellation);
        search.TryMethods(warnings);
        Trial best = search.Best();
        if (!search.Meets(best.Score))
        {
            new FloatChoice(search, best, progress, cancellation).Run();
            best = search.Best();
        }

        if (search.IsSpent)
        {
            warnings.Add(Warnings.AutoBudget(maker.Config.File, maker.Config.TimeBudgetSeconds));
        }

        if (!search.Meets(best.Score))
        {
            warnings.Add(Warnings.AutoShort(
                maker.Graph.File, maker.Config.TargetCosine, best.Score.Cosine, maker.Config.TargetTop1Agreement,
                best.Score.Top1Agreement, maker.Config.MaxSizeRatio, best.FloatConvolutions.Count,
                best.Score.FloatAccuracy - best.Score.Accuracy,
                FaintSamples.Count(search.Judge.FloatOutputs(search.Judge.Samples.Count, cancellation)), search.Judge.Samples.Count));
        }

        return (best.Candidate, best.Maker, [.. search._tried.Select(t => t.Describe(ReferenceEquals(t, best)))]);
    }

    /// <summary>The settings that all of them start from: channels are equalized once, for all.</summary>
    public static QuantConfig Common(QuantConfig config) => config with { Repair = Repairs.Equalization };

    /// <summary>Makes a model and judges it.</summary>
    /// <param name="maker">Who makes it.</param>
    /// <param name="recipe">How.</param>
    /// <param name="name">What the table calls it.</param>
    /// <param name="warnings">Told of what is odd about tensors; or null.</param>
    /// <returns>Null if it is larger than allowed: then it is forgotten.</returns>
    public Trial? Try(CandidateMaker maker, QuantizeRecipe recipe, string name, ICollection<Diagnostic>? warnings = null)
    {
        _progress?.Report(new QuantizeProgress("trying " + name, _tried.Count, 0));
        Candidate candidate = maker.Make(recipe, warnings ?? [], null, _cancellation);
        Spend(CostOf(recipe));
        if ((recipe.FloatTensors.Count > 0 || recipe.FloatOps.Count > 0) && !Fits(candidate))
        {
            return null;
        }

        var score = CandidateScore.Of(_judge, candidate, _judge.Samples.Count, null, _cancellation, _labels);
        var trial = new Trial(name, maker, candidate, score);
        _tried.Add(trial);
        return trial;
    }

    /// <summary>Whether a model is near enough.</summary>
    public bool Meets(CandidateScore score) =>
        score.Cosine >= _maker.Config.TargetCosine && score.Top1Agreement >= (_maker.Config.TargetTop1Agreement ?? 0)
        && (_maker.Config.MaxAccuracyDrop is not { } most || score.FloatAccuracy - score.Accuracy <= most + Rounding);

    /// <summary>Bytes that a model may have.</summary>
    public double MostBytes => _maker.Config.MaxSizeRatio * _maker.Source.Files.Sum(f => new FileInfo(f).Length);

    /// <summary>Takes runs of the model off the budget.</summary>
    public void Spend(double runs) => _spent += runs;

    // In runs of the model. Bias correction and EMA run it too; rounding takes about twice as long as its runs.
    private double CostOf(QuantizeRecipe recipe)
    {
        double cost = _judge.Samples.Count;
        int repaired = Math.Min(LayerRepair.MostSamples, _maker.Samples.Count);
        cost += recipe.Repair.HasFlag(Repairs.BiasCorrection) ? 2 * repaired : 0;
        cost += recipe.Repair.HasFlag(Repairs.Rounding) ? 3 * repaired : 0;

        if (recipe.FeatureMethod == FeatureMethod.EMA && !_followedBatches)
        {
            _followedBatches = true;
            cost += 2 * _maker.Samples.Count;
        }

        return cost;
    }

    private void TryMethods(ICollection<Diagnostic> warnings)
    {
        foreach (QuantizeRecipe recipe in AutoRecipes.All(_maker.Config, equalized: true))
        {
            if (_tried.Count > 0 && _spent >= MethodShare * _runs)
            {
                break;
            }

            // All methods see the same tensors: one of them tells of what is odd.
            Try(_maker, recipe, AutoRecipes.Name(recipe), _tried.Count == 0 ? warnings : null);
        }

        if (IsSpent || _maker.Unequalized() is not { } asItIs)
        {
            return;
        }

        asItIs.Calibrate(true, 0, null, _progress, _cancellation, signed: true);
        Spend(asItIs.Samples.Count);
        foreach (QuantizeRecipe recipe in AutoRecipes.All(asItIs.Config, equalized: false))
        {
            Try(asItIs, recipe, AutoRecipes.Name(recipe));
        }
    }

    private bool Fits(Candidate candidate) => candidate.Bytes.Length <= MostBytes;

    // Of those that meet the targets the one with the fewest convolutions in float, and of these with the fewest float
    // weights; of others the nearest; the first of equals.
    private Trial Best()
    {
        var good = _tried.Where(t => Meets(t.Score)).ToList();
        return good.Count > 0
            ? good.OrderBy(t => t.FloatConvolutions.Count).ThenBy(t => t.Candidate.Recipe.FloatOps.Count)
                .ThenByDescending(t => t.Score.Cosine).First()
            : _tried.OrderByDescending(t => t.Score.Cosine).First();
    }
}

/// <summary>A model that was tried.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Maker">Who made it.</param>
/// <param name="Candidate">The model.</param>
/// <param name="Score">How near it is.</param>
internal sealed record Trial(string Name, CandidateMaker Maker, Candidate Candidate, CandidateScore Score)
{
    /// <summary>Names of the convolutions that compute in float by the search's choice, in the order of their names.</summary>
    public IReadOnlyList<string> FloatConvolutions { get; } = Candidate.Recipe.FloatTensors.Count == 0 && Candidate.Recipe.FloatOps.Count == 0
        ? []
        :
        [
            .. Maker.Graph.Nodes
                .Where(n => Maker.Plan.Quantizes(n.Op) && (Candidate.Recipe.FloatOps.Contains(n.Op.Name ?? "")
                    || Candidate.Quant[n.Inputs[0]] is null || Candidate.Quant[n.Outputs[0]] is null))
                .Select(n => n.Name).Distinct().Order(StringComparer.Ordinal),
        ];

    /// <summary>What users are told.</summary>
    public TriedModel Describe(bool isChosen) => new(
        Name, Score.Cosine, Score.Top1Agreement, Candidate.Bytes.Length, FloatConvolutions, isChosen)
    {
        Accuracy = Score.Accuracy,
        FloatAccuracy = Score.FloatAccuracy,
    };
}
