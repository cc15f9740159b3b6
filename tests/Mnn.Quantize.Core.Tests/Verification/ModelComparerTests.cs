using System.Text.Json;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Reporting;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Tests.Verification;

[TestClass]
public sealed class ModelComparerTests
{
    private const int Pictures = 7;

    [TestMethod]
    public void A_model_is_like_itself()
    {
        Graph graph = Load("lenet5/model.mnn");

        ComparisonReport report = Compare(graph, graph, 2);

        Assert.AreEqual(Pictures, report.Pictures);
        Assert.AreEqual(1, report.Top1Agreement);
        foreach (ErrorFigures errors in report.Operators.Select(o => o.Errors).Concat(report.Outputs.Select(o => o.Errors)))
        {
            Assert.AreEqual(1, errors.LowestCosine, 1e-12);
            Assert.AreEqual(0, errors.MaxError);
            Assert.AreEqual(double.PositiveInfinity, errors.SignalToNoise);
            Assert.IsNull(errors.Overflow);
        }
    }

    [TestMethod]
    public void An_int8_model_differs_a_little_and_the_number_of_workers_does_not_matter()
    {
        (Graph expected, Graph actual) = (Load("lenet5/model.mnn"), Load("lenet5/KL-MAX_ABS.mnn"));

        ComparisonReport one = Compare(expected, actual, 1);
        ComparisonReport three = Compare(expected, actual, 3);

        CollectionAssert.AreEqual(one.Outputs.ToArray(), three.Outputs.ToArray());
        CollectionAssert.AreEqual(WithoutTimes(one), WithoutTimes(three));
        Assert.IsTrue(one.Cosine is > 0.8 and < 0.9999, $"{one.Cosine}");
        OperatorComparison[] convolutions = [.. one.Operators.Where(o => o.IsConvolution)];
        Assert.HasCount(5, convolutions);
        Assert.IsTrue(Array.TrueForAll(convolutions, c => c.RunsInt8 && c.Errors.Overflow is >= 0 and <= 1));
        Assert.IsGreaterThan(0, one.FloatMilliseconds);
    }

    [TestMethod]
    public void The_output_has_the_figures_of_its_values()
    {
        (Graph expected, Graph actual) = (Load("lenet5/model.mnn"), Load("lenet5/KL-MAX_ABS.mnn"));
        double cosines = 0;
        double greatest = 0;
        int agreeing = 0;
        for (int i = 0; i < Pictures; i++)
        {
            float[] a = Output(expected, i);
            float[] b = Output(actual, i);
            cosines += OutputCosine.Of(a, b);
            greatest = Math.Max(greatest, a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max());
            agreeing += Array.IndexOf(a, a.Max()) == Array.IndexOf(b, b.Max()) ? 1 : 0;
        }

        OutputComparison output = Compare(expected, actual, 2).Outputs.Single();

        Assert.IsTrue(output.IsScores);
        Assert.AreEqual(cosines / Pictures, output.Errors.Cosine, 1e-12);
        Assert.AreEqual(greatest, output.Errors.MaxError);
        Assert.AreEqual((double)agreeing / Pictures, output.Top1Agreement);
    }

    [TestMethod]
    public void Models_with_other_inputs_are_refused()
    {
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => new ModelComparer(Load("lenet5/model.mnn"), Load("face_detection_short_range/model.mnn")));

