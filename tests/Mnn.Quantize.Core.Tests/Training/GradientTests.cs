using Mnn.Quantize.Core.Tests.Quantization;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Gradients;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>Gradients are the slopes of the loss: what central differences of it, summed up in double, say.</summary>
[TestClass]
public sealed class GradientTests
{
    private const int Channels = 4;
    private const int Size = 6;
    private const int Samples = 5;
    private const float Step = 5e-4f;

    private static readonly Dictionary<string, Func<SmallNet, SmallNet>> Cases = new()
    {
        ["Convolution"] = n => n.Convolution("op", Channels, 6),
        ["Convolution of one pixel"] = n => n.Convolution("op", Channels, 6, kernel: 1),
        ["Convolution in groups"] = n => n.Convolution("op", Channels, 6, group: 2),
        ["ConvolutionDepthwise"] = n => n.Convolution("op", Channels, Channels, OpType.ConvolutionDepthwise, Channels),
        ["Deconvolution"] = n => n.Convolution("op", Channels, 6, OpType.Deconvolution),
        ["Deconvolution in groups"] = n => n.Convolution("op", Channels, 6, OpType.Deconvolution, 2),
        ["DeconvolutionDepthwise"] = n => n.Convolution("op", Channels, Channels, OpType.DeconvolutionDepthwise, Channels),
        ["Convolution with stride"] = n => Strided(n.Convolution("op", Channels, 6), 2),
        ["ConvolutionDepthwise with stride"] = n =>
            Strided(n.Convolution("op", Channels, Channels, OpType.ConvolutionDepthwise, Channels), 2),
        ["BatchNorm"] = n => n.BatchNorm("op", Channels),
        ["BatchNorm and ReLU6"] = n => n.BatchNorm("op", Channels).Add(OpType.ReLU6, "clip", SmallNet.Clip(0, 6), [n.Last]),
        ["BatchNorm that is read twice"] = n => n.BatchNorm("op", Channels).Sum("sum", 1, 2),
        ["Scale"] = n => n.Scale("op", Channels),
        ["PReLU"] = n => n.Add(OpType.PReLU, "op", new PRelu { SlopeCount = Channels, Slope = n.Values(Channels, 0.1f, 0.5f) }, [n.Last]),
        ["PReLU with one slope"] = n => n.Add(OpType.PReLU, "op", new PRelu { SlopeCount = 1, Slope = [0.3f] }, [n.Last]),
        ["ReLU"] = n => n.Add(OpType.ReLU, "op", new Relu { Slope = 0.1f }, [n.Last]),
        ["ReLU6"] = n => n.Sum("twice", 1, 1).Add(OpType.ReLU6, "op", SmallNet.Clip(-0.5f, 1), [n.Last]),
        ["ELU"] = n => n.Add(OpType.ELU, "op", new ELU { Alpha = 0.7f }, [n.Last]),
        ["Selu"] = n => n.Add(OpType.Selu, "op", new Selu { Alpha = 1.67f, Scale = 1.05f }, [n.Last]),
        ["Sigmoid"] = n => n.Add(OpType.Sigmoid, "op", null, [n.Last]),
        ["TanH"] = n => n.Add(OpType.TanH, "op", null, [n.Last]),
        ["Softmax"] = n => n.Add(OpType.Softmax, "op", new Axis { AxisValue = 1 }, [n.Last]),
        ["Pooling, maximum"] = n => n.Add(OpType.Pooling, "op", Window(PoolType.MAXPOOL, 3, 2), [n.Last]),
        ["Pooling, average"] = n => n.Add(OpType.Pooling, "op", Window(PoolType.AVEPOOL, 3, 2), [n.Last]),
        ["Pooling, global"] = n => n.Add(OpType.Pooling, "op", new Pool { IsGlobal = true, Type = PoolType.AVEPOOL }, [n.Last]),
        ["Pooling3D"] = n => n.Add(OpType.Pooling3D, "op", new Pool3D { IsGlobal = true, Type = PoolType.AVEPOOL }, [n.Last]),
        ["Pooling3D, maximum"] = n => n.Add(
            OpType.Pooling3D, "op", new Pool3D { Kernels = [3, 2], Strides = [2, 2], Pads = [1, 0], Type = PoolType.MAXPOOL }, [n.Last]),
        ["Interp, bilinear"] = n => n.Add(
            OpType.Interp, "op", new Interp { ResizeType = 2, OutputHeight = 9, OutputWidth = 11, HeightScale = 1.5f, WidthScale = 11f / 6 }, [n.Last]),
        ["Interp, nearest"] = n => n.Add(
            OpType.Interp, "op", new Interp { ResizeType = 1, OutputHeight = 12, OutputWidth = 12, HeightScale = 2, WidthScale = 2 }, [n.Last]),
        ["Reduction, sum"] = n => Reduced(n, ReductionType.SUM),
        ["Reduction, mean"] = n => Reduced(n, ReductionType.MEAN),
        ["Reduction, maximum"] = n => Reduced(n, ReductionType.MAXIMUM),
        ["Reduction, magnitudes"] = n => Reduced(n, ReductionType.ASUM),
        ["Reduction, squares"] = n => Reduced(n, ReductionType.SUMSQ),
        ["Reduction, product"] = n => Reduced(n, ReductionType.PROD, [1]),
        ["Reduction, minimum"] = n => Reduced(n, ReductionType.MINIMUM),
        ["Eltwise, sum"] = n => Joined(n, EltwiseType.SUM),
        ["Eltwise, difference"] = n => Joined(n, EltwiseType.SUB),
        ["Eltwise, product"] = n => Joined(n, EltwiseType.PROD),
        ["Eltwise, maximum"] = n => Joined(n, EltwiseType.MAXIMUM),
        ["MatMul"] = n => n.Convolution("right", Channels, Channels, from: 0)
            .Add(OpType.BatchMatMul, "op", new BatchMatMulParam { AdjY = true }, [1, 2]),
        ["MatMul with a constant"] = n => n.Constant("matrix", Size, 5)
            .Add(OpType.MatMul, "op", new MatMul(), [1, 2]),
        ["MatMul with a constant on the left, and one that is added"] = n => n.Constant("matrix", 5, Size).Constant("bias", Size)
            .Add(OpType.MatMul, "op", new MatMul(), [2, 1, 3]),
        ["MatMul with a constant row, transposed"] = n => n.Constant("row", Size)
            .Add(OpType.MatMul, "op", new MatMul { TransposeB = true }, [1, 2]),
        ["LayerNorm"] = n => n.Add(OpType.LayerNorm, "op", Lines(n, [3]), [1]),
        ["LayerNorm by root mean square"] = n => n.Add(OpType.LayerNorm, "op", Lines(n, [3], rootMeanSquare: true), [1]),
        ["LayerNorm in groups"] = n => n.Add(OpType.LayerNorm, "op", new LayerNorm { Epsilon = 1e-3f, Group = 2, Axis = [1] }, [1]),
        ["LayerNorm of a sum"] = n => n.AddTwo(OpType.LayerNorm, "norm", Lines(n, [3]), [1, 0]).Sum("op", 2, 3),
        ["GroupNorm"] = n => n.Add(OpType.GroupNorm, "op", Groups(n), [1]),
        ["GroupNorm with addend and swish"] = n => n
            .Add(OpType.Pooling, "addend", new Pool { IsGlobal = true, Type = PoolType.MAXPOOL }, [1])
            .Add(OpType.GroupNorm, "op", Groups(n, swish: 1), [1, 2]),
        ["InstanceNorm of Moments"] = n => n
            .AddTwo(OpType.Moments, "moments", new MomentsParam { Dim = [2, 3], KeepDims = true }, [1])
            .Add(OpType.InstanceNorm, "op", Instances(n), [1, 2, 3]),
        ["Normalize"] = n => n.Add(OpType.Normalize, "op", new Normalize { Eps = 1e-3f, Scale = n.Values(Channels, 0.5f, 2) }, [1]),
        ["Normalize over the image"] = n => n.Add(
            OpType.Normalize, "op", new Normalize { AcrossSpatial = 1, Eps = 1e-3f, Scale = n.Values(Channels, 0.5f, 2) }, [1]),
        ["LRN"] = n => n.Add(OpType.LRN, "op", new LRN { LocalSize = 3, Alpha = 2, Beta = 0.75f }, [1]),
        ["LRN of squares"] = n => n.Add(OpType.LRN, "op", new LRN { RegionType = 1, LocalSize = 4, Alpha = 2, Beta = 0.75f }, [1]),
        ["Resize"] = n => n.Add(OpType.Resize, "op", new Resize { XScale = 2, YScale = 1.5f }, [1]),
        ["Interp, cubic"] = n => n.Add(
            OpType.Interp,
            "op",
            new Interp { ResizeType = 3, OutputHeight = 9, OutputWidth = 11, HeightScale = 1.5f, WidthScale = 11f / 6, CubicCoeffA = -0.75f },
            [1]),
        ["Remainder"] = n => Remainder(n, BinaryOpOperation.MOD),
        ["Remainder, rounded down"] = n => Remainder(n, BinaryOpOperation.FLOORMOD),
        ["Concat"] = n => n.Add(OpType.Concat, "op", new Axis { AxisValue = 1 }, [1, 0]),
        ["Permute"] = n => n.Add(OpType.Permute, "op", new Permute { Dims = [0, 2, 1, 3] }, [n.Last]),
        ["Flatten"] = n => n.Add(OpType.Flatten, "op", new Flatten { Axis = 1 }, [n.Last]),
    };

