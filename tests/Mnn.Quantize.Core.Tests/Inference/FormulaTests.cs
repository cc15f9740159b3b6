using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Operators that the runtime's x86 build doesn't run, against their formulas in double precision.</summary>
[TestClass]
public sealed class FormulaTests
{
    private const int Batch = 2;
    private const int Channels = 6;
    private const int Height = 3;
    private const int Width = 5;
    private const double Tolerance = 1e-5;

    private static readonly int[] Shape = [Batch, Channels, Height, Width];

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 0)]
    [DataRow(3, 1)]
    [DataRow(6, 1)]
    public void GroupNormNormalizesGroupsOfChannels(int groups, int swish)
    {
        var m = new TinyModel("group");
        var param = new GroupNorm
        {
            Group = groups,
            Epsilon = 1e-3f,
            Gamma = m.Arbitrary(Channels),
            Beta = m.Arbitrary(Channels),
            BSwish = swish,
        };
        m.Gives(m.Add(OpType.GroupNorm, param, m.Floats(Shape), m.Floats([Batch, Channels])));
        float[] x = m.Inputs[0].Floats, added = m.Inputs[1].Floats;

        int plane = Height * Width, line = Channels / groups * plane;
        double[] sums = [.. x.Select((v, i) => (double)v + added[i / plane])];
        var expected = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (double mean, double variance) = MeanAndVariance(sums.AsSpan(i / line * line, line));
            int channel = i / plane % Channels;
            double y = ((sums[i] - mean) / Math.Sqrt(variance + param.Epsilon) * param.Gamma[channel]) + param.Beta[channel];
            expected[i] = swish == 0 ? y : y / (1 + Math.Exp(-y));
        }

        AreClose(expected, Run(m)[0].Floats);
    }

    [TestMethod]
    public void InstanceNormTakesMeansAndVariancesFromItsInputs()
    {
        var m = new TinyModel("instance");
        var param = new BatchNorm
        {
            Channels = Channels,
            SlopeData = m.Arbitrary(Channels),
            BiasData = m.Arbitrary(Channels),
            Epsilon = 1e-3f,
        };
        float[] variances = [.. m.Arbitrary(Batch * Channels).Select(v => v * v)];
        m.Gives(m.Add(
            OpType.InstanceNorm, param, m.Floats(Shape), m.Floats([Batch, Channels, 1, 1]),
            m.Floats([Batch, Channels, 1, 1], values: variances)));
        (float[] x, float[] means) = (m.Inputs[0].Floats, m.Inputs[1].Floats);

        double[] expected = [.. x.Select((v, i) =>
        {
            int place = i / (Height * Width), channel = place % Channels;
            double normalized = (v - means[place]) / Math.Sqrt(variances[place] + param.Epsilon);
            return (normalized * param.SlopeData[channel]) + param.BiasData[channel];
        })];

        AreClose(expected, Run(m)[0].Floats);
    }

    [TestMethod]
    public void MomentsAreMeanAndVarianceOfEachChannel()
    {
        var m = new TinyModel("moments");
        m.Gives(m.AddMany(
            OpType.Moments, new MomentsParam { Dim = [2, 3] }, 2, m.Floats(Shape, MNN_DATA_FORMAT.NC4HW4)));
        double[] x = [.. m.Inputs[0].Floats.Select(v => (double)v)];

        TensorValue[] found = Run(m);

        for (int place = 0; place < Batch * Channels; place++)
        {
            (double mean, double variance) = MeanAndVariance(x.AsSpan(place * Height * Width, Height * Width));
            Assert.AreEqual(mean, found[0].Floats[place], Tolerance);
            Assert.AreEqual(variance, found[1].Floats[place], Tolerance);
        }
    }

    [TestMethod]
    public void DropoutPassesItsInputOn()
    {
        var m = new TinyModel("dropout");
        m.Gives(m.Add(OpType.Dropout, null, m.Floats(Shape, MNN_DATA_FORMAT.NC4HW4)));

        CollectionAssert.AreEqual(m.Inputs[0].Floats, Run(m)[0].Floats);
    }

    private static TensorValue[] Run(TinyModel model) => [.. new InferenceSession(model.Build()).Run(model.Inputs)];

    private static (double Mean, double Variance) MeanAndVariance(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, squares / values.Length);
    }

    private static void AreClose(double[] expected, float[] found)
    {
        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], found[i], Tolerance * (1 + Math.Abs(expected[i])), $"element {i}");
        }
    }
}
