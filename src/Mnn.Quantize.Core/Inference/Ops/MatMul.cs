using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Matrix products of the last two dimensions, leading ones broadcast; either side may come transposed, and a vector is a
/// row on the left, a column on the right. An optional third input is added to each row.
/// </summary>
internal sealed class MatMul : Operator
{
    private readonly bool _transposeA;
    private readonly bool _transposeB;
    private readonly float[]? _packed;

    private MatMul(OpBuildContext context, bool transposeA, bool transposeB)
    {
        _transposeA = transposeA;
        _transposeB = transposeB;

        // A matrix of the model's own is packed once.
        if (context.Constant(1) is { Rank: 2, Type: ElementType.Float32 } b)
        {
            (int k, int n) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
            _packed = new float[Gemm.PackedSize(k, n)];
            Gemm.PackB(b.Floats, transposeB, k, n, _packed);
        }
    }

    public static Operator Create(OpBuildContext context)
    {
        var param = context.Param<Model.Schema.MatMul>();
        return new MatMul(context, param.TransposeA, param.TransposeB);
    }

    public static Operator CreateBatch(OpBuildContext context)
    {
        var param = context.Param<BatchMatMulParam>();
        return new MatMul(context, param.AdjX, param.AdjY);
    }

    public override void Run(OpContext context)
    {
        Tensor a = context.Input(0);
        Tensor b = context.Input(1);
        int[] aShape = a.Rank == 1 ? (_transposeA ? [a.Shape[0], 1] : [1, a.Shape[0]]) : a.Shape;
        int[] bShape = b.Rank == 1 ? (_transposeB ? [1, b.Shape[0]] : [b.Shape[0], 1]) : b.Shape;
        if (a.Rank == 0 || b.Rank == 0)
        {
            throw new TensorShapeException("a scalar where a matrix is needed");
        }

        (int m, int k) = _transposeA ? (aShape[^1], aShape[^2]) : (aShape[^2], aShape[^1]);
        (int bK, int n) = _transposeB ? (bShape[^1], bShape[^2]) : (bShape[^2], bShape[^1]);
        ReadOnlySpan<float> bias = context.HasInput(2) ? context.Input(2).Floats : default;
        if (k != bK || (!bias.IsEmpty && bias.Length != n))
        {
            throw new TensorShapeException($"{Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} to multiply");
        }

        int[] batch = Shapes.Broadcast(aShape.AsSpan(..^2), bShape.AsSpan(..^2));
        int[] shape = [.. batch, .. a.Rank == 1 ? (int[])[] : [m], .. b.Rank == 1 ? (int[])[] : [n]];
        Tensor output = context.Output(0, ElementType.Float32, shape.Length == 0 ? [1] : shape, a.Format);
        Multiply(context, a.Floats, b.Floats, bias, output.Floats, new Sizes(batch, aShape[..^2], bShape[..^2], m, k, n));
    }

    private void Multiply(
        OpContext context, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> bias, Span<float> c, Sizes sizes)
    {
        (int m, int k, int n) = (sizes.M, sizes.K, sizes.N);
        int packedSize = _packed is null ? Gemm.PackedSize(k, n) : 0;
        Span<float> scratch = context.Scratch<float>(packedSize + (_transposeA ? m * k : 0));
        Span<float> packed = _packed is null ? scratch[..packedSize] : _packed;
        int packedIndex = _packed is null ? -1 : 0;
        int batches = Shapes.Product(sizes.Batch);
        for (int i = 0; i < batches; i++)
        {
            ReadOnlySpan<float> left = a.Slice(sizes.Index(i, sizes.BatchA) * m * k, m * k);
            int bIndex = sizes.Index(i, sizes.BatchB);
            if (bIndex != packedIndex)
            {
                Gemm.PackB(b.Slice(bIndex * k * n, k * n), _transposeB, k, n, packed);
                packedIndex = bIndex;
            }

            if (_transposeA)
            {
                Span<float> turned = scratch[packedSize..];
                StridedCopy.Copy(left, 0, [1, m], turned, 0, [k, 1], [m, k]);
                left = turned;
            }

            Gemm.Multiply(left, k, packed, bias, c.Slice(i * m * n, m * n), n, m, k, n);
        }
    }

    private readonly record struct Sizes(int[] Batch, int[] BatchA, int[] BatchB, int M, int K, int N)
    {
        // Which matrix of an operand with leading dimensions "own" belongs to matrix i of the result.
        public int Index(int i, int[] own)
        {
            int index = 0;
            int step = 1;
            for (int d = 1; d <= Batch.Length; d++)
            {
                int coordinate = i % Batch[^d];
                i /= Batch[^d];
                if (d <= own.Length)
                {
                    index += own[^d] == 1 ? 0 : coordinate * step;
                    step *= own[^d];
                }
            }

            return index;
        }
    }
}
