using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Quantization.Candidates;

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
}
