using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Changes the format of a tensor. NHWC and NC4HW4 lie alike here, so between them only the names of the dimensions
/// change; NCHW is a transposition away from both.
/// </summary>
internal sealed class ConvertTensor(MNN_DATA_FORMAT destination) : Operator
{
    public override bool HandlesChannelsLast => true;

    public override bool MovesElements => true;

    public static Operator Create(OpBuildContext context) => new ConvertTensor(context.Param<TensorConvertInfo>().Dest);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        bool fromLast = input.Format == MNN_DATA_FORMAT.NHWC;
        bool toLast = destination == MNN_DATA_FORMAT.NHWC;
        Span<int> shape = stackalloc int[input.Rank];
        input.Shape.CopyTo(shape);
        if (input.Rank > 2 && fromLast != toLast)
        {
            Reorder(input.Shape, shape, toLast);
        }

        bool liesLast = input.IsChannelsLast || (fromLast && input.Rank > 2);
        bool mustLieLast = input.Rank > 2 && destination is MNN_DATA_FORMAT.NHWC or MNN_DATA_FORMAT.NC4HW4;
        if (input.Rank <= 2 || liesLast == mustLieLast)
        {
            context.View(0, input, shape, destination);
            return;
        }

        Tensor output = context.OutputOfType(0, input, shape, destination);
        int channels = fromLast ? input.Dim(-1) : input.Shape[1];
        int spatial = input.Count == 0 ? 0 : input.Count / input.Shape[0] / channels;
        (int rows, int columns) = liesLast ? (spatial, channels) : (channels, spatial);
        TensorLayout.Transpose(input.Bytes, output.Bytes, input.Shape[0], rows, columns, input.Type.Size());
    }

    private static void Reorder(ReadOnlySpan<int> source, Span<int> shape, bool toLast)
    {
        int last = source.Length - 1;
        shape[toLast ? last : 1] = source[toLast ? 1 : last];
        for (int i = 1; i < last; i++)
        {
            shape[toLast ? i : i + 1] = source[toLast ? i + 1 : i];
        }
    }
}
