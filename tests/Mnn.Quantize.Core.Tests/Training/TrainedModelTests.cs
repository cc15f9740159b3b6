using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>What comes out of a training.</summary>
[TestClass]
public sealed class TrainedModelTests
{
    private const int Channels = 3;
    private const int Size = 8;
    private const int Samples = 32;
    private const int Steps = 60;

    [TestMethod]
    [DataRow(8, false)]
    [DataRow(4, false)]
    [DataRow(4, true)]
    public void Training_lowers_the_loss_and_the_int8_model_computes_what_the_last_step_did(int bits, bool learns)
    {
        TensorValue input = Input();
        float[] target = new InferenceSession(Make(17)).Run(input)[0].Floats;
        ITrainableNet net = TrainingGraph.Create(
            Make(0), new TrainingOptions { WeightBits = bits, LearnStepSizes = learns, Momentum = 0.8f });

        double first = 0, last = 0;
        for (int step = 0; step < Steps; step++)
        {
            float[] output = net.Forward([input], true)[0].Floats;
            last = Loss(output, target);
            first = step == 0 ? last : first;
            net.Backward([[.. output.Zip(target, (y, t) => 2 * (y - t) / target.Length)]]);
            foreach (TrainableParameter parameter in net.Parameters)
            {
                float rate = parameter.Kind == ParameterKind.StepSize ? 0.001f : 0.05f;
                for (int i = 0; i < parameter.Value.Length; i++)
                {
                    parameter.Value[i] -= rate * parameter.Gradient[i];
                }
            }

            net.AfterUpdate();
        }

        Assert.IsLessThan(first / 2, last);
        MnnModel int8 = MnnModel.FromBytes(net.ToModel().ToBytes(), "trained.mnn");
        Assert.IsTrue(int8.Net.Oplists!.Where(o => o.Main is Convolution2D).All(
            o => o.Main is Convolution2D { Weight: null, QuanParameter: not null }));
        float[] saved = new InferenceSession(int8).Run(input)[0].Floats;
        CollectionAssert.AreEqual(net.Forward([input], false)[0].Floats, saved);
        Assert.IsLessThan(first / 2, Loss(saved, target), "the saved model's loss");
    }

    [TestMethod]
    public void Dropout_drops_its_share_in_training_alone_and_its_gradient_does_as_much()
    {
        MnnModel model = new SmallNet().Input(Channels, Size).Convolution("a", Channels, 8)
            .Add(OpType.Dropout, "drop", null, [1]).Build();
        ITrainableNet net = TrainingGraph.Create(model, new TrainingOptions { Quantize = false, Workers = 2 });
        float[] kept = net.Forward([Input()], false)[0].Floats;
        float[] output = net.Forward([Input()], true)[0].Floats;

        Assert.AreEqual(0.3, output.Count(v => v == 0) / (double)output.Length, 0.02);
        Assert.IsTrue(output.Zip(kept).All(p => p.First == 0 || MathF.Abs(p.First - (p.Second / 0.7f)) < 1e-5f * (1 + MathF.Abs(p.First))));

        net.Backward([[.. Enumerable.Repeat(1f, output.Length)]]);
        TrainableParameter bias = net.Parameters.Single(p => p.Name == "a.bias");
        Assert.AreEqual(output.Count(v => v != 0) / 0.7, bias.Gradient.Sum(), 0.5);
        CollectionAssert.AreNotEqual(output, net.Forward([Input()], true)[0].Floats);
    }

    [TestMethod]
    public void The_float_model_keeps_BatchNorm_with_what_training_made_of_it()
    {
        ITrainableNet net = TrainingGraph.Create(Make(0), new TrainingOptions { Quantize = false });
        float[] output = net.Forward([Input()], true)[0].Floats;
        net.Backward([output]);
        net.Parameters.Single(p => p.Name == "norm.beta").Value[0] = 5;
        net.AfterUpdate();

        var norm = (BatchNorm)net.ToModel().Net.Oplists!.Single(o => o.Name == "norm").Main!;
        Assert.AreEqual(5, norm.BiasData![0]);
        Assert.AreEqual(net.State[0][0], norm.MeanData![0]);
    }

    private static MnnModel Make(int other)
    {
        var net = new SmallNet();
        net.Values(other, 0, 1);
        return net.Input(Channels, Size).Convolution("a", Channels, 8).BatchNorm("norm", 8)
            .Add(OpType.ReLU6, "clip", SmallNet.Clip(0, 6), [2]).Convolution("b", 8, 8, OpType.ConvolutionDepthwise, 8)
            .Convolution("c", 8, 4, kernel: 1).Build();
    }

    private static TensorValue Input() => new(
        "data", [Samples, Channels, Size, Size], new SmallNet().Values(Samples * Channels * Size * Size, -1, 1));

    private static double Loss(float[] output, float[] target) =>
        output.Zip(target, (y, t) => ((double)y - t) * ((double)y - t)).Average();
}
