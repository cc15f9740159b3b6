using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>A convolution over volumes [N, C, D, H, W], or its transpose, by products with gathered patches.</summary>
internal sealed class Convolution3D : Operator
{
    private readonly Convolution3DCommon _common;
    private readonly bool _transposed;
    private readonly int _taps;
    private readonly int _inputs;
    private readonly float[] _packed;
    private readonly float[] _bias;

    private Convolution3D(OpBuildContext context, bool transposed)
    {
        var param = context.Param<Model.Schema.Convolution3D>();
        _transposed = transposed;
        _common = param.Common is { } common && VolumeAxis.Describes(common)
            ? common
            : throw context.Invalid("it lacks the description of its kernel");
        float[] weight = param.Weight ?? throw context.Invalid("it lacks its weights");
        _taps = Shapes.Product(_common.Kernels.AsSpan(0, 3));
        int outputs = _common.OutputCount;
        _inputs = outputs <= 0 ? 0 : weight.Length / outputs / _taps;
        if (_inputs == 0 || weight.Length != (long)outputs * _inputs * _taps || _common.Group > 1)
        {
            throw context.Invalid(
                $"{weight.Length} weights of kernels of {_taps} don't make {outputs} outputs in {_common.Group} groups");
        }

        _bias = param.Bias is { } bias && bias.Length >= outputs ? bias : new float[outputs];

        // Forward: [outputs, inputs * taps], transposed. Backward: [inputs, outputs * taps], as it is.
        (int k, int n) = transposed ? (_inputs, outputs * _taps) : (_inputs * _taps, outputs);
        _packed = new float[Gemm.PackedSize(k, n)];
        Gemm.PackB(weight, transposed: !transposed, k, n, _packed);
    }

    public static Operator Create(OpBuildContext context) => new Convolution3D(context, transposed: false);

