using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>What fuzzing has found, so that it is not found again.</summary>
[TestClass]
public sealed class FuzzFindingTests
{
    [TestMethod]
    public void A_constant_that_claims_more_than_it_has_takes_no_memory()
    {
        byte[] model = Read("constant-claims-1-GiB.mnn");
        long before = GC.GetAllocatedBytesForCurrentThread();

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => Graph.Build(MnnModel.FromBytes(model)));

        Assert.AreEqual(4008, error.Diagnostic.Code);
        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void An_output_that_needs_too_much_memory_is_a_named_error()
    {
        Graph graph = Graph.Build(MnnModel.FromBytes(Read("output-beyond-memory.mnn")));
        var session = new InferenceSession(graph, 64L << 20);
        foreach (GraphInput input in graph.Inputs)
        {
            session.Runner.PrepareInput(input.Id, input.Type, [.. input.Shape.Select(d => Math.Clamp(d, 1, 8))], input.Format).Bytes.Clear();
        }

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() =>
        {
            session.Runner.Run();
            foreach (int id in graph.OutputIds)
            {
                session.ReadOutput(id);
            }
        });

        Assert.AreEqual(4040, error.Diagnostic.Code);
    }

    [TestMethod]
    [DataRow(int.MaxValue, 1, 0)]
    [DataRow(2, int.MaxValue, 0)]
    [DataRow(2, 1, int.MinValue)]
    [DataRow(65536, 1, 0)]
    public void Windows_whose_positions_would_wrap_around_are_refused(int kernel, int stride, int pad)
    {
        // Two kernel positions past the largest int would have passed for one inside the picture.
        var shape = new ConvolutionShape
        {
            Batch = 1,
            InputHeight = 4,
            InputWidth = 4,
            InputChannels = 8,
            OutputHeight = 2,
            OutputWidth = 2,
            OutputChannels = 8,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = pad,
            PadLeft = pad,
        };
        float[] x = new float[128], y = new float[32];

        Assert.ThrowsExactly<ArgumentException>(() => Pooling2D.Run(PoolingKind.AverageOfInside, shape, 0, 0, x, y));
        Assert.ThrowsExactly<ArgumentException>(() => Pooling2D.Run(PoolingKind.Max, shape, 0, 0, x, y));
    }

    [TestMethod]
    public void Sizes_whose_product_wraps_around_are_refused()
    {
        var shape = new ConvolutionShape
        {
            Batch = 1 << 16,
            InputHeight = 1 << 16,
            InputWidth = 1 << 16,
            InputChannels = 1 << 16,
            OutputHeight = 1,
            OutputWidth = 1,
            OutputChannels = 1 << 16,
            KernelHeight = 1,
            KernelWidth = 1,
        };

        Assert.ThrowsExactly<OverflowException>(() => _ = shape.InputLength);
    }

    [TestMethod]
    public void A_pooling_with_an_absurd_kernel_is_an_error_that_names_it()
    {
        var m = new TinyModel("pool");
        m.Gives(m.Add(
            OpType.Pooling,
            new Pool { KernelX = int.MaxValue, KernelY = int.MaxValue, StrideX = 1, StrideY = 1, Type = PoolType.AVEPOOL },
            m.Floats([1, 8, 4, 4], MNN_DATA_FORMAT.NC4HW4)));

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => new InferenceSession(m.Build()).Run(m.Inputs));

        Assert.IsTrue(error.Diagnostic.Code is > 4000 and < 5000, error.Message);
    }

    [TestMethod]
    [DataRow(int.MaxValue, 4f)]
    [DataRow(0, 1e30f)]
    public void Boxes_that_are_read_at_more_places_than_pictures_have_are_an_error(int ratio, float side)
    {
        var m = new TinyModel("boxes");
        m.Gives(m.Add(
            OpType.ROIAlign,
            new RoiParameters { PooledWidth = 2, PooledHeight = 2, SpatialScale = 1, SamplingRatio = ratio, PoolType = PoolType.AVEPOOL },
            m.Floats([1, 2, 8, 8], MNN_DATA_FORMAT.NC4HW4),
            m.Floats([1, 5], values: [0, 0, 0, side, side])));

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => new InferenceSession(m.Build()).Run(m.Inputs));

        Assert.IsTrue(error.Diagnostic.Code is > 4000 and < 5000, error.Message);
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests/assets/fuzz", name));
}
