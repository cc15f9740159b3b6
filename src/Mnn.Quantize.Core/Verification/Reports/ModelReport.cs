using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Verification.Reports;

/// <summary>
/// Everything that a report shows of one quantized model. It holds no time and no folder, so that the same inputs give
/// the same report on any machine.
/// </summary>
public sealed record ModelReport
{
    /// <summary>File name of the float model.</summary>
    public required string Float { get; init; }

    /// <summary>File name of the model that was made of it.</summary>
    public required string Int8 { get; init; }

    /// <summary>Bytes of the float model, with external weights.</summary>
    public required long FloatBytes { get; init; }

    /// <summary>Bytes of the other.</summary>
    public required long Int8Bytes { get; init; }

    /// <summary>Number of samples that both ran on.</summary>
    public required int Pictures { get; init; }

    /// <summary>Cosine of the output that is worst off, the mean over pictures, -1 to 1.</summary>
    public required double Cosine { get; init; }

    /// <summary>Top-1 agreement as in <see cref="ComparisonReport.Top1Agreement"/>; null if no output is of floats.</summary>
    public required double? Top1Agreement { get; init; }

    /// <summary>Convolutions that run in int8, and all.</summary>
    public required (int Int8, int All) Convolutions { get; init; }

    /// <summary>
    /// Of a model that has no scales, and so computes in float: how many convolutions have weights in fewer bits; else null.
    /// </summary>
    public int? CompressedConvolutions { get; init; }

    /// <summary>The models' outputs, in their order.</summary>
    public required IReadOnlyList<OutputReport> Outputs { get; init; }

    /// <summary>The tensors that operators of both models make, in the order in which they run.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>All operators of the float model by type, those with most stored weights first.</summary>
    public required IReadOnlyList<OperatorKind> Kinds { get; init; }

    /// <summary>The samples on which the outputs are farthest apart, the worst first.</summary>
    public required IReadOnlyList<SampleReport> WorstSamples { get; init; }

    /// <summary>By sample, in their order: the lowest cosine of its outputs.</summary>
    public required IReadOnlyList<double> SampleCosines { get; init; }

    /// <summary>What the int8 model was made of.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>What was odd about config, model and samples.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }

    /// <summary>The candidates among which <c>"mode": "auto"</c> chose; empty if it did not.</summary>
    public IReadOnlyList<CandidateReport> Candidates { get; init; } = [];

    /// <summary>Accuracy by labels; null if there are none.</summary>
    public LabelledAccuracy? Labelled { get; init; }
}

/// <summary>One output of both models.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsScores">Whether it holds one score a class.</param>
/// <param name="Errors">How far apart both are.</param>
/// <param name="Top1Agreement">Share of samples with the same greatest element; null for integers.</param>
/// <param name="Top5Agreement">Share on which the float model's greatest is among the int8 model's first five.</param>
/// <param name="Points">Elements of both models, the same places of each sample: what a scatter plot shows.</param>
public sealed record OutputReport(
    string Name,
    bool IsScores,
    ErrorFigures Errors,
    double? Top1Agreement,
    double? Top5Agreement,
    IReadOnlyList<(float Float, float Int8)> Points);

/// <summary>One tensor that an operator of both models makes.</summary>
public sealed record LayerReport
{
    /// <summary>Name of the operator.</summary>
    public required string Name { get; init; }

    /// <summary>Its type in the float model.</summary>
    public required string Type { get; init; }

    /// <summary>Name of the tensor.</summary>
    public required string Tensor { get; init; }

    /// <summary>Dimensions of the tensor for the last sample.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Whether the operator runs in int8 in the int8 model.</summary>
    public required bool RunsInt8 { get; init; }

    /// <summary>Why, or why not.</summary>
    public required string Reason { get; init; }

    /// <summary>Bits of its weights in the int8 model: 2 to 8, 16 or 32; null without weights.</summary>
    public required int? WeightBits { get; init; }

    /// <summary>Bytes of its weights in the float model.</summary>
    public required long FloatBytes { get; init; }

    /// <summary>Bytes of its weights, scales included, in the int8 model.</summary>
    public required long Int8Bytes { get; init; }

    /// <summary>Multiply-accumulate operations for one sample.</summary>
    public required long MultiplyAccumulates { get; init; }

    /// <summary>How far apart both models are here.</summary>
    public required ErrorFigures Errors { get; init; }

    /// <summary>Scale of the tensor in the int8 model; null where it has none.</summary>
    public required float? Scale { get; init; }