    public static IEnumerable<string> Names =>
    [
        .. Cases.Keys,
        .. UnaryNames.Select(f => "unary " + f),
        .. BinaryNames.Select(f => "binary " + f),
    ];

    // Functions that are steps have no slope to compare with.
    private static IEnumerable<UnaryOpOperation> UnaryNames => Enum.GetValues<UnaryOpOperation>().Where(f =>
        Derivatives.Of(f) is not null
        && f is not (UnaryOpOperation.FLOOR or UnaryOpOperation.CEIL or UnaryOpOperation.ROUND or UnaryOpOperation.SIGN));

    private static IEnumerable<BinaryOpOperation> BinaryNames =>
        Enum.GetValues<BinaryOpOperation>()
            .Where(f => Derivatives.Of(f) is not null && f is not (BinaryOpOperation.MOD or BinaryOpOperation.FLOORMOD)).Distinct();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_gradient_of_every_parameter_is_the_slope_of_the_loss(string name)
    {
        var net = new SmallNet().Input(Channels, Size).Convolution("conv", Channels, Channels);
        MnnModel model = Make(net, name).Build();
        ITrainableNet trainable = TrainingGraph.Create(model, new TrainingOptions { Quantize = false });
        TensorValue input = Input();
        float[] weights = new SmallNet().Values(trainable.Forward([input], true)[0].Floats.Length, -1, 1);

        trainable.Forward([input], true);
        trainable.Backward([weights]);

        double difference = 0, size = 0;
        foreach (TrainableParameter parameter in trainable.Parameters)
        {
            float[] gradient = [.. parameter.Gradient];
            for (int i = 0; i < parameter.Value.Length; i += Math.Max(1, parameter.Value.Length / 24))
            {
                double slope = Slope(trainable, parameter, i, input, weights);
                difference += Math.Pow(slope - gradient[i], 2);
                size += slope * slope;
            }
        }

        Assert.IsGreaterThan(1e-6, size, "nothing depends on the parameters");
        Assert.IsLessThan(0.01, Math.Sqrt(difference / size), $"relative distance of the gradients of {name}");
    }

