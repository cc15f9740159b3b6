using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// The four kinds of convolution with their derivatives. What is forward for one is the input gradient of its transposed
/// kind, and in the weights' gradient input and output change places.
/// </summary>
/// <param name="Depthwise">Whether each channel has a kernel of its own.</param>
/// <param name="Transposed">Whether it goes from the smaller side to the larger.</param>
internal readonly record struct ConvolutionKind(bool Depthwise, bool Transposed)
{
    /// <summary>Floats of the weights for the way from input to output.</summary>
    /// <param name="s">The sizes, from input to output.</param>
    public int ForwardSize(in ConvolutionShape s) => Depthwise ? DepthwiseConvolution2D.PackedSize(s)
        : Transposed ? Deconvolution2D.PackedSize(s) : Convolution2D.PackedSize(s);

    /// <summary>Brings weights into the order for the way from input to output.</summary>
    public void PackForward(in ConvolutionShape s, ReadOnlySpan<float> weights, Span<float> packed)
    {
        if (Depthwise)
        {
            DepthwiseConvolution2D.PackWeights(s, weights, packed);
        }
        else if (Transposed)
        {
            Deconvolution2D.PackWeights(s, weights, packed);
        }
        else
        {
            Convolution2D.PackWeights(s, weights, packed);
        }
    }

    /// <summary>Floats of the weights for the way back.</summary>
    public int BackwardSize(in ConvolutionShape s) => Depthwise ? DepthwiseConvolution2D.PackedSize(s)
        : Transposed ? Convolution2D.PackedSize(s.Transpose()) : Convolution2D.PackedGradientSize(s);

    /// <summary>Brings weights into the order for the way back.</summary>
    public void PackBackward(in ConvolutionShape s, ReadOnlySpan<float> weights, Span<float> packed)
    {
        if (Depthwise)
        {
            DepthwiseConvolution2D.PackWeights(s, weights, packed);
        }
        else if (Transposed)
        {
            Convolution2D.PackWeights(s.Transpose(), weights, packed);
        }
        else
        {
            Convolution2D.PackGradientWeights(s, weights, packed);
        }
    }

    /// <summary>Floats of scratch memory for any of the three ways.</summary>
    public int ScratchSize(in ConvolutionShape s)
    {
        if (Depthwise)
        {
            return 0;
        }

        ConvolutionShape straight = Transposed ? s.Transpose() : s;
        int ways = Math.Max(Convolution2D.ScratchSize(straight), Convolution2D.InputGradientScratch(straight));
        return Math.Max(ways, Convolution2D.WeightGradientScratch(straight));
    }

    /// <summary>y of x.</summary>
    public void Forward(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, Span<float> y,
        Span<float> scratch)
    {
        if (Depthwise && Transposed)
        {
            DepthwiseDeconvolution2D.RunRows(s, x, packed, bias, y, 0, s.OutputRows);
        }
        else if (Depthwise)
        {
            DepthwiseConvolution2D.Run(s, x, packed, bias, y);
        }
        else if (Transposed)
        {
            Deconvolution2D.Run(s, x, packed, bias, y, scratch);
        }
        else
        {
            Convolution2D.Run(s, x, packed, bias, y, scratch);
        }
    }

    /// <summary>The gradient of x from that of y.</summary>
    public void InputGradient(
        in ConvolutionShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> packed, Span<float> dx, Span<float> scratch)
    {
        if (Depthwise && Transposed)
        {
            DepthwiseConvolution2D.Run(s.Transpose(), dy, packed, [], dx);
        }
        else if (Depthwise)
        {
            DepthwiseConvolution2D.InputGradient(s, dy, packed, dx);
        }
        else if (Transposed)
        {
            Convolution2D.Run(s.Transpose(), dy, packed, [], dx, scratch);
        }
        else
        {
            Convolution2D.InputGradient(s, dy, packed, dx, scratch);
        }
    }

    /// <summary>
    /// Adds the gradient of the weights: [kernel, C] if depthwise, else [C', kernel, C / group] of the straight kind.
    /// </summary>
    public void AddWeightGradient(
        in ConvolutionShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw, Span<float> scratch)
    {
        ConvolutionShape straight = Transposed ? s.Transpose() : s;
        ReadOnlySpan<float> smaller = Transposed ? x : dy, larger = Transposed ? dy : x;
        if (Depthwise)
        {
            DepthwiseConvolution2D.AddWeightGradient(straight, larger, smaller, dw);
        }
        else
        {
            Convolution2D.AddWeightGradient(straight, larger, smaller, dw, scratch);
        }
    }

    /// <summary>Adds a gradient in the kernels' order to one in the model's.</summary>
    public void AddInModelOrder(in ConvolutionShape s, ReadOnlySpan<float> dw, Span<float> gradient)
    {
        if (!Depthwise)
        {
            Convolution2D.AddChannelsFirst(Transposed ? s.Transpose() : s, dw, gradient);
            return;
        }

        for (int t = 0, i = 0; t < s.KernelSize; t++)
        {
            for (int c = 0; c < s.InputChannels; c++, i++)
            {
                gradient[(c * s.KernelSize) + t] += dw[i];
            }
        }
    }
}