        Assert.AreEqual(7001, error.Diagnostic.Code);
    }

    [TestMethod]
    public void The_first_picture_that_fails_is_named()
    {
        Graph graph = Load("lenet5/model.mnn");
        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => new ModelComparer(graph, graph).Run(
            (session, i) => throw Errors.CosineBelowThreshold("", $"{i}", 0, 0), Pictures, 1, null, CancellationToken.None));

        StringAssert.Contains(error.Message, "'0'");
    }

    [TestMethod]
    public void Cancelling_ends_the_comparison()
    {
        Graph graph = Load("lenet5/model.mnn");

        Assert.ThrowsExactly<OperationCanceledException>(
            () => new ModelComparer(graph, graph).Run(Feed, Pictures, 2, null, new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void Thresholds_are_met_or_named()
    {
        ComparisonReport report = Compare(Load("lenet5/model.mnn"), Load("lenet5/KL-MAX_ABS.mnn"), 2);

        Assert.IsEmpty(report.Check(null, null));
        Assert.IsEmpty(report.Check(0.5, 0));
        CollectionAssert.AreEqual(new[] { 7010 }, report.Check(0.9999, null).Select(d => d.Code).ToArray());
        ComparisonReport worse = report with { Outputs = [report.Outputs[0] with { Top1Agreement = 0.5 }] };
        CollectionAssert.AreEqual(new[] { 7010, 7011 }, worse.Check(0.9999, 0.9).Select(d => d.Code).ToArray());
    }

    [TestMethod]
    public void The_json_has_every_figure_and_null_for_infinity()
    {
        Graph graph = Load("lenet5/model.mnn");

        using var json = JsonDocument.Parse(ComparisonText.Json(Compare(graph, graph, 1)));

        JsonElement output = json.RootElement.GetProperty("outputs")[0];
        Assert.AreEqual("output", output.GetProperty("name").GetString());
        Assert.AreEqual(1, output.GetProperty("top5Agreement").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, output.GetProperty("snrDb").ValueKind);
        Assert.AreEqual(20, json.RootElement.GetProperty("operators").GetArrayLength());
    }

    [TestMethod]
    public void The_dump_of_scales_has_those_of_the_reference()
    {
        byte[] ours = ScaleDump.Of(MnnModel.Load(Asset("lenet5/KL-MAX_ABS.mnn")));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Asset("lenet5/KL-MAX_ABS.mnn.json")));
        using var actual = JsonDocument.Parse(ours);

        foreach ((JsonElement theirs, JsonElement op) in expected.RootElement.EnumerateArray().Zip(actual.RootElement.EnumerateArray()))
        {
            Assert.AreEqual(theirs.GetProperty("name").GetString(), op.GetProperty("name").GetString());
            CollectionAssert.AreEqual(Scales(theirs, "outputs"), Scales(op, "outputs"));

            // The reference forgets inputs that it no longer holds in memory; ours are all there.
            CollectionAssert.IsSubsetOf(Scales(theirs, "inputs"), Scales(op, "inputs"));
        }

        Assert.AreEqual(expected.RootElement.GetArrayLength(), actual.RootElement.GetArrayLength());
    }

    private static (int, double)[] Scales(JsonElement op, string name) => op.TryGetProperty(name, out JsonElement tensors)
        ? [.. tensors.EnumerateArray().Select(t => (t.GetProperty("tensorIndex").GetInt32(), t.GetProperty("scales")[0].GetDouble()))]
        : [];

    private static OperatorComparison[] WithoutTimes(ComparisonReport report) =>
        [.. report.Operators.Select(o => o with { FloatMilliseconds = 0, Int8Milliseconds = 0 })];

    private static ComparisonReport Compare(Graph expected, Graph actual, int workers) =>
        new ModelComparer(expected, actual).Run(Feed, Pictures, workers, null, CancellationToken.None);

    private static void Feed(InferenceSession session, int picture)
    {
        GraphInput input = session.Graph.Inputs[0];
        Tensor tensor = session.Runner.PrepareInput(input.Id, input.Type, input.Shape, input.Format);
        var random = new Random(picture);
        foreach (ref float value in tensor.Floats)
        {
            value = (float)random.NextDouble() - 0.5f;
        }
    }

    private static float[] Output(Graph graph, int picture)
    {
        var session = new InferenceSession(graph);
        Feed(session, picture);
        session.Runner.Run();
        return session.ReadOutput(graph.OutputIds[0]).Floats;
    }

    private static Graph Load(string name) => Graph.Build(MnnModel.Load(Asset(name)));

    private static string Asset(string name) => Path.Combine(Repository.Root, "tests/assets/models", name);
}
