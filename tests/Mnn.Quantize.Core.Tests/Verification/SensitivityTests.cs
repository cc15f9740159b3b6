using System.Text.Json;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Core.Tests.Verification;

[TestClass]
public sealed class SensitivityTests
{
    private const int Pictures = 6;

    [TestMethod]
    [DataRow("lenet5", 28)]
    [DataRow("mbv2", 32)]
    public void An_operator_alone_does_what_a_model_with_no_other_int8_convolution_does(string model, int size)
    {
        using var folder = new TemporaryFolder();
        CandidateMaker maker = Prepare(FashionRun.Prepare(folder, model, size, Pictures));
        QuantizeRecipe recipe = QuantizeRecipe.Of(maker.Config);
        Candidate all = maker.Make(recipe, [], null, CancellationToken.None);
        var isolated = new IsolatedOperators(maker.Graph, all.Read());
        ErrorTotals[][] totals = isolated.Measure(maker.Feeder, maker.Samples, 2, null, CancellationToken.None);

        Node[] convolutions = [.. maker.Graph.Nodes.Where(n => maker.Plan.Quantizes(n.Op))];
        foreach (Node node in convolutions.Where((_, i) => i % 5 == 1))
        {
            int place = isolated.Measured.ToList().FindIndex(n => n.Outputs[0] == node.Outputs[0]);
            Candidate alone = maker.Make(
                recipe with
                {
                    FloatOps = convolutions.Where(c => c != node).Select(c => c.Op.Name!).ToHashSet(),
                    Overrides = Enumerable.Range(0, maker.Graph.TensorCount)
                        .Where(id => id != node.Inputs[0] && id != node.Outputs[0]).ToDictionary(id => id, _ => (QuantParameters?)null),
                },
                [], null, CancellationToken.None);
            Assert.AreEqual(1, alone.Convolutions);
            var score = CandidateScore.Of(maker, alone, Pictures, null, CancellationToken.None);
            Assert.AreEqual(score.Cosine, totals[place][0].Figures().Cosine, 1e-9, node.Name);
            Assert.IsLessThan(1, score.Cosine);
        }
    }

    [TestMethod]
    public void The_ranking_begins_with_the_worst_and_does_not_depend_on_the_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "mbv2", 32, 10);

        SensitivityReport one = SensitivityAnalysis.Run(options with { MaxParallelism = 1 }, 4);
        SensitivityReport three = SensitivityAnalysis.Run(options with { MaxParallelism = 3 }, 4);

        CollectionAssert.AreEqual(one.Operators.ToArray(), three.Operators.ToArray());
        Assert.AreEqual(4, one.Pictures);
        double[] losses = [.. one.Operators.Select(o => o.Loss)];
        Assert.AreSequenceEqual(losses.OrderDescending().ToArray(), losses);
        Assert.IsGreaterThan(20, one.Operators.Count(o => o.IsConvolution));
        Assert.IsLessThan(one.Operators[0].Cosine, one.Cosine);
        Assert.IsFalse(File.Exists(options.Destination));
    }

    [TestMethod]
    public void Convolutions_that_compute_in_float_count_with_their_rounded_weights()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = FashionRun.Prepare(folder, "lenet5", 28, 10, ", \"repair\": [\"float_outputs\"]");

        SensitivityReport report = SensitivityAnalysis.Run(options, 4);

        OperatorSensitivity last = report.Operators.Single(o => !o.RunsInt8);
        Assert.IsTrue(last.IsConvolution);
        Assert.IsTrue(last.Loss is > 0 and < 1e-3, $"{last.Loss}");
        using var json = JsonDocument.Parse(SensitivityText.Json(report));
        Assert.AreEqual(report.Operators.Count, json.RootElement.GetProperty("operators").GetArrayLength());
    }

    private static CandidateMaker Prepare(QuantizeOptions options)
    {
        var maker = CandidateMaker.Prepare(options.Source, options.ReadConfig([]), 2, [], CancellationToken.None);
        maker.Calibrate(true, 0, null, null, CancellationToken.None);
        return maker;
    }
}
