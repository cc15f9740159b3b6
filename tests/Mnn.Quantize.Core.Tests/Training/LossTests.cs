using Mnn.Quantize.Configuration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Training.Losses;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>Losses and their derivatives.</summary>
[TestClass]
public sealed class LossTests
{
    private const int Rows = 3;
    private const int Classes = 5;

    [TestMethod]
    [DataRow("CrossEntropy", "Scores", 0.0)]
    [DataRow("CrossEntropy", "Probabilities", 0.0)]
    [DataRow("CrossEntropy", "Scores", 0.3)]
    [DataRow("Auto", "Probabilities", 1.0)]
    [DataRow("Mse", "Scores", 0.0)]
    [DataRow("Mse", "Scores", 0.5)]
    [DataRow("Auto", "Values", 1.0)]
    public void The_derivative_is_that_of_the_mean(string loss, string kind, double distill)
    {
        var objective = new Objective(
            [Enum.Parse<OutputKind>(kind)], Enum.Parse<TrainLoss>(loss), distill, temperature: 2);
        TensorValue output = Numbers(1), teacher = Numbers(2);
        int[] labels = [4, 0, 2];
        float[] gradient = new float[output.Floats.Length];
        gradient.AsSpan().Fill(99);
        double at = objective.Run([output], [teacher], labels, [gradient]);

        Assert.AreEqual(at, objective.Run([output], [teacher], labels, null), "the loss without derivative");
        for (int i = 0; i < gradient.Length; i++)
        {
            double Loss(float shift)
            {
                float[] moved = [.. output.Floats];
                moved[i] += shift;
                return objective.Run([new TensorValue("y", [Rows, Classes], moved)], [teacher], labels, null) / Rows;
            }

            const float shift = 1f / 1024;
            Assert.AreEqual((Loss(shift) - Loss(-shift)) / (2 * shift), gradient[i], 2e-4, $"element {i}");
        }
    }

    [TestMethod]
    public void Cross_entropy_of_equal_scores_is_the_logarithm_of_their_number()
    {
        var objective = new Objective([OutputKind.Scores], TrainLoss.Auto, 0, 1);
        var output = new TensorValue("y", [Rows, Classes], new float[Rows * Classes]);
        Assert.AreEqual(Rows * Math.Log(Classes), objective.Run([output], null, [0, 1, 2], null), 1e-9);
    }

    [TestMethod]
    public void A_net_that_says_what_the_float_model_says_has_no_loss_and_no_derivative()
    {
        var objective = new Objective([OutputKind.Scores], TrainLoss.Auto, 1, 3);
        float[] gradient = new float[Rows * Classes];
        Assert.AreEqual(0, objective.Run([Numbers(1)], [Numbers(1)], [], [gradient]));
        CollectionAssert.AreEqual(new float[Rows * Classes], gradient);
    }

    // Between 0.1 and 0.9, so that they may be probabilities.
    private static TensorValue Numbers(int seed)
    {
        var random = new Random(seed);
        return new TensorValue(
            "y", [Rows, Classes], [.. Enumerable.Range(0, Rows * Classes).Select(_ => 0.1f + (0.8f * random.NextSingle()))]);
    }
}