    public static Operator CreateTransposed(OpBuildContext context) => new Convolution3D(context, transposed: true);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank != 5 || input.Shape[1] != _inputs || input.Format == MNN_DATA_FORMAT.NHWC)
        {
            throw new TensorShapeException($"{Shapes.Text(input.Shape)} of format {input.Format} for {_inputs} channels");
        }

        VolumeAxis[] axes = _transposed
            ? VolumeAxis.OfTransposed(_common, input.Shape)
            : VolumeAxis.Of(_common, input.Shape);
        int[] shape =
        [
            input.Shape[0], _common.OutputCount, .. axes.Select(a => _transposed ? a.Input : a.Output),
        ];
        Tensor output = context.Output(0, ElementType.Float32, shape, input.Format);
        int from = input.Count / Math.Max(1, input.Shape[0]);
        int to = output.Count / Math.Max(1, shape[0]);
        for (int n = 0; n < shape[0]; n++)
        {
            ReadOnlySpan<float> source = input.Floats.Slice(n * from, from);
            Span<float> target = output.Floats.Slice(n * to, to);
            if (_transposed)
            {
                Backward(context, axes, source, target);
            }
            else
            {
                Forward(context, axes, source, target);
            }
        }
    }

    // One slice of the output's depth at a time: patches [H * W, inputs * taps] times weights, then channels first.
    private void Forward(OpContext context, VolumeAxis[] axes, ReadOnlySpan<float> source, Span<float> target)
    {
        (float low, float high) = VolumeAxis.Clamp(_common);
        int positions = axes[1].Output * axes[2].Output;
        int depth = _inputs * _taps;
        int outputs = _common.OutputCount;
        Span<float> scratch = context.Scratch<float>(positions * (depth + outputs));
        Span<float> patches = scratch[..(positions * depth)];
        Span<float> product = scratch[(positions * depth)..];
        int volume = axes[0].Output * positions;
        for (int z = 0; z < axes[0].Output; z++)
        {
            patches.Clear();
            for (int column = 0; column < depth; column++)
            {
                VolumeTap tap = VolumeTap.Of(axes, column % _taps, z);
                if (tap.IsInside)
                {
                    StridedCopy.Copy<float>(
                        source, (column / _taps * axes[0].Input * axes[1].Input * axes[2].Input) + tap.Source,
                        [axes[1].Stride * axes[2].Input, axes[2].Stride], patches, (tap.Position * depth) + column,
                        [axes[2].Output * depth, depth], [tap.Rows, tap.Columns]);
                }
            }

            Gemm.Multiply(patches, depth, _packed, _bias, product, outputs, positions, depth, outputs, low, high);
            StridedCopy.Copy<float>(product, 0, [1, outputs], target, z * positions, [volume, 1], [outputs, positions]);
        }
    }

    // One slice of the input's depth at a time: its pixels times weights, added where each tap puts them.
    private void Backward(OpContext context, VolumeAxis[] axes, ReadOnlySpan<float> source, Span<float> target)
    {
        int positions = axes[1].Output * axes[2].Output;
        int outputs = _common.OutputCount;
        int columns = outputs * _taps;
        int plane = axes[1].Input * axes[2].Input;
        Span<float> scratch = context.Scratch<float>(positions * (_inputs + columns));
        Span<float> pixels = scratch[..(positions * _inputs)];
        Span<float> product = scratch[(positions * _inputs)..];
        target.Clear();
        for (int z = 0; z < axes[0].Output; z++)
        {
            StridedCopy.Copy(
                source, z * positions, [1, axes[0].Output * positions], pixels, 0, [_inputs, 1], [positions, _inputs]);
            Gemm.Multiply(pixels, _inputs, _packed, default, product, columns, positions, _inputs, columns);
            for (int column = 0; column < columns; column++)
            {
                VolumeTap tap = VolumeTap.Of(axes, column % _taps, z);
                int start = (column / _taps * axes[0].Input * plane) + tap.Source;
                for (int i = 0; tap.IsInside && i < tap.Rows * tap.Columns; i++)
                {
                    (int y, int x) = (i / tap.Columns, i % tap.Columns);
                    int position = tap.Position + (y * axes[2].Output) + x;
                    target[start + (y * axes[1].Stride * axes[2].Input) + (x * axes[2].Stride)] +=
                        product[(position * columns) + column];
                }
            }
        }

        AddBias(target);
    }

    private void AddBias(Span<float> target)
    {
        (float low, float high) = VolumeAxis.Clamp(_common);
        int volume = target.Length / _common.OutputCount;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = MathF.Min(MathF.Max(target[i] + _bias[i / volume], low), high);
        }
    }

    /// <summary>What one tap of a kernel reads at one depth of the output.</summary>
    /// <param name="IsInside">Whether it reads anything.</param>
    /// <param name="Source">The first element that it reads, in a volume.</param>
    /// <param name="Position">The position at which it reads that, in a slice.</param>
    /// <param name="Rows">Rows of positions at which it lies inside.</param>
    /// <param name="Columns">Columns likewise.</param>
    private readonly record struct VolumeTap(bool IsInside, int Source, int Position, int Rows, int Columns)
    {
        public static VolumeTap Of(VolumeAxis[] axes, int tap, int z)
        {
            (VolumeAxis d, VolumeAxis h, VolumeAxis w) = (axes[0], axes[1], axes[2]);
            int depth = (z * d.Stride) + (tap / (h.Kernel * w.Kernel) * d.Dilation) - d.Pad;
            var rows = PatchWalk.Of(h.Input, h.Output, h.Stride, (tap / w.Kernel % h.Kernel * h.Dilation) - h.Pad);
            var columns = PatchWalk.Of(w.Input, w.Output, w.Stride, (tap % w.Kernel * w.Dilation) - w.Pad);
            bool isInside = (uint)depth < (uint)d.Input && rows.Count > 0 && columns.Count > 0;
            return new VolumeTap(
                isInside, (((depth * h.Input) + rows.First) * w.Input) + columns.First,
                (rows.Position * w.Output) + columns.Position, rows.Count, columns.Count);
        }
    }
}
