using Mnn.Quantize.Configuration;
using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization.Candidates;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Several int8 models of one float model, in memory.</summary>
[TestClass]
public sealed class CandidateMakerTests
{
    private const int Pictures = 12;

    [TestMethod]
    [DataRow("KL")]
    [DataRow("EMA")]
    public void A_candidate_is_what_a_run_writes(string method)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Options(folder, method);
        QuantizeResult result = QuantizePipeline.Run(options);

        CandidateMaker maker = Prepare(options);
        Candidate candidate = Make(maker, QuantizeRecipe.Of(maker.Config));
        var score = CandidateScore.Of(maker, candidate, 8, null, CancellationToken.None);

        CollectionAssert.AreEqual(File.ReadAllBytes(options.Destination), candidate.Bytes);
        Assert.AreEqual(result.Cosine, score.Cosine);
        Assert.AreEqual(result.Top1Agreement, score.Top1Agreement);
        Assert.AreEqual(score.Cosine, score.OutputCosines.Average(), 1e-12);
    }

    [TestMethod]
    public void What_was_made_before_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        CandidateMaker maker = Prepare(Options(folder, "KL"));
        QuantizeRecipe recipe = QuantizeRecipe.Of(maker.Config);
        byte[] first = Make(maker, recipe).Bytes;

        Candidate other = Make(maker, recipe with { FeatureMethod = FeatureMethod.ADMM, Bits = 4 });
        byte[] again = Make(maker, recipe).Bytes;

        CollectionAssert.AreEqual(first, again);
        Assert.IsLessThan(first.Length, other.Bytes.Length);
    }

    [TestMethod]
    public void Operators_and_tensors_stay_float_where_the_recipe_says_so()
    {
        using var folder = new TemporaryFolder();
        CandidateMaker maker = Prepare(Options(folder, "KL"));
        QuantizeRecipe recipe = QuantizeRecipe.Of(maker.Config);
        Candidate all = Make(maker, recipe);
        Node node = maker.Graph.Nodes.Last(n => maker.Plan.Convolutions.Contains(n.Op));
        string last = node.Name;

        Candidate one = Make(maker, recipe with { FloatOps = new HashSet<string> { last } });

        Assert.AreEqual(all.Convolutions - 1, one.Convolutions);
        Assert.IsNull(((Convolution2D)one.Model.Net.Oplists!.Single(o => o.Name == last).Main!).SymmetricQuan);

        int input = node.Inputs[0];
        Candidate tensor = Make(maker, recipe with { Overrides = new Dictionary<int, QuantParameters?> { [input] = null } });
        Assert.IsNull(tensor.Quant[input]);
        Assert.AreEqual(all.Convolutions - 1, tensor.Convolutions, "the convolution that reads it needs its scale");
    }

    [TestMethod]
    public void Float_outputs_are_there_for_as_many_samples_as_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        CandidateMaker maker = Prepare(Options(folder, "KL"));
        Candidate candidate = Make(maker, QuantizeRecipe.Of(maker.Config));

        Assert.AreEqual(8, CandidateScore.Of(maker, candidate, 8, null, CancellationToken.None).Samples);
        Assert.AreEqual(Pictures, CandidateScore.Of(maker, candidate, 1000, null, CancellationToken.None).Samples);
    }

    private static QuantizeOptions Options(TemporaryFolder folder, string method) => FashionRun.Prepare(
        folder, "lenet5", 28, Pictures, $", \"feature_quantize_method\": \"{method}\", \"batch_size\": 4") with
    { MaxParallelism = 2 };

    private static CandidateMaker Prepare(QuantizeOptions options)
    {
        var maker = CandidateMaker.Prepare(options.Source, options.ReadConfig([]), 2, [], CancellationToken.None, remember: true);
        maker.Calibrate(true, 8, null, null, CancellationToken.None);
        return maker;
    }

    private static Candidate Make(CandidateMaker maker, QuantizeRecipe recipe) =>
        maker.Make(recipe, [], null, CancellationToken.None);
}
