using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Mode <c>auto</c>: makes an int8 model by each method, takes the one whose outputs are nearest to the float model's and,
/// if that is not near enough, keeps convolutions in float, those first that win the most.
/// </summary>
/// <remarks>
/// The search is bounded in multiplications, not in time: the same inputs give the same model on every machine.
/// </remarks>
internal sealed class AutoSearch
{
    // Multiplications a second that a second of the budget stands for: two cores of a small machine.
    private const double NominalSpeed = 5e9;

    // Where shapes are open, a small model's multiplications.
    private const long UnknownCost = 100_000_000;

    // Samples that methods are judged on, and operators.
    private const int JudgedSamples = 32;
    private const int RankedSamples = 8;

    private readonly CandidateMaker _maker;
    private readonly CandidateMaker _judge;
    private readonly IProgress<QuantizeProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<(Candidate Candidate, CandidateScore Score)> _tried = [];
    private readonly double _runs;
    private double _spent;

    private AutoSearch(CandidateMaker maker, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
    {
        (_maker, _progress, _cancellation) = (maker, progress, cancellation);
        _judge = maker.OnSome(JudgedSamples);
        var run = DryRun.Of(maker.Graph, new Dictionary<string, int[]>(), []);
        long cost = maker.Graph.Nodes.Sum(n => OperatorCost.MultiplyAccumulates(n, run.Shapes, maker.Graph.File) ?? 0);
        _runs = maker.Config.TimeBudgetSeconds * NominalSpeed / (cost > 0 ? cost : UnknownCost);
    }

    /// <summary>Searches.</summary>
    /// <param name="maker">Calibrated with signs.</param>
    /// <param name="warnings">Told if the targets are not met, or the budget was too small.</param>
    /// <param name="progress">Told of each model; or null.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The chosen model, and all that were tried, in order.</returns>
    public static (Candidate Chosen, IReadOnlyList<TriedModel> Tried) Run(
        CandidateMaker maker,
        ICollection<Diagnostic> warnings,
        IProgress<QuantizeProgress>? progress,
        CancellationToken cancellation)
    {
        var search = new AutoSearch(maker, progress, cancellation);
        search.TryMethods(warnings);
        (Candidate Candidate, CandidateScore Score) best = search.Best();
        if (!search.Meets(best.Score))
        {
            search.KeepInFloat(best.Candidate, best.Score);
            best = search.Best();
        }

        if (search._spent >= search._runs)
        {
            warnings.Add(Warnings.AutoBudget(maker.Config.File, maker.Config.TimeBudgetSeconds));
        }

        if (!search.Meets(best.Score))
        {
            warnings.Add(Warnings.AutoShort(
                maker.Graph.File, maker.Config.TargetCosine, best.Score.Cosine, maker.Config.TargetTop1Agreement,
                best.Score.Top1Agreement, maker.Config.MaxSizeRatio, best.Candidate.Recipe.FloatOps.Count));
        }

        return (best.Candidate, [.. search._tried.Select(t => Describe(t, best.Candidate))]);
    }

    /// <summary>The settings that all of them start from: channels are equalized once, for all.</summary>
    public static QuantConfig Common(QuantConfig config) => config with { Repair = Repairs.Equalization };

    private static TriedModel Describe((Candidate Candidate, CandidateScore Score) tried, Candidate chosen) => new(
        Name(tried.Candidate.Recipe),
        tried.Score.Cosine,
        tried.Score.Top1Agreement,
        tried.Candidate.Bytes.Length,
        [.. tried.Candidate.Recipe.FloatOps.Order(StringComparer.Ordinal)],
        ReferenceEquals(tried.Candidate, chosen));

    private static string Name(QuantizeRecipe recipe)
    {
        string ranges = recipe.Repair.HasFlag(Repairs.Ranges) ? "ranges" : recipe.FeatureMethod.ToString();
        string bias = recipe.Repair.HasFlag(Repairs.BiasCorrection) ? " + bias_correction" : "";
        string outputs = recipe.Repair.HasFlag(Repairs.FloatOutputs) ? " + float_outputs" : "";
        return ranges + bias + outputs + (recipe.FloatOps.Count > 0 ? $", {recipe.FloatOps.Count} more in float" : "");
    }

    // What serves most models comes first, so that a small budget tries it.
    private IEnumerable<QuantizeRecipe> Recipes()
    {
        QuantizeRecipe given = QuantizeRecipe.Of(_maker.Config);
        const Repairs Outer = Repairs.Equalization | Repairs.FloatOutputs;
        (FeatureMethod, Repairs)[] ways =
        [
            (FeatureMethod.MSE, Repairs.Default),
            (FeatureMethod.MSE, Repairs.Default & ~Repairs.BiasCorrection),
            (FeatureMethod.PERCENTILE, Outer | Repairs.BiasCorrection),
            (FeatureMethod.PERCENTILE, Outer),
            (FeatureMethod.EMA, Outer | Repairs.BiasCorrection),
            (FeatureMethod.EMA, Outer),
            (FeatureMethod.ADMM, Outer),
            (FeatureMethod.ADMM, Repairs.Equalization),
            (FeatureMethod.KL, Repairs.Equalization),
        ];
        return ways.Select(w => given with { FeatureMethod = w.Item1, Repair = w.Item2 });
    }

    private void TryMethods(ICollection<Diagnostic> warnings)
    {
        foreach (QuantizeRecipe recipe in Recipes())
        {
            if (_tried.Count > 0 && _spent >= _runs)
            {
                return;
            }

            // All methods see the same tensors: one of them tells of what is odd.
            Try(recipe, _tried.Count == 0 ? warnings : []);
        }
    }

    private (Candidate Candidate, CandidateScore Score) Try(QuantizeRecipe recipe, ICollection<Diagnostic> warnings)
    {
        Candidate candidate = _maker.Make(recipe, warnings, null, _cancellation);
        _progress?.Report(new QuantizeProgress("trying " + Name(recipe), _tried.Count, 0));
        CandidateScore score = CandidateScore.Of(_judge, candidate, _judge.Samples.Count, null, _cancellation);
        _spent += _judge.Samples.Count * (recipe.FeatureMethod == FeatureMethod.EMA ? 2 : 1);
        _tried.Add((candidate, score));
        return _tried[^1];
    }

    // Convolutions are ranked by what each alone wins; then they stay float one after the other until it is enough.
    private void KeepInFloat(Candidate all, CandidateScore score)
    {
        int few = Math.Min(RankedSamples, _judge.Samples.Count);
        double start = CandidateScore.Of(_judge, all, few, null, _cancellation).Cosine;
        var gains = new List<(string Name, double Gain)>();
        string[] names = [.. _maker.Graph.Nodes.Where(n => _maker.Plan.Quantizes(n.Op)).Select(n => n.Op.Name ?? "").Distinct()];
        foreach (string name in names.Where(n => n.Length > 0))
        {
            if (_spent >= _runs)
            {
                break;
            }

            Candidate one = _maker.Make(all.Recipe with { FloatOps = new HashSet<string> { name } }, [], null, _cancellation);
            gains.Add((name, CandidateScore.Of(_judge, one, few, null, _cancellation).Cosine - start));
            _spent += few;
            _progress?.Report(new QuantizeProgress("ranking operators", gains.Count, names.Length));
        }

        var kept = new HashSet<string>();
        foreach ((string name, _) in gains.Where(g => g.Gain > 0).OrderByDescending(g => g.Gain).ThenBy(g => g.Name, StringComparer.Ordinal))
        {
            QuantizeRecipe recipe = all.Recipe with { FloatOps = new HashSet<string>(kept.Append(name)) };
            Candidate next = _maker.Make(recipe, [], null, _cancellation);
            if (next.Convolutions == 0 || !Fits(next))
            {
                continue;
            }

            CandidateScore found = CandidateScore.Of(_judge, next, _judge.Samples.Count, null, _cancellation);
            _spent += _judge.Samples.Count;
            if (found.Cosine > score.Cosine)
            {
                score = found;
                kept.Add(name);
                _tried.Add((next, found));
            }

            if (Meets(score) || _spent >= 2 * _runs)
            {
                return;
            }
        }
    }

    private bool Fits(Candidate candidate) =>
        candidate.Bytes.Length <= _maker.Config.MaxSizeRatio * _maker.Source.Files.Sum(f => new FileInfo(f).Length);

    private bool Meets(CandidateScore score) =>
        score.Cosine >= _maker.Config.TargetCosine && score.Top1Agreement >= (_maker.Config.TargetTop1Agreement ?? 0);

    // Of those that meet the targets the smallest, of others the nearest; the first of equals.
    private (Candidate Candidate, CandidateScore Score) Best()
    {
        var good = _tried.Where(t => Meets(t.Score)).ToList();
        return good.Count > 0
            ? good.OrderBy(t => t.Candidate.Recipe.FloatOps.Count).ThenByDescending(t => t.Score.Cosine).First()
            : _tried.OrderByDescending(t => t.Score.Cosine).First();
    }
}
