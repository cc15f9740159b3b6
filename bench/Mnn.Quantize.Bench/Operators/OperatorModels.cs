using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Bench.Operators;

/// <summary>The operators that are compared: those that memory bounds, in the sizes of MobileNetV2 and of stems.</summary>
internal static class OperatorModels
{
    /// <summary>All of them.</summary>
    public static IEnumerable<OperatorModel> All =>
    [
        OperatorModel.Depthwise(112, 32, 3, 1),
        OperatorModel.Depthwise(112, 96, 3, 2),
        OperatorModel.Depthwise(56, 144, 3, 1),
        OperatorModel.Depthwise(56, 144, 3, 2),
        OperatorModel.Depthwise(28, 192, 3, 1),
        OperatorModel.Depthwise(14, 384, 3, 1),
        OperatorModel.Depthwise(7, 960, 3, 1),
        OperatorModel.Depthwise(28, 120, 5, 1),
        OperatorModel.Depthwise(56, 72, 5, 2),
        .. Poolings(112, 32),
        .. Poolings(56, 64),
        OperatorModel.Elementwise("relu", 112, 32, OpType.ReLU, new Relu()),
        OperatorModel.Elementwise("add", 112, 32, OpType.BinaryOp, new BinaryOp { OpType = BinaryOpOperation.ADD }, inputs: 2),
        OperatorModel.Elementwise("hard swish", 112, 32, OpType.UnaryOp, new UnaryOp { OpType = UnaryOpOperation.HARDSWISH }),
    ];

    private static IEnumerable<OperatorModel> Poolings(int size, int channels) =>
        from type in new[] { PoolType.MAXPOOL, PoolType.AVEPOOL }
        from kernel in new[] { 3, 2 }
        select OperatorModel.Pooling(size, channels, kernel, type);
}
