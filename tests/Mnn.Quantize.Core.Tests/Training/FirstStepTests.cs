using Mnn.Quantize.Core.Tests.Inference;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>Real models take a step of training, and the int8 model that comes of it runs.</summary>
[TestClass]
public sealed class FirstStepTests
{
    private const float Rate = 1e-4f;

    [TestMethod]
    [DataRow("lenet5", 8, false)]
    [DataRow("mbv2", 4, false)]
    [DataRow("mbv2", 4, true)]
    [DataRow("face_detection_short_range", 8, true)]
    public void A_step_has_a_finite_loss_and_gradients_that_lower_it(string name, int bits, bool learns)
    {
        var model = MnnModel.Load(Assets.PathOf($"models/{name}/model.mnn"));
        var options = new TrainingOptions { WeightBits = bits, LearnStepSizes = learns, LearnFeatureSteps = learns, Workers = 2 };
        ITrainableNet net = TrainingGraph.Create(model, options);
        TensorInfo input = new InferenceSession(model).Inputs[0];
        int[] shape = [2, .. input.Shape.Skip(1)];
        var random = new Random(11);
        TensorValue[] values =
            [new(input.Name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle())])];

        IReadOnlyList<TensorValue> target = TrainingGraph.Create(model, options with { Quantize = false }).Forward(values, false);
        for (int step = 0; learns && step < 20; step++)
        {
            net.Forward(values, training: true); // Steps of activations are learned from the 17th batch on.
        }

        (double first, float[]?[] gradients) = Loss(net.Forward(values, training: true), target);
        net.Backward(gradients);
        Assert.IsTrue(double.IsFinite(first) && first > 0, $"loss {first}");
        Assert.IsTrue(net.Parameters.All(p => p.Gradient.All(float.IsFinite)));
        Assert.IsTrue(net.Parameters.All(p => p.Value.Length == 0 || p.Gradient.Any(g => g != 0) || p.Kind == ParameterKind.StepSize));

        double squares = net.Parameters.Sum(p => p.Gradient.Sum(g => (double)g * g));
        float rate = Rate * (float)(first / squares);
        foreach (TrainableParameter parameter in net.Parameters)
        {
            for (int i = 0; i < parameter.Value.Length; i++)
            {
                parameter.Value[i] -= rate * parameter.Gradient[i];
            }
        }

        net.AfterUpdate();
        Assert.IsTrue(double.IsFinite(Loss(net.Forward(values, training: false), target).Value));
        MnnModel int8 = net.ToModel();
        Assert.IsTrue(
            Graph.Build(MnnModel.FromBytes(int8.ToBytes(), "int8.mnn")).Nodes.Any(n => n.RunsInt8), "nothing runs in int8");

    }

    private static (double Value, float[]?[] Gradients) Loss(IReadOnlyList<TensorValue> outputs, IReadOnlyList<TensorValue> target)
    {
        double sum = 0;
        var gradients = new float[]?[outputs.Count];
        for (int o = 0; o < outputs.Count; o++)
        {
            (float[] y, float[] t) = (outputs[o].Floats, target[o].Floats);
            sum += y.Zip(t, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
            gradients[o] = [.. y.Zip(t, (a, b) => 2 * (a - b))];
        }

        return (sum, gradients);
    }
}
