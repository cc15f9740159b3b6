using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Combines each element of a tensor with a value that its channel has.</summary>
internal static class ChannelBroadcast
{
    /// <summary>Refuses a tensor that isn't rows of as many channels as there are values.</summary>
    public static void RequireRows(Tensor input, int values)
    {
        ConvolutionOutput.RequireChannelsLast(input);
        int channels = input.Format == MNN_DATA_FORMAT.NHWC ? input.Dim(-1) : input.Rank > 1 ? input.Shape[1] : 1;
        if (channels != values)
        {
            throw new TensorShapeException($"{channels} channels where there are {values} values");
        }
    }

    /// <summary>y = op(x, values[channel of x]).</summary>
    /// <param name="op">The function.</param>
    /// <param name="input">x, in any layout.</param>
    /// <param name="values">[channels]</param>
    /// <param name="output">y, laid out like x; may be x.</param>
    public static void Run<T>(T op, Tensor input, ReadOnlySpan<float> values, Tensor output)
        where T : struct, IBinaryOperator
    {
        bool lastInMemory = input.IsChannelsLast || input.Format == MNN_DATA_FORMAT.NHWC || input.Rank == 2;
        int channels = input.Format == MNN_DATA_FORMAT.NHWC ? input.Dim(-1) : input.Rank > 1 ? input.Shape[1] : 1;
        if (channels != values.Length)
        {
            throw new TensorShapeException($"{channels} channels where there are {values.Length} values");
        }

        if (lastInMemory)
        {
            Elementwise.BinaryRows(op, input.Floats, values, output.Floats);
            return;
        }

        int plane = input.Count == 0 ? 0 : input.Count / input.Shape[0] / channels;
        for (int i = 0; plane > 0 && i < input.Count / plane; i++)
        {
            Elementwise.Binary(
                op,
                input.Floats.Slice(i * plane, plane),
                values.Slice(i % channels, 1),
                output.Floats.Slice(i * plane, plane));
        }
    }
}