    [TestMethod]
    public void An_operator_without_derivative_behind_trained_ones_is_an_error_that_names_it()
    {
        MnnModel model = new SmallNet().Input(Channels, Size).Convolution("conv", Channels, Channels)
            .Add(OpType.Dilation2D, "norm", Dilation(), [1]).Convolution("last", Channels, 2).Build();

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(
            () => TrainingGraph.Create(model, new TrainingOptions { Quantize = false }));
        Assert.AreEqual(6003, error.Diagnostic.Code);
        Assert.Contains("'norm'", error.Diagnostic.Message);

        ITrainableNet frozen = TrainingGraph.Create(model, new TrainingOptions { Quantize = false, FrozenOps = ["con?"] });
        CollectionAssert.AreEqual(
            new[] { "last.weight", "last.bias" }, frozen.Parameters.Select(p => p.Name).ToArray());
    }

    [TestMethod]
    public void Neither_threads_nor_their_number_change_a_gradient()
    {
        float[][] one = Gradients(1), three = Gradients(3);
        for (int i = 0; i < one.Length; i++)
        {
            CollectionAssert.AreEqual(one[i], three[i]);
        }

        static float[][] Gradients(int workers)
        {
            MnnModel model = new SmallNet().Input(Channels, Size).Convolution("a", Channels, 6).BatchNorm("norm", 6)
                .Add(OpType.ReLU6, "clip", SmallNet.Clip(0, 6), [2]).Convolution("b", 6, 6, OpType.ConvolutionDepthwise, 6).Build();
            ITrainableNet net = TrainingGraph.Create(model, new TrainingOptions { Workers = workers });
            for (int step = 0; step < 2; step++)
            {
                float[] output = net.Forward([Input()], true)[0].Floats;
                net.Backward([output]);
            }

            return [.. net.Parameters.Select(p => (float[])p.Gradient.Clone()), .. net.State];
        }
    }

