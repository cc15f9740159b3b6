using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>TensorFlow's LSTM cell, which the runtime crashes on, against its formula.</summary>
[TestClass]
public sealed class LstmBlockCellTests
{
    private const int Inputs = 4;
    private const int Hidden = 3;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void OutputsFollowTheFormula(bool peepholes)
    {
        var m = new TinyModel("cell");
        (float[] w, float[] b) = (m.Arbitrary((Inputs + Hidden) * 4 * Hidden), m.Arbitrary(4 * Hidden));
        float[][] peeps = [m.Arbitrary(Hidden), m.Arbitrary(Hidden), m.Arbitrary(Hidden)];
        int[] inputs =
        [
            m.Floats([1, Inputs]), m.Floats([1, Hidden]), m.Floats([1, Hidden]),
            m.ConstFloats([Inputs + Hidden, 4 * Hidden], w), m.ConstFloats([Hidden], peeps[0]),
            m.ConstFloats([Hidden], peeps[1]), m.ConstFloats([Hidden], peeps[2]), m.ConstFloats([4 * Hidden], b),
        ];
        var param = new LSTMBlockCell { CellClip = 0.4f, ForgetBias = 0.5f, UsePeephole = peepholes };
        m.Gives(m.AddMany(OpType.LSTMBlockCell, param, 7, inputs));
        float[][] found = [.. new InferenceSession(m.Build()).Run(m.Inputs).Select(o => o.Floats)];

        float[] both = [.. m.Inputs[0].Floats, .. m.Inputs[2].Floats];
        for (int j = 0; j < Hidden; j++)
        {
            double Gate(int gate) => b[(gate * Hidden) + j] + both.Select((x, k) => (double)x * w[(((k * 4) + gate) * Hidden) + j]).Sum();
            double Peep(int gate, double cell) => peepholes ? peeps[gate][j] * cell : 0;
            double before = m.Inputs[1].Floats[j];
            double i = Sigmoid(Gate(0) + Peep(0, before));
            double candidate = Math.Tanh(Gate(1));
            double f = Sigmoid(Gate(2) + 0.5 + Peep(1, before));
            double cell = Math.Clamp((i * candidate) + (f * before), -0.4, 0.4);
            double o = Sigmoid(Gate(3) + Peep(2, cell));
            double[] expected = [i, cell, f, o, candidate, Math.Tanh(cell), o * Math.Tanh(cell)];
            for (int k = 0; k < expected.Length; k++)
            {
                Assert.AreEqual(expected[k], found[k][j], 1e-6, $"output {k}[{j}]");
            }
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
