using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Quantization.Rounding;

/// <summary>
/// A convolution of any kind as sums of products: which weight of an output multiplies which input, and where in a picture those
/// inputs are. Letters: O and I output and input channels of a group, T places of the kernel.
/// </summary>
internal sealed class LayerGeometry
{
    private readonly ConvolutionGeometry _geometry;
    private readonly bool _transposed;

    private LayerGeometry(Op op, int channels, int weights)
    {
        Convolution2DCommon common = ((Convolution2D)op.Main!).Common!;
        _geometry = new ConvolutionGeometry(common);
        Taps = common.KernelX * common.KernelY;
        Channels = channels;
        IsDepthwise = op.Type is OpType.ConvolutionDepthwise or OpType.DeconvolutionDepthwise;
        _transposed = op.Type is OpType.Deconvolution or OpType.DeconvolutionDepthwise;
        bool dense = op.Type == OpType.Deconvolution;
        int perGroup = IsDepthwise ? 1 : dense ? channels / Math.Max(1, common.Group) : weights / (common.OutputCount * Taps);
        Groups = perGroup > 0 ? channels / perGroup : 0;
        (Inputs, Outputs) = (perGroup, Groups > 0 ? common.OutputCount / Groups : 0);
        Fits = Groups > 0 && Outputs > 0 && perGroup * Groups == channels && Outputs * Groups == common.OutputCount
            && weights == (long)common.OutputCount * perGroup * Taps;
        KernelMajor = dense;
    }

    /// <summary>T.</summary>
    public int Taps { get; }

    /// <summary>I.</summary>
    public int Inputs { get; }

    /// <summary>O.</summary>
    public int Outputs { get; }

    /// <summary>Groups of channels that see nothing of each other.</summary>
    public int Groups { get; }

    /// <summary>Input channels of all groups.</summary>
    public int Channels { get; }

    /// <summary>Whether each channel is a group.</summary>
    public bool IsDepthwise { get; }

    private bool KernelMajor { get; }

    private bool Fits { get; }

    /// <summary>Reads a convolution; null if weights and channels don't fit.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="input">Its input in a run.</param>
    /// <param name="weights">Number of weights.</param>
    public static LayerGeometry? Of(Op op, Tensor input, int weights)
    {
        if (input is not { Type: ElementType.Float32, Rank: >= 2 and <= 4, Count: > 0 })
        {
            return null;
        }

        var geometry = new LayerGeometry(op, ImageShape.Of(input).Channels, weights);
        return geometry.Fits ? geometry : null;
    }

    /// <summary>Place of a weight in the model's order.</summary>
    /// <param name="group">The group.</param>
    /// <param name="output">Output channel in the group.</param>
    /// <param name="input">Input channel in the group.</param>
    /// <param name="tap">Place in the kernel.</param>
    public int Place(int group, int output, int input, int tap) => KernelMajor
        ? (((((group * Inputs) + input) * Outputs) + output) * Taps) + tap
        : (((((group * Outputs) + output) * Inputs) + input) * Taps) + tap;

    /// <summary>Output positions of a tensor's pictures: [N, height, width].</summary>
    public (int Batch, int Height, int Width) Positions(Tensor input)
    {
        ImageShape image = ImageShape.Of(input);
        (int height, int width, _, _) = _transposed
            ? _geometry.Transposed(image.Height, image.Width, 0, 0)
            : _geometry.Forward(image.Height, image.Width);
        return (image.Batch, Math.Max(0, height), Math.Max(0, width));
    }

    /// <summary>Copies what an output position sees of some channels.</summary>
    /// <param name="input">The input, float.</param>
    /// <param name="position">Index of the position in [N, height, width].</param>
    /// <param name="first">First channel.</param>
    /// <param name="patch">[T, channels]: 0 where the kernel sees nothing.</param>
    public void Read(Tensor input, int position, int first, Span<float> patch)
    {
        ImageShape image = ImageShape.Of(input);
        (int _, int height, int width) = Positions(input);
        (_, _, int top, int left) = _transposed
            ? _geometry.Transposed(image.Height, image.Width, 0, 0)
            : _geometry.Forward(image.Height, image.Width);
        bool innermost = input.Format == MNN_DATA_FORMAT.NHWC || input.IsChannelsLast;
        int channels = patch.Length / Taps, pixels = image.Height * image.Width;
        (int n, int y, int x) = (position / (height * width), position / width % height, position % width);
        ReadOnlySpan<float> values = input.Floats.Slice(n * pixels * image.Channels, pixels * image.Channels);
        for (int tap = 0; tap < Taps; tap++)
        {
            int row = Source(y, tap / _geometry.KernelW, _geometry.StrideH, _geometry.DilationH, top);
            int column = Source(x, tap % _geometry.KernelW, _geometry.StrideW, _geometry.DilationW, left);
            Span<float> place = patch.Slice(tap * channels, channels);
            if (row < 0 || row >= image.Height || column < 0 || column >= image.Width)
            {
                place.Clear();
                continue;
            }

            int pixel = (row * image.Width) + column;
            if (innermost)
            {
                values.Slice((pixel * image.Channels) + first, channels).CopyTo(place);
                continue;
            }

            for (int c = 0; c < channels; c++)
            {
                place[c] = values[((first + c) * pixels) + pixel];
            }
        }
    }

    // Where along an axis the kernel's place lies over the input; -1 for nowhere.
    private int Source(int output, int tap, int stride, int dilation, int pad)
    {
        if (!_transposed)
        {
            return (output * stride) - pad + (tap * dilation);
        }

        int reach = output + pad - (tap * dilation);
        return reach >= 0 && reach % stride == 0 ? reach / stride : -1;
    }
}
