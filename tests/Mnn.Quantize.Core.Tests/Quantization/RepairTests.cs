using System.Globalization;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Quantization.Correction;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Each repair lowers the error that it is for, on pictures that calibration has not seen.</summary>
[TestClass]
public sealed class RepairTests
{
    private const int Calibrated = 24;
    private const int Held = 12;

    [TestMethod]
    [DataRow("lenet5", 28, 0.9995)]
    [DataRow("mbv2", 32, 0.9993)]
    public void The_default_repairs_keep_outputs_of_unseen_pictures(string model, int size, double least)
    {
        double plain = Cosine(model, size, ""), repaired = Cosine(model, size, ", \"repair\": \"default\"");

        Assert.IsGreaterThan(least, repaired);
        Assert.IsLessThan((1 - plain) / 2, 1 - repaired, $"at least half of the error of {plain} is gone");
    }

    [TestMethod]
    [DataRow("MSE")]
    [DataRow("PERCENTILE")]
    public void Ranges_with_zero_points_are_nearer_than_the_reference_method(string method) =>
        Assert.IsGreaterThan(
            Cosine("mbv2", 32, ""), Cosine("mbv2", 32, $", \"feature_quantize_method\": \"{method}\""));

    [TestMethod]
    public void Corrected_biases_make_up_for_coarse_weights()
    {
        const string Coarse = ", \"feature_quantize_method\": \"MSE\", \"quant_bits\": 4";

        double plain = Cosine("mbv2", 32, Coarse), corrected = Cosine("mbv2", 32, Coarse + ", \"repair\": [\"bias_correction\"]");

        Assert.IsGreaterThan(plain, corrected);
    }