    private static SmallNet Make(SmallNet net, string name)
    {
        if (Cases.TryGetValue(name, out Func<SmallNet, SmallNet>? make))
        {
            return make(net);
        }

        string function = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (name.StartsWith("unary", StringComparison.Ordinal))
        {
            // Between 0 and 1 every function is defined but acosh, which starts at 1.
            var operation = Enum.Parse<UnaryOpOperation>(function);
            net.Add(OpType.Sigmoid, "inside", null, [1]);
            if (operation == UnaryOpOperation.ACOSH)
            {
                net.Add(OpType.UnaryOp, "above", new UnaryOp { OpType = UnaryOpOperation.EXP }, [2]);
            }

            return net.Add(OpType.UnaryOp, "op", new UnaryOp { OpType = operation }, [net.Last]);
        }

        // A positive left side, and a right side that is one pixel of each channel.
        net.Add(OpType.Sigmoid, "left", null, [1])
            .Add(OpType.Pooling, "right", new Pool { IsGlobal = true, Type = PoolType.AVEPOOL }, [1]);
        var parameters = new BinaryOp { OpType = Enum.Parse<BinaryOpOperation>(function) };
        return net.Add(OpType.BinaryOp, "op", parameters, [2, 3]);
    }

    private static TensorValue Input() => new(
        "data", [Samples, Channels, Size, Size], new SmallNet().Values(Samples * Channels * Size * Size, -1, 1));

    private static double Slope(
        ITrainableNet net, TrainableParameter parameter, int index, TensorValue input, float[] weights)
    {
        float before = parameter.Value[index], above = before + Step, below = before - Step;
        double high = LossAt(above), low = LossAt(below);
        parameter.Value[index] = before;
        net.AfterUpdate();
        return (high - low) / ((double)above - below);

        double LossAt(float value)
        {
            parameter.Value[index] = value;
            net.AfterUpdate();
            float[] output = net.Forward([input], true)[0].Floats;
            return output.Zip(weights, (y, w) => (double)y * w).Sum();
        }
    }

    private static Pool Window(PoolType type, int kernel, int stride) => new()
    {
        Type = type,
        KernelX = kernel,
        KernelY = kernel,
        StrideX = stride,
        StrideY = stride,
        PadX = 1,
        PadY = 1,
    };

    private static SmallNet Strided(SmallNet net, int stride)
    {
        Convolution2DCommon common = ((Convolution2D)net.Ops[^1].Main!).Common!;
        (common.StrideX, common.StrideY) = (stride, stride);
        return net;
    }

    private static SmallNet Reduced(SmallNet net, ReductionType type, int[]? axes = null) => net.Add(
        OpType.Reduction, "op", new ReductionParam { Operation = type, Dim = axes ?? [2, 3], KeepDims = true }, [net.Last]);

    // 4 to 5 by 2.7 to 3.3, so that the whole part of the quotient stays 1.
    private static SmallNet Remainder(SmallNet net, BinaryOpOperation function) => net
        .Add(OpType.Sigmoid, "inside", null, [1])
        .Add(OpType.Scale, "left", new Scale { Channels = Channels, ScaleData = [1, 1, 1, 1], BiasData = [4, 4, 4, 4] }, [2])
        .Add(OpType.TanH, "within", null, [1])
        .Add(OpType.Scale, "right", new Scale { Channels = Channels, ScaleData = [.3f, .3f, .3f, .3f], BiasData = [3, 3, 3, 3] }, [4])
        .Add(OpType.BinaryOp, "op", new BinaryOp { OpType = function }, [3, 5]);

    private static LayerNorm Lines(SmallNet net, int[] axes, bool rootMeanSquare = false) => new()
    {
        Axis = axes,
        Epsilon = 1e-3f,
        Gamma = net.Values(Size, 0.5f, 2),
        Beta = net.Values(Size, -1, 1),
        UseRMSNorm = rootMeanSquare,
    };

    private static GroupNorm Groups(SmallNet net, int swish = 0) => new()
    {
        Group = 2,
        Epsilon = 1e-3f,
        Gamma = net.Values(Channels, 0.5f, 2),
        Beta = net.Values(Channels, -1, 1),
        BSwish = swish,
    };

    private static BatchNorm Instances(SmallNet net) => new()
    {
        Channels = Channels,
        Epsilon = 1e-3f,
        SlopeData = net.Values(Channels, 0.5f, 2),
        BiasData = net.Values(Channels, -1, 1),
        MeanData = new float[Channels],
        VarData = new float[Channels],
    };

    private static Convolution2D Dilation() => new()
    {
        Common = new Convolution2DCommon { KernelX = 3, KernelY = 3, OutputCount = Channels, PadMode = PadMode.SAME },
        Weight = new float[Channels * 9],
    };

    private static SmallNet Joined(SmallNet net, EltwiseType type) => net.Convolution("other", Channels, Channels, from: 0)
        .Add(OpType.Eltwise, "op", new Eltwise { Type = type }, [1, 2]);
}