    /// <summary>Its zero point.</summary>
    public required int ZeroPoint { get; init; }

    /// <summary>Least and greatest value that int8 can hold; null without scale.</summary>
    public required (float Low, float High)? Range { get; init; }

    /// <summary>Values of the tensor in both models; null if it never had any.</summary>
    public required LayerHistogram? Histogram { get; init; }

    /// <summary>
    /// 1 less the cosine of the model's output if only this operator is quantized: 0 for none; null if it was not measured.
    /// </summary>
    public double? Sensitivity { get; init; }
}

/// <summary>How often values occur: bins of one width, the same for both models.</summary>
/// <param name="Low">Where the first bin begins.</param>
/// <param name="High">Where the last one ends.</param>
/// <param name="Float">Counts of the float model.</param>
/// <param name="Int8">Counts of the int8 model.</param>
/// <param name="Min">Least value in the float model.</param>
/// <param name="Max">Greatest value in the float model.</param>
public sealed record LayerHistogram(
    double Low, double High, IReadOnlyList<double> Float, IReadOnlyList<double> Int8, float Min, float Max);

/// <summary>All operators of one type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Int8Count">How many of them run in int8 in the int8 model.</param>
/// <param name="FloatBytes">Bytes of their weights in the float model.</param>
/// <param name="Int8Bytes">Bytes of their weights in the int8 model.</param>
/// <param name="MultiplyAccumulates">Their operations for one sample.</param>
public sealed record OperatorKind(
    string Type, int Count, int Int8Count, long FloatBytes, long Int8Bytes, long MultiplyAccumulates);

/// <summary>One sample.</summary>
/// <param name="Name">Its name below the folder of the data.</param>
/// <param name="Cosine">The lowest cosine of its outputs.</param>
/// <param name="FloatTop">Place of the greatest element of the first output in the float model; null for integers.</param>
/// <param name="Int8Top">The same in the int8 model.</param>
/// <param name="Thumbnail">A small PNG file; null if the sample is no picture.</param>
public sealed record SampleReport(string Name, double Cosine, int? FloatTop, int? Int8Top, byte[]? Thumbnail);

/// <summary>What tells whether a model can be made again.</summary>
/// <param name="Version">Version of the engine.</param>
/// <param name="Settings">The settings of the config in one spelling, one a line: <c>key=value</c>.</param>
/// <param name="Hashes">SHA-256 by name: of the float model, the settings, the samples with their names, the int8 model.</param>
public sealed record Provenance(
    string Version, IReadOnlyList<string> Settings, IReadOnlyList<KeyValuePair<string, string>> Hashes);

/// <summary>One way to quantize the model that was tried.</summary>
/// <param name="Name">What was done, in words.</param>
/// <param name="Cosine">Mean output cosine.</param>
/// <param name="Bytes">Size of the model.</param>
/// <param name="IsChosen">Whether it was chosen.</param>
/// <param name="IsOnFront">Whether no other is better in one and as good in the other of accuracy and size.</param>
public sealed record CandidateReport(string Name, double Cosine, long Bytes, bool IsChosen, bool IsOnFront);

/// <summary>Accuracy of both models by labels.</summary>
/// <param name="Samples">Labelled samples.</param>
/// <param name="Rows">What was measured, such as top-1.</param>
public sealed record LabelledAccuracy(int Samples, IReadOnlyList<AccuracyRow> Rows)
{
    /// <summary>Samples on which the float model alone has the right class first.</summary>
    public int OnlyFloatRight { get; init; }

    /// <summary>Samples on which the int8 model alone has.</summary>
    public int OnlyInt8Right { get; init; }

    /// <summary>
    /// How probable such a difference is if both models are equally good (McNemar's test, exact), 0 to 1: below 0.05 it is no
    /// chance, as a rule.
    /// </summary>
    public double PValue { get; init; } = 1;
}

/// <summary>One figure of accuracy, each with its 95% confidence interval; shares from 0 to 1.</summary>
/// <param name="Name">Such as <c>top-1</c>.</param>
/// <param name="Float">The float model's.</param>
/// <param name="FloatInterval">Its interval.</param>
/// <param name="Int8">The int8 model's.</param>
/// <param name="Int8Interval">Its interval.</param>
public sealed record AccuracyRow(
    string Name, double Float, (double Low, double High) FloatInterval, double Int8, (double Low, double High) Int8Interval);
