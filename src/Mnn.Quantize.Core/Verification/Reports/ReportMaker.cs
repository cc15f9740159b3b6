using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization;

namespace Mnn.Quantize.Verification.Reports;

/// <summary>Puts what a comparison found and gathered into a report.</summary>
/// <param name="expected">The float model.</param>
/// <param name="actual">The model that was measured.</param>
internal sealed class ReportMaker(Graph expected, Graph actual)
{
    private const int Bins = 64;
    private const int MostWorst = 8;

    /// <summary>Makes the report, but for what only the caller knows: sizes, samples' names and hashes.</summary>
    /// <param name="comparison">The figures.</param>
    /// <param name="details">What was gathered besides.</param>
    /// <param name="skipped">Names of operators that the config leaves out.</param>
    /// <param name="files">Names of the samples, sizes of the models and what they are made of.</param>
    public ModelReport Make(
        ComparisonReport comparison, GatheredDetails details, IReadOnlyCollection<string> skipped, ReportFiles files)
    {
        double[] cosines = [.. details.Samples.Select(s => s.Select(o => o.Sums.Cosine).DefaultIfEmpty(1).Min())];
        return new ModelReport
        {
            Float = Path.GetFileName(files.Float),
            Int8 = Path.GetFileName(files.Int8),
            FloatBytes = files.FloatBytes,
            Int8Bytes = files.Int8Bytes,
            Pictures = comparison.Pictures,
            Cosine = comparison.Cosine,
            Top1Agreement = comparison.Top1Agreement,
            Convolutions = (
                actual.Nodes.Count(n => n.RunsInt8 && QuantizationPlan.IsConvolution(n.Op.Type)),
                actual.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type))),
            CompressedConvolutions = Array.TrueForAll(actual.Quant, q => q is null)
                ? actual.Nodes.Count(n => QuantizationPlan.IsConvolution(n.Op.Type) && StoredWeights.Bits(n.Op, actual.File) < StoredWeights.FloatBits)
                : null,
            Outputs = [.. comparison.Outputs.Select((o, i) => Output(o, i, details))],
            Layers = Layers(comparison, details, skipped),
            Kinds = Kinds(details),
            WorstSamples =
            [
                .. cosines.Select((cosine, i) => (cosine, i)).OrderBy(p => p.cosine).ThenBy(p => p.i).Take(MostWorst)
                    .Select(p => Sample(p.cosine, p.i, details, files)),
            ],
            SampleCosines = cosines,
            Labelled = comparison.Labelled,
            Provenance = files.Provenance,
            Warnings = comparison.Warnings,
        };
    }

    private static OutputReport Output(OutputComparison output, int index, GatheredDetails details) => new(
        output.Name,
        output.IsScores,
        output.Errors,
        output.Top1Agreement,
        output.Top5Agreement,
        [.. details.Samples.SelectMany(s => s[index].Sample?.Points ?? [])]);

    private static SampleReport Sample(double cosine, int index, GatheredDetails details, ReportFiles files)
    {
        OutputSample? first = details.Samples[index].FirstOrDefault()?.Sample;
        return new SampleReport(
            files.SampleName(index), cosine, first?.FloatTop, first?.Int8Top, files.Thumbnail(index));
    }

    // The comparison leaves out tensors that never had real numbers, in the order of all.
    private LayerReport[] Layers(ComparisonReport comparison, GatheredDetails details, IReadOnlyCollection<string> skipped)
    {
        var layers = new List<LayerReport>();
        for (int i = 0; i < details.Tensors.Length && layers.Count < comparison.Operators.Count; i++)
        {
            OperatorComparison op = comparison.Operators[layers.Count];
            if (details.Tensors[i] is { } tensor && tensor.Name == op.Tensor && tensor.Expected.Name == op.Name)
            {
                layers.Add(Layer(op, tensor, i, details.Values, skipped));
            }
        }

        return [.. layers];
    }

    private LayerReport Layer(
        OperatorComparison op, ComparedTensor tensor, int place, Gathering? values, IReadOnlyCollection<string> skipped)
    {
        QuantParameters? quant = actual.Quant[tensor.ActualId];
        bool isFirst = tensor.Expected.Outputs[0] == tensor.ExpectedId;
        (float Low, float High)? range = quant is null
            ? null
            : ((quant.Min - quant.ZeroPoint) * quant.Scale, (quant.Max - quant.ZeroPoint) * quant.Scale);
        return new LayerReport
        {
            Name = op.Name,
            Type = op.Type,
            Tensor = op.Tensor,
            Shape = values?.Shapes[tensor.ExpectedId] ?? [],
            RunsInt8 = op.RunsInt8,
            Reason = OperatorReasons.Of(actual, tensor.Actual, skipped.Contains(tensor.Actual.Op.Name ?? "")),
            WeightBits = isFirst ? StoredWeights.Bits(tensor.Actual.Op, actual.File) : null,
            FloatBytes = isFirst ? StoredWeights.Bytes(tensor.Expected.Op, expected.File) : 0,
            Int8Bytes = isFirst ? StoredWeights.Bytes(tensor.Actual.Op, actual.File) : 0,
            MultiplyAccumulates = isFirst && values is not null ? Operations(tensor.Expected, values.Shapes) : 0,
            Errors = op.Errors,
            Scale = quant?.Scale,
            ZeroPoint = quant?.ZeroPoint ?? 0,
            Range = range,
            Histogram = values?.Histograms(place) is { } pair ? Histogram(pair.Float, pair.Int8, range) : null,
        };
    }

    // Over the values of both models and the range of int8, so that what is cut off and what is left unused can be seen.
    private static LayerHistogram Histogram(ValueHistogram floats, ValueHistogram int8s, (float Low, float High)? range)
    {
        double low = int8s.HasData ? Math.Min(floats.Min, int8s.Min) : floats.Min;
        double high = int8s.HasData ? Math.Max(floats.Max, int8s.Max) : floats.Max;
        if (range is { } limits && limits.High - limits.Low < 4 * (high - low))
        {
            low = Math.Min(low, limits.Low);
            high = Math.Max(high, limits.High);
        }

        if (high - low < 1e-12)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        return new LayerHistogram(
            low, high, floats.Resample(low, high, Bins), int8s.Resample(low, high, Bins), floats.Min, floats.Max);
    }

    private OperatorKind[] Kinds(GatheredDetails details)
    {
        ILookup<string, Node> actuals = actual.Nodes.ToLookup(n => n.Op.Type.ToString());
        IReadOnlyList<int[]?> shapes = details.Values?.Shapes ?? new int[expected.TensorCount][];
        return
        [
            .. expected.Nodes.GroupBy(n => n.Op.Type.ToString())
                .Select(kind => new OperatorKind(
                    kind.Key,
                    kind.Count(),
                    actuals[kind.Key].Count(n => n.RunsInt8),
                    kind.Sum(n => StoredWeights.Bytes(n.Op, expected.File)),
                    actuals[kind.Key].Sum(n => StoredWeights.Bytes(n.Op, actual.File)),
                    kind.Sum(n => Operations(n, shapes))))
                .OrderByDescending(k => k.FloatBytes).ThenByDescending(k => k.Count).ThenBy(k => k.Type, StringComparer.Ordinal),
        ];
    }

    private long Operations(Node node, IReadOnlyList<int[]?> shapes)
    {
        var known = new int[]?[shapes.Count];
        foreach (int id in node.Inputs.Concat(node.Outputs).Where(id => id >= 0))
        {
            known[id] = shapes[id] ?? (expected.Constants.TryGetValue(id, out Tensor? constant) ? constant.Shape : null);
        }

        return OperatorCost.MultiplyAccumulates(node, known, expected.File) ?? 0;
    }
}

/// <summary>What a report says of files.</summary>
/// <param name="Float">Path of the float model.</param>
/// <param name="Int8">Path of the other.</param>
/// <param name="FloatBytes">Bytes of the float model.</param>
/// <param name="Int8Bytes">Bytes of the other.</param>
/// <param name="SampleName">By number of the sample: its name.</param>
/// <param name="Thumbnail">By number of the sample: a small PNG file; null if it is no picture.</param>
/// <param name="Provenance">What the int8 model is made of.</param>
internal sealed record ReportFiles(
    string Float,
    string Int8,
    long FloatBytes,
    long Int8Bytes,
    Func<int, string> SampleName,
    Func<int, byte[]?> Thumbnail,
    Provenance Provenance);
