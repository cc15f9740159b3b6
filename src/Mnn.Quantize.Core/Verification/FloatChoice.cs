using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Verification;

/// <summary>
/// Lets operators compute in float until a model is near enough, those first that lose the most when they alone are
/// quantized. Convolutions among them keep int8 weights, which cost no byte and little accuracy; float weights come last.
/// </summary>
/// <param name="search">Makes and judges.</param>
/// <param name="start">The nearest model so far.</param>
/// <param name="progress">Told of each step; or null.</param>
/// <param name="cancellation">Ends the run.</param>
internal sealed class FloatChoice(
    AutoSearch search, Trial start, IProgress<QuantizeProgress>? progress, CancellationToken cancellation)
{
    // Samples that operators are ranked on.
    private const int RankedSamples = 8;

    private const int BytesOfFloat = sizeof(float);

    /// <summary>Tries.</summary>
    public void Run()
    {
        if (search.IsSpent)
        {
            return;
        }

        int[][] tensors = [.. Rank(start.Candidate).Select(n => (int[])[.. n.Inputs.Where(id => id >= 0), .. n.Outputs])];

        // Whether operators suffice shows when all of them compute in float; then as few as possible.
        if (With(tensors, tensors.Length) is not { } all)
        {
            return;
        }

        if (search.Meets(all.Score))
        {
            Fewest(tensors.Length, count => With(tensors, count));
        }
        else if (!search.IsSpent && KeepWeights(all) is { } weights)
        {
            Fewest(tensors.Length, count => With(tensors, count, weights));
        }
    }

    // Halves the count that is known to suffice, down to the least, which it returns.
    private int Fewest(int enough, Func<int, Trial?> make)
    {
        int tooFew = 0;
        while (enough - tooFew > 1 && !search.IsSpent)
        {
            int middle = (enough + tooFew) / 2;
            if (make(middle) is { } trial && search.Meets(trial.Score))
            {
                enough = middle;
            }
            else
            {
                tooFew = middle;
            }
        }

        return enough;
    }

    private Trial? With(int[][] tensors, int count, IReadOnlySet<string>? weights = null) => search.Try(
        start.Maker,
        start.Candidate.Recipe with
        {
            FloatTensors = tensors.Take(count).SelectMany(t => t).ToHashSet(),
            FloatOps = weights ?? new HashSet<string>(),
        },
        $"{start.Name}, {count} operators in float" + (weights is null ? "" : $", {weights.Count} with float weights"));

    // As many float weights as the size allows, those first that lose the most. Returns the fewest that suffice, or null.
    private HashSet<string>? KeepWeights(Trial all)
    {
        double room = search.MostBytes - all.Candidate.Bytes.Length;
        var names = new List<string>();
        foreach (Node node in Rank(all.Candidate).Where(n => n.Op.Name is { Length: > 0 }))
        {
            double more = (BytesOfFloat - 1) * (double)OperatorCost.Parameters(node.Op, start.Maker.Graph.File);
            if (more <= room)
            {
                names.Add(node.Op.Name!);
                room -= more;
            }
        }

        Trial? Float(int count) => search.Try(
            start.Maker,
            all.Candidate.Recipe with { FloatOps = names.Take(count).ToHashSet() },
            $"{all.Name}, {count} with float weights");
        return names.Count > 0 && Float(names.Count) is { } most && search.Meets(most.Score)
            ? [.. names.Take(Fewest(names.Count, Float))]
            : null;
    }

    // The quantized operators of a model, those that lose the most first.
    private Node[] Rank(Candidate candidate)
    {
        CandidateMaker few = start.Maker.OnSome(RankedSamples);
        var isolated = new IsolatedOperators(few.Graph, candidate.Read());
        ErrorTotals[][] totals = isolated.Measure(few.Feeder, few.Samples, few.Workers, progress, cancellation);

        // What an operator reaches is half of the model on average.
        search.Spend(few.Samples.Count * totals.Length / 2.0);
        return
        [
            .. isolated.Measured.Zip(totals)
                .Select(p => (Node: p.First, Loss: p.Second.Select(t => 1 - t.Figures().Cosine).DefaultIfEmpty(0).Average()))
                .OrderByDescending(p => p.Loss).Select(p => p.Node),
        ];
    }
}
