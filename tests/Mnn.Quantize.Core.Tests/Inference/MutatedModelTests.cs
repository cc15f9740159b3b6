using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Real models with a few bytes changed: loaded, prepared and run once, in bounded memory.</summary>
[TestClass]
public sealed class MutatedModelTests
{
    private const long MemoryLimit = 256L << 20;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [Timeout(240_000)]
    [DataRow("lenet5/model.mnn", 400, 1)]
    [DataRow("lenet5/KL-MAX_ABS.mnn", 400, 2)]
    [DataRow("face_detection_short_range/model.mnn", 60, 3)]
    [DataRow("face_detection_short_range/KL-MAX_ABS.mnn", 120, 4)]
    public void ChangedBytesEndInNamedErrorsOrInARun(string name, int mutations, int seed)
    {
        byte[] original = File.ReadAllBytes(ModelFiles.PathOf(name));
        int[] structure = Structure(original);
        var random = new Random(seed);
        int ran = 0;
        var codes = new SortedDictionary<int, int>();
        for (int i = 0; i < mutations; i++)
        {
            byte[] bytes = [.. original];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[structure[random.Next(structure.Length)]] = Value(random);
            }

            try
            {
                Run(bytes, name);
                ran++;
            }
            catch (QuantizeException e)
            {
                codes[e.Diagnostic.Code] = codes.GetValueOrDefault(e.Diagnostic.Code) + 1;
            }
            catch (Exception e)
            {
                Assert.Fail($"{name}, mutation {i}: {e}");
            }
        }

        TestContext.WriteLine($"{name}: {ran} ran, errors {string.Join(", ", codes.Select(c => $"{c.Key}: {c.Value}"))}");
        Assert.IsTrue(ran > 0 && codes.Count > 1, "mutations should reach all stages");
    }

    // Inputs are made here, as an input that a damaged model declares could be of any size.
    private static void Run(byte[] bytes, string name)
    {
        Graph graph = Graph.Build(MnnModel.FromBytes(bytes, name));
        var session = new InferenceSession(graph, MemoryLimit);
        foreach (GraphInput input in graph.Inputs)
        {
            int[] shape = input.Shape.Length == 4 ? input.Shape : [1, 1, 28, 28];
            session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format).Bytes.Clear();
        }

        session.Runner.Run();
        foreach (int id in graph.OutputIds)
        {
            session.ReadOutput(id);
        }
    }

    // Bytes that are no weights: near them are others that are zero, as in offsets, sizes and numbers.
    private static int[] Structure(byte[] model) =>
        [.. Enumerable.Range(8, model.Length - 16).Where(i => model.AsSpan(i - 4, 8).Count((byte)0) >= 3)];

    private static byte Value(Random random) => random.Next(3) switch
    {
        0 => (byte)random.Next(256),
        1 => (byte)random.Next(4),
        _ => (byte)(random.Next(2) == 0 ? 0xFF : 0x7F),
    };
}
