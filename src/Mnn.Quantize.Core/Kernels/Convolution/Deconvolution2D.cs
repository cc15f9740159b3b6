namespace Mnn.Quantize.Kernels;

/// <summary>
/// The transposed convolution: input pixel (iy, ix) adds its products to the output pixels
/// (iy * stride - pad + kernel index * dilation). An output element is the sum, starting at 0, over kernel row and
/// kernel column, of the products of one input pixel, each of which starts at 0 and runs over the input channels;
/// then the bias is added.
/// </summary>
internal static partial class Deconvolution2D
{
    /// <summary>Floats of the packed weights.</summary>
    /// <param name="shape">The sizes: x [N, H, W, C] is the smaller side, y [N, H', W', C'] the larger.</param>
    /// <param name="level">The kernel family.</param>
    /// <returns>The length that <see cref="PackWeights"/> needs.</returns>
    public static int PackedSize(in ConvolutionShape shape, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate();
        return checked(shape.Group * shape.KernelHeight * RowSize(shape, level));
    }

    /// <summary>Brings the weights into the order in which the kernels read them.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="weights">[C, C' / group, kernel height, kernel width].</param>
    /// <param name="packed">Receives <see cref="PackedSize"/> floats.</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void PackWeights(
        in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed, SimdLevel level = SimdLevel.Active)
    {
        ConvolutionShape s = shape;
        int channels = s.InputChannels / s.Group, outputs = s.OutputChannels / s.Group, width = s.KernelWidth;
        Check.That(packed.Length >= PackedSize(s, level), "The packed weights are too short.");
        Check.That(weights.Length >= (long)s.InputChannels * outputs * s.KernelSize, "The weights are too short.");
        float[] matrix = new float[channels * width * outputs];
        int size = RowSize(s, level);
        for (int part = 0; part < s.Group * s.KernelHeight; part++)
        {
            (int g, int ky) = Math.DivRem(part, s.KernelHeight);
            for (int i = 0; i < matrix.Length; i++)
            {
                int o = i % outputs, kx = i / outputs % width, c = (g * channels) + (i / outputs / width);
                matrix[i] = weights[(((((c * outputs) + o) * s.KernelHeight) + ky) * width) + kx];
            }

            Gemm.PackB(matrix, false, channels, width * outputs, packed.Slice(part * size, size), level);
        }
    }

    /// <summary>Floats of scratch memory: the products of one input row with one kernel row.</summary>
    /// <param name="shape">The sizes.</param>
    /// <returns>The length.</returns>
    public static int ScratchSize(in ConvolutionShape shape) =>
        checked(shape.InputWidth * shape.KernelWidth * (shape.OutputChannels / shape.Group));

    /// <summary>Computes the whole of y.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C'], or empty for none.</param>
    /// <param name="y">[N, H', W', C'].</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family that packed the weights.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, Span<float> scratch, float lo = float.NegativeInfinity, float hi = float.PositiveInfinity,
        SimdLevel level = SimdLevel.Active)
    {
        RunRows(shape, x, packed, bias, y, scratch, 0, shape.OutputRows, lo, hi, level);
    }

    /// <summary>Computes some rows of y; each caller needs scratch memory of its own.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="packed">The weights as <see cref="PackWeights"/> left them.</param>
    /// <param name="bias">[C'], or empty for none.</param>
    /// <param name="y">[N, H', W', C'], the whole of it.</param>
    /// <param name="scratch">At least <see cref="ScratchSize"/> floats.</param>
    /// <param name="firstRow">The first row, of N * H'.</param>
    /// <param name="lastRow">The row after the last.</param>
    /// <param name="lo">Lower bound of the results; negative infinity for none.</param>
    /// <param name="hi">Upper bound of the results; infinity for none.</param>
    /// <param name="level">The kernel family that packed the weights.</param>
    /// <exception cref="ArgumentException">A span is too short, or the rows are outside.</exception>
    public static void RunRows(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias,
        Span<float> y, Span<float> scratch, int firstRow, int lastRow,
        float lo = float.NegativeInfinity, float hi = float.PositiveInfinity, SimdLevel level = SimdLevel.Active)
    {
        shape.Validate(x.Length, y.Length, firstRow, lastRow);
        Check.That(packed.Length >= PackedSize(shape, level), "The packed weights are too short.");
        Check.That(bias.IsEmpty || bias.Length >= shape.OutputChannels, "The bias is too short.");
        Check.That(scratch.Length >= ScratchSize(shape), "The scratch memory is too short.");
        int rowLength = shape.OutputWidth * shape.OutputChannels;
        for (int row = firstRow; row < lastRow; row++)
        {
            Span<float> target = y.Slice(row * rowLength, rowLength);
            target.Clear();
            AddRow(shape, x, packed, row, target, scratch, level);
            if (!bias.IsEmpty)
            {
                Elementwise.BinaryRows(new BinaryOperators.Add(), target, bias[..shape.OutputChannels], target, level);
            }

            if (lo > float.NegativeInfinity || hi < float.PositiveInfinity)
            {
                Elementwise.Unary(new UnaryOperators.Clamp(lo, hi), target, target, level);
            }
        }
    }

    /// <summary>Adds what the input rows that meet an output row give to it: each meets it with one kernel row.</summary>
    private static void AddRow(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, int row, Span<float> y,
        Span<float> scratch, SimdLevel level)
    {
        int channels = s.InputChannels / s.Group, columns = s.KernelWidth * (s.OutputChannels / s.Group);
        int size = RowSize(s, level);
        (int n, int oy) = Math.DivRem(row, s.OutputHeight);
        for (int ky = 0; ky < s.KernelHeight; ky++)
        {
            (int iy, int rest) = Math.DivRem(oy + s.PadTop - (ky * s.DilationHeight), s.StrideHeight);
            if (rest != 0 || iy < 0 || iy >= s.InputHeight || s.InputWidth == 0)
            {
                continue;
            }

            int input = ((n * s.InputHeight) + iy) * s.InputWidth * s.InputChannels;
            for (int g = 0; g < s.Group; g++)
            {
                Gemm.Multiply(
                    x[(input + (g * channels))..], s.InputChannels,
                    packed.Slice(((g * s.KernelHeight) + ky) * size, size), [], scratch, columns,
                    s.InputWidth, channels, columns, level: level);
                AddColumns(s, scratch, g, y, level);
            }
        }
    }

    private static int RowSize(in ConvolutionShape s, SimdLevel level) =>
        Gemm.PackedSize(s.InputChannels / s.Group, s.KernelWidth * (s.OutputChannels / s.Group), level);
}
