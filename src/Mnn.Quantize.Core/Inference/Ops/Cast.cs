using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// Changes the type of a tensor's elements. Floats are cut towards zero; int64 and bool become int32, where bool means 1
/// for everything that is not 0.
/// </summary>
internal sealed class Cast(ElementType? target, bool toBool) : Operator
{
    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context)
    {
        DataType type = context.Param<CastParam>().DstT;
        ElementType target = type switch
        {
            DataType.DT_FLOAT or DataType.DT_DOUBLE or DataType.DT_HALF or DataType.DT_BFLOAT16 => ElementType.Float32,
            DataType.DT_INT32 or DataType.DT_INT64 or DataType.DT_BOOL or DataType.DT_INT16 or DataType.DT_UINT16
                or DataType.DT_QINT32 => ElementType.Int32,
            DataType.DT_UINT8 or DataType.DT_QUINT8 => ElementType.UInt8,
            DataType.DT_INT8 or DataType.DT_QINT8 => ElementType.Int8,
            _ => throw context.Invalid($"there is no cast to {type}"),
        };
        return new Cast(target, type == DataType.DT_BOOL);
    }

    /// <summary>A cast to the type of the second input.</summary>
    public static Operator CreateLike(OpBuildContext context) => new Cast(null, toBool: false);

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        ElementType type = target ?? context.Input(1).Type;
        if (type == input.Type && !toBool)
        {
            context.View(0, input, input.Shape, input.Format);
            return;
        }

        Tensor output = context.Output(0, type, input.Shape, input.Format);
        switch (input.Type)
        {
            case ElementType.Float32:
                FromFloat(input.Floats, output);
                break;
            case ElementType.Int32:
                FromInt(input.Ints, i => i, output);
                break;
            case ElementType.UInt8:
                FromInt(input.Bytes, b => b, output);
                break;
            default:
                FromInt(input.Int8s, b => b, output);
                break;
        }
    }

    private void FromFloat(ReadOnlySpan<float> source, Tensor output)
    {
        for (int i = 0; i < source.Length; i++)
        {
            Put(output, i, toBool ? (source[i] != 0 ? 1 : 0) : (int)source[i]);
        }
    }

    private void FromInt<T>(ReadOnlySpan<T> source, Func<T, int> widen, Tensor output)
    {
        for (int i = 0; i < source.Length; i++)
        {
            int value = widen(source[i]);
            Put(output, i, toBool && value != 0 ? 1 : value);
        }
    }

    private static void Put(Tensor output, int index, int value)
    {
        switch (output.Type)
        {
            case ElementType.Float32:
                output.Floats[index] = value;
                break;
            case ElementType.Int32:
                output.Ints[index] = value;
                break;
            default:
                output.Bytes[index] = (byte)value;
                break;
        }
    }
}
