namespace Mnn.Quantize.Kernels;

/// <summary>
/// Sizes of a 2-D convolution, depthwise convolution or pooling: x [N, H, W, C] to y [N, H', W', C']. Output pixel
/// (oy, ox) sees the input pixels (oy * stride - pad + kernel index * dilation); those outside count as zero.
/// </summary>
internal readonly record struct ConvolutionShape
{
    private const int MostPositions = int.MaxValue / 2;

    /// <summary>N: pictures.</summary>
    public required int Batch { get; init; }

    /// <summary>H.</summary>
    public required int InputHeight { get; init; }

    /// <summary>W.</summary>
    public required int InputWidth { get; init; }

    /// <summary>C.</summary>
    public required int InputChannels { get; init; }

    /// <summary>H'.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>W'.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>C'.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Rows of the kernel.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of the kernel.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input rows from one output row to the next.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Input columns from one output column to the next.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Input rows from one kernel row to the next.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Input columns from one kernel column to the next.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Rows of zeros above the input; may be negative. What is needed below follows from H'.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of zeros to the left of the input; may be negative.</summary>
    public int PadLeft { get; init; }

    /// <summary>Groups of channels that don't mix; C for a depthwise convolution.</summary>
    public int Group { get; init; } = 1;

    /// <summary>Makes a shape with strides and dilations of 1, no padding and one group.</summary>
    public ConvolutionShape()
    {
    }

    /// <summary>Positions of the kernel: its rows times its columns.</summary>
    public int KernelSize => KernelHeight * KernelWidth;

    /// <summary>N * H': what a caller may cut into ranges of rows.</summary>
    public int OutputRows => Batch * OutputHeight;

    /// <summary>Floats of x.</summary>
    public long InputLength => checked((long)Batch * InputHeight * InputWidth * InputChannels);

    /// <summary>Floats of y.</summary>
    public long OutputLength => checked((long)Batch * OutputHeight * OutputWidth * OutputChannels);

    /// <summary>Multiplications of the whole convolution.</summary>
    public long Products => OutputLength * KernelSize * (InputChannels / Group);

    /// <summary>Throws unless the sizes make sense together.</summary>
    /// <exception cref="ArgumentException">They don't.</exception>
    public void Validate()
    {
        Check.That(
            Batch >= 0 && InputHeight >= 0 && InputWidth >= 0 && InputChannels > 0 && OutputHeight >= 0 &&
            OutputWidth >= 0 && OutputChannels > 0, "Sizes must not be negative, channels be positive.");
        Check.That(
            KernelHeight > 0 && KernelWidth > 0 && StrideHeight > 0 && StrideWidth > 0 && DilationHeight > 0 &&
            DilationWidth > 0, "Kernel, strides and dilations must be positive.");
        Check.That(
            Group > 0 && InputChannels % Group == 0 && OutputChannels % Group == 0,
            "The groups must divide the channels.");
        Check.That(
            (long)KernelHeight * KernelWidth <= MostPositions
            && Reach(InputHeight, OutputHeight, KernelHeight, StrideHeight, DilationHeight, PadTop) <= MostPositions
            && Reach(InputWidth, OutputWidth, KernelWidth, StrideWidth, DilationWidth, PadLeft) <= MostPositions,
            "Kernel, strides and pads reach too far.");
    }

    // An upper bound of all positions along an axis, so that none of them wraps around.
    private static long Reach(int input, int output, int kernel, int stride, int dilation, int pad) =>
        input + Math.Abs((long)pad) + ((long)output * stride) + ((long)kernel * dilation);

    /// <summary>Checks a range of output rows and the lengths of both tensors.</summary>
    /// <param name="inputLength">Length of the span given for x.</param>
    /// <param name="outputLength">Length of the span given for y.</param>
    /// <param name="firstRow">First output row of the range, of N * H'.</param>
    /// <param name="lastRow">The row after the range.</param>
    /// <exception cref="ArgumentException">They don't fit.</exception>
    public void Validate(int inputLength, int outputLength, int firstRow, int lastRow)
    {
        Validate();
        Check.That(inputLength >= InputLength, "x is too short.");
        Check.That(outputLength >= OutputLength, "y is too short.");
        Check.That(firstRow >= 0 && firstRow <= lastRow && lastRow <= OutputRows, "The rows are not rows of y.");
    }

    /// <summary>The transposed convolution, from y to x.</summary>
    public ConvolutionShape Transpose() => this with
    {
        InputHeight = OutputHeight,
        InputWidth = OutputWidth,
        InputChannels = OutputChannels,
        OutputHeight = InputHeight,
        OutputWidth = InputWidth,
        OutputChannels = InputChannels,
    };

    /// <summary>The output columns, [first, last), whose kernels lie within the width of x.</summary>
    public (int First, int Last) InteriorColumns()
    {
        int first = Math.Max(0, (PadLeft + StrideWidth - 1) / StrideWidth);
        int room = InputWidth - 1 - ((KernelWidth - 1) * DilationWidth) + PadLeft;
        int last = room < 0 ? 0 : Math.Min(OutputWidth, (room / StrideWidth) + 1);
        return first < last ? (first, last) : (0, 0);
    }

    /// <summary>The kernel indices that meet the input, [first, last), for one output position along one axis.</summary>
    /// <param name="origin">Input position of kernel index 0: output position * stride - pad.</param>
    /// <param name="kernel">Kernel indices along the axis.</param>
    /// <param name="dilation">Input positions between kernel indices.</param>
    /// <param name="input">Input positions along the axis.</param>
    /// <returns>The range; empty (first = last) if none meets it.</returns>
    public static (int First, int Last) Taps(int origin, int kernel, int dilation, int input)
    {
        if (origin >= 0 && origin + ((kernel - 1) * dilation) < input)
        {
            return (0, kernel); // by far the most frequent case, without its divisions
        }

        int first = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
        int last = origin >= input ? 0 : Math.Min(kernel, ((input - 1 - origin) / dilation) + 1);
        return first < last ? (first, last) : (0, 0);
    }
}
