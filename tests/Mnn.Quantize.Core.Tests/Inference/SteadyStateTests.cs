using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>What a session keeps from one run to the next: its memory, and nothing else.</summary>
[TestClass]
public sealed class SteadyStateTests
{
    private const int Runs = 10;
    private const int Rounds = 5;

    [TestMethod]
    [DataRow("lenet5/model.mnn")]
    [DataRow("mbv2/model.mnn")]
    [DataRow("face_detection_short_range/model.mnn")]
    public void ASecondRunAllocatesNothing(string model)
    {
        var session = InferenceSession.Load(ModelFiles.PathOf(model));
        for (int i = 0; i < Runs; i++)
        {
            Run(session, i);
        }

        long pool = session.Pool.AllocatedBytes;

        // The least of several rounds: the runtime itself allocates a little when it replaces code by faster code.
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Runs; i++)
            {
                Run(session, i);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(pool, session.Pool.AllocatedBytes);
        Assert.AreEqual(0, least, "bytes in a round");
    }

    [TestMethod]
    public void ARunSeesItsOwnInputEvenIfTheLastOneLeftACast()
    {
        var session = InferenceSession.Load(ModelFiles.PathOf("lenet5/KL-MAX_ABS.mnn"));
        float[] first = Output(session, 1);
        float[] second = Output(session, 2);

        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Output(session, 1));
    }

    [TestMethod]
    public void ManySmallTensorsDoNotMakeThePoolGrow()
    {
        var m = new TinyModel("chain");
        int tensor = m.Floats([1, 8, 16, 16], MNN_DATA_FORMAT.NC4HW4);
        for (int i = 0; i < 50; i++)
        {
            tensor = m.Add(OpType.ReLU, new Relu { Slope = 0.5f }, tensor);
        }

        var session = new InferenceSession(m.Gives(tensor).Build());
        session.Run(m.Inputs);

        // Input, its channels-last twin and the copy for the caller.
        Assert.IsLessThanOrEqualTo(3 * 8 * 16 * 16 * sizeof(float), session.Pool.AllocatedBytes);
    }

    // Without ReleaseAll between the runs, as a caller may do who reads the outputs' memory.
    private static float[] Output(InferenceSession session, int seed)
    {
        Fill(session, seed);
        session.Runner.Run();
        return session.ReadOutput(session.Graph.OutputIds[0]).Floats;
    }

    private static void Run(InferenceSession session, int seed)
    {
        Fill(session, seed);
        session.Runner.Run();
        session.Runner.ReleaseAll();
    }

    private static void Fill(InferenceSession session, int seed)
    {
        GraphInput input = session.Graph.Inputs[0];
        Span<float> floats = session.Runner.PrepareInput(input.Id, input.Type, input.Shape, input.Format).Floats;
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = MathF.Sin((i * 0.1f) + seed);
        }
    }
}