    [TestMethod]
    public void Last_convolutions_compute_in_float_and_cost_no_bytes()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 8, ", \"repair\": [\"ranges\"]");
        QuantizeResult without = QuantizePipeline.Run(options);
        options = FashionRun.Prepare(folder, "lenet5", 28, 8, ", \"repair\": [\"ranges\", \"float_outputs\"]");
        QuantizeResult with = QuantizePipeline.Run(options);

        Assert.AreEqual(without.Convolutions.Quantized - 1, with.Convolutions.Quantized);
        Assert.IsLessThanOrEqualTo(without.DestinationBytes, with.DestinationBytes);
        Assert.IsGreaterThanOrEqualTo(without.Cosine, with.Cosine);
    }

    [TestMethod]
    public void Equalization_leaves_the_function_and_evens_the_ranges_out()
    {
        string file = ModelFiles.PathOf("face_detection_short_range/model.mnn");
        var model = MnnModel.Load(file);
        var graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, new QuantConfig(), []);
        IReadOnlySet<int> between = Equalization.Candidates(graph, plan);
        Dictionary<int, ChannelSpan> spans = ChannelSpans.Find(graph, between, new Noise(), ["0", "1"], 2, CancellationToken.None);
        IReadOnlyDictionary<int, float[]> factors = Equalization.Find(model, spans, samples: 40);
        Equalization.Apply(model, factors);
        var equalized = Graph.Build(model);
        Dictionary<int, ChannelSpan> evener = ChannelSpans.Find(equalized, between, new Noise(), ["0", "1"], 2, CancellationToken.None);

        IReadOnlyList<TensorValue>[] before = SampleOutputs.Run(graph, new Noise(), ["2"], 1, new TensorPools(), null, CancellationToken.None);
        IReadOnlyList<TensorValue>[] after = SampleOutputs.Run(equalized, new Noise(), ["2"], 1, new TensorPools(), null, CancellationToken.None);

        Assert.IsGreaterThan(1 - 1e-9, OutputCosine.Mean(before, after));
        Assert.IsGreaterThan(5, factors.Count);
        Assert.IsEmpty(Equalization.Find(model, spans, samples: 1), "one sample says nothing of how ranges compare");
        foreach (int id in factors.Keys)
        {
            Assert.IsGreaterThan(Evenness(spans[id]), Evenness(evener[id]), graph.TensorName(id));
        }
    }

    [TestMethod]
    public void Equalized_channels_are_compared_as_what_they_stand_for()
    {
        var model = MnnModel.Load(ModelFiles.PathOf("face_detection_short_range/model.mnn"));
        var graph = Graph.Build(model);
        QuantizationPlan plan = QuantizationPlan.Make(graph, new QuantConfig(), []);
        Dictionary<int, ChannelSpan> spans = ChannelSpans.Find(
            graph, Equalization.Candidates(graph, plan), new Noise(), ["0", "1"], 2, CancellationToken.None);
        var changed = MnnModel.Load(model.Path);
        Equalization.Apply(changed, Equalization.Find(model, spans, samples: 40));

        ComparisonReport report = new ModelComparer(graph, Graph.Build(changed)).Run(
            (session, _) => new Noise().Feed(session, "2"), 1, 1, null, CancellationToken.None);

        foreach (OperatorComparison op in report.Operators)
        {
            Assert.IsGreaterThan(1 - 1e-6, op.Errors.Cosine, op.Tensor);
            Assert.IsGreaterThan(60, op.Errors.SignalToNoise, op.Tensor);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(", \"weight_quantize_method\": \"ADMM\"")]
    public void Weights_rounded_for_their_inputs_make_up_for_few_bits(string method)
    {
        string coarse = ", \"quant_bits\": 4, \"repair\": [\"ranges\", \"float_outputs\", \"bias_correction\"" + "{0}]" + method;

        double nearest = Cosine("lenet5", 28, coarse.Replace("{0}", "", StringComparison.Ordinal));
        double rounded = Cosine("lenet5", 28, coarse.Replace("{0}", ", \"rounding\"", StringComparison.Ordinal));

        Assert.IsLessThan(0.7 * (1 - nearest), 1 - rounded);
    }

    [TestMethod]
    public void No_other_method_gives_a_tensor_a_better_range()
    {
        const double ClipWeight = 32;
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "mbv2", 32, 16, ", \"repair\": [\"ranges\"]");
        var maker = CandidateMaker.Prepare(options.Source, options.ReadConfig([]), 2, [], CancellationToken.None);
        maker.Calibrate(true, 0, null, null, CancellationToken.None);

        foreach (TensorStatistic statistic in maker.Calibration.Statistics.OfType<TensorStatistic>().Where(s => s.HasData))
        {
            var values = new ValueDistribution(statistic);
            double Error(QuantParameters quant) => FeatureRange.Error(values, quant, 127, ClipWeight);
            QuantParameters Symmetric(float scale) => new(scale, 0, -127, 127);
            double least = new[]
            {
                FeatureRange.Whole(values, 127), FeatureRange.Percentile(values, 127), FeatureRange.LeastSquares(values, 127),
                Symmetric(KlScale.Of(statistic, 127)), Symmetric(AdmmScale.Of(statistic, 127)),
            }.Min(Error);

            Assert.IsLessThanOrEqualTo((least * 1.01) + 1e-9, Error(FeatureRange.LeastSquares(values, 127, ClipWeight)));
        }
    }

    [TestMethod]
    public void Ranges_of_few_samples_leave_room_for_greater_values()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 40, ", \"repair\": [\"ranges\"]");
        var all = CandidateMaker.Prepare(options.Source, options.ReadConfig([]), 2, [], CancellationToken.None);
        CandidateMaker one = all.On([all.Samples[0]]), twice = all.On([all.Samples[0], all.Samples[0]]);
        QuantParameters?[][] quants = [.. new[] { one, twice }.Select(maker =>
        {
            maker.Calibrate(true, 0, null, null, CancellationToken.None);
            return maker.Make(QuantizeRecipe.Of(all.Config), [], null, CancellationToken.None).Quant;
        })];

        for (int id = 0; id < quants[0].Length; id++)
        {
            Assert.AreEqual((quants[1][id]?.Scale ?? 0) * 1.2f, quants[0][id]?.Scale ?? 0, 0.05f * (quants[0][id]?.Scale ?? 1));
        }
    }

    // Mean range of a channel by the greatest.
    private static float Evenness(ChannelSpan span)
    {
        float[] ranges = [.. span.Low.Select((low, c) => MathF.Max(-low, span.High[c]))];
        return ranges.Average() / ranges.Max();
    }

    [TestMethod]
    public void Repaired_bytes_do_not_depend_on_the_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 8, ", \"repair\": \"default\"");

        byte[][] files = [.. new[] { 1, 3 }.Select(workers =>
        {
            QuantizePipeline.Run(options with { MaxParallelism = workers });
            return File.ReadAllBytes(options.Destination);
        })];

        CollectionAssert.AreEqual(files[0], files[1]);
    }

    // Calibrates on the first pictures and compares on the others.
    private static double Cosine(string model, int size, string extra)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, model, size, Calibrated + Held, extra);
        var all = CandidateMaker.Prepare(options.Source, options.ReadConfig([]), 2, [], CancellationToken.None);
        CandidateMaker calibrated = all.On([.. all.Samples.Take(Calibrated)]);
        CandidateMaker held = all.On([.. all.Samples.Skip(Calibrated)]);
        calibrated.Calibrate(true, 0, null, null, CancellationToken.None);
        Candidate candidate = calibrated.Make(QuantizeRecipe.Of(all.Config), [], null, CancellationToken.None);
        return CandidateScore.Of(held, candidate, Held, null, CancellationToken.None).Cosine;
    }

    // Pictures of noise, another one for each sample.
    private sealed class Noise : ISampleFeeder
    {
        public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
        {
            var random = new Random(int.Parse(samples[0], CultureInfo.InvariantCulture));
            float[] values = [.. Enumerable.Range(0, 128 * 128 * 3).Select(_ => (random.NextSingle() * 2) - 1)];
            session.Fill(session.Graph.Inputs[0], new TensorValue("", [1, 128, 128, 3], values));
        }

        public void Check(string sample)
        {
        }
    }
}
