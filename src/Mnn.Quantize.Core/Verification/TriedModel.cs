namespace Mnn.Quantize.Verification;

/// <summary>One int8 model that mode <c>auto</c> has tried.</summary>
/// <param name="Name">How it was made, such as <c>ranges + bias_correction, 2 operators in float</c>.</param>
/// <param name="Cosine">Mean cosine similarity of its outputs to the float model's, -1 to 1.</param>
/// <param name="Top1Agreement">Share of the samples with the same greatest element in the first output, 0 to 1.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FloatConvolutions">
/// Names of the convolutions that compute in float by the search's choice. Their weights may be int8 in the file all the same.
/// </param>
/// <param name="IsChosen">Whether it is the one that was written.</param>
public sealed record TriedModel(
    string Name,
    double Cosine,
    double Top1Agreement,
    long Bytes,
    IReadOnlyList<string> FloatConvolutions,
    bool IsChosen)
{
    /// <summary>With <c>max_accuracy_drop</c>: share of the labelled samples that it gets right, 0 to 1; else null.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The same of the float model.</summary>
    public double? FloatAccuracy { get; init; }

    /// <summary>Whether no tried model is both nearer to the float model and smaller.</summary>
    /// <param name="all">All that were tried.</param>
    public bool IsOnFrontier(IEnumerable<TriedModel> all) =>
        !all.Any(o => o.Cosine >= Cosine && o.Bytes <= Bytes && (o.Cosine > Cosine || o.Bytes < Bytes));
}
