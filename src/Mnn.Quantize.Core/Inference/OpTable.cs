using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference;

/// <summary>Every operator that the engine runs, and what makes it. Input, Const and TrainableParam are no operators.</summary>
internal static class OpTable
{
    private static readonly Dictionary<OpType, Func<OpBuildContext, Operator>> Factories = new()
    {
        [OpType.ArgMax] = Ops.ArgMax.Create,
        [OpType.ArgMin] = Ops.ArgMax.CreateMin,
        [OpType.BatchMatMul] = Ops.MatMul.CreateBatch,
        [OpType.BatchToSpaceND] = SpaceToBatch.CreateBatchToSpace,
        [OpType.BroadcastTo] = BroadcastTo.Create,
        [OpType.Cast] = Cast.Create,
        [OpType.CastLike] = Cast.CreateLike,
        [OpType.Concat] = Concat.Create,
        [OpType.ConvertTensor] = ConvertTensor.Create,
        [OpType.Crop] = Ops.Crop.Create,
        [OpType.CropAndResize] = Ops.CropAndResize.Create,
        [OpType.CumProd] = Cumulate.CreateProduct,
        [OpType.CumSum] = Cumulate.CreateSum,
        [OpType.DepthToSpace] = DepthToSpace.Create,
        [OpType.Dropout] = Identity.Create,
        [OpType.ELU] = Elu.Create,
        [OpType.ExpandDims] = Ops.ExpandDims.Create,
        [OpType.EyeLike] = _ => new EyeLike(),
        [OpType.Fill] = _ => new Ops.Fill(),
        [OpType.Flatten] = Ops.Flatten.Create,
        [OpType.Gather] = Ops.Gather.Create,
        [OpType.GatherElements] = _ => new GatherElements(),
        [OpType.GatherND] = GatherNd.Create,
        [OpType.GatherV2] = Ops.Gather.Create,
        [OpType.GroupNorm] = Ops.GroupNorm.Create,
        [OpType.Identity] = Identity.Create,
        [OpType.InnerProduct] = Ops.InnerProduct.Create,
        [OpType.InstanceNorm] = InstanceNorm.Create,
        [OpType.LayerNorm] = Ops.LayerNorm.Create,
        [OpType.LinSpace] = _ => new LinSpace(),
        [OpType.LRN] = LocalResponseNorm.Create,
        [OpType.LSTM] = Lstm.Create,
        [OpType.LSTMBlockCell] = LstmBlockCell.Create,
        [OpType.MatMul] = Ops.MatMul.Create,
        [OpType.MatrixBandPart] = _ => new MatrixBandPart(),
        [OpType.Moments] = Moments.Create,
        [OpType.NonMaxSuppressionV2] = _ => new NonMaxSuppression(),
        [OpType.Normalize] = Ops.Normalize.Create,
        [OpType.OneHot] = OneHot.Create,
        [OpType.Pack] = Pack.Create,
        [OpType.Permute] = Ops.Permute.Create,
        [OpType.RandomUniform] = Ops.RandomUniform.Create,
        [OpType.Range] = _ => new Ops.Range(),
        [OpType.Rank] = _ => new RankOf(),
        [OpType.Reduction] = Reduction.Create,
        [OpType.Reshape] = Ops.Reshape.Create,
        [OpType.Reverse] = _ => new Reverse(),
        [OpType.ReverseSequence] = ReverseSequence.Create,
        [OpType.RNN] = Lstm.CreateRnn,
        [OpType.RNNSequenceGRU] = Gru.Create,
        [OpType.ScatterElements] = ScatterElements.Create,
        [OpType.ScatterNd] = ScatterNd.Create,
        [OpType.Select] = _ => new Select(),
        [OpType.Selu] = Ops.Selu.Create,
        [OpType.SetDiff1D] = _ => new SetDifference(),
        [OpType.Shape] = ShapeOf.Create,
        [OpType.Size] = _ => new SizeOf(),
        [OpType.Slice] = Ops.Slice.Create,
        [OpType.SliceTf] = _ => new Ops.SliceTf(),
        [OpType.SpaceToBatchND] = SpaceToBatch.Create,
        [OpType.SpaceToDepth] = DepthToSpace.CreateSpaceToDepth,
        [OpType.Squeeze] = Squeeze.Create,
        [OpType.StridedSlice] = StridedSlice.Create,
        [OpType.Threshold] = Threshold.Create,
        [OpType.Tile] = _ => new Tile(),
        [OpType.TopKV2] = TopK.Create,
        [OpType.Transpose] = Ops.Permute.CreateTranspose,
        [OpType.Unique] = _ => new Unique(),
        [OpType.Unpack] = Unpack.Create,
        [OpType.UnravelIndex] = _ => new UnravelIndex(),
        [OpType.Unsqueeze] = Squeeze.CreateUnsqueeze,
        [OpType.Where] = Where.Create,
        [OpType.ZerosLike] = _ => new ZerosLike(),
    };

    /// <summary>The operator types that run, in the order of the schema.</summary>
    public static IReadOnlyList<OpType> Supported => [.. Factories.Keys.Order()];

    /// <summary>Whether an operator type runs.</summary>
    public static bool Supports(OpType type) => Factories.ContainsKey(type);

    /// <summary>Makes an operator ready.</summary>
    public static Operator Create(OpBuildContext context) => Factories[context.Op.Type](context);
}
