using System.Globalization;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>Brings arrays into the element type and rank that an input wants.</summary>
internal static class InputArray
{
    /// <summary>The shape of an array whose file does not tell it.</summary>
    /// <param name="declared">What model, config or input.json say; not above 0 where open.</param>
    /// <param name="count">Elements of the array.</param>
    /// <param name="input">The input, for messages.</param>
    /// <param name="file">The file, for messages.</param>
    /// <returns>The declared shape, where one open dimension is what the count leaves, and a second one, the batch, is 1.</returns>
    /// <exception cref="QuantizeException">The count doesn't fit, or more is open.</exception>
    public static int[] ShapeFor(int[] declared, int count, GraphInput input, string file)
    {
        int[] shape = [.. declared];
        if (shape.Count(d => d <= 0) > 1 && shape[0] <= 0)
        {
            shape[0] = 1;
        }

        int open = Array.FindIndex(shape, d => d <= 0);
        if (Array.FindLastIndex(shape, d => d <= 0) != open || (declared.Length == 0 && count != 1))
        {
            throw Errors.ArrayShapeOpen(file, input.Name, Shapes.Text(declared));
        }

        double known = shape.Where(d => d > 0).Aggregate(1.0, (product, extent) => product * extent);
        if (open >= 0 && known <= count && count % known == 0)
        {
            shape[open] = (int)(count / known);
            return shape;
        }

        return open < 0 && known == count ? shape : throw Errors.ArrayCount(file, input.Name, count, Shapes.Text(declared));
    }

    /// <summary>An array of a file that tells its shape, for an input.</summary>
    /// <remarks>
    /// Its dimensions are the data's own: models run at other sizes than they declare. A missing batch is added, and an
    /// array of another rank but as many elements takes the declared shape.
    /// </remarks>
    /// <exception cref="QuantizeException">Rank or element type don't fit.</exception>
    public static TensorValue Fit(TensorValue array, GraphInput input, int[] declared, string file)
    {
        int[] shape = [.. array.Shape];
        if (declared.Length > 0 && shape.Length != declared.Length)
        {
            long count = shape.Aggregate(1L, (product, extent) => product * extent);
            bool isComplete = Array.TrueForAll(declared, d => d > 0);
            shape = shape.Length + 1 == declared.Length && declared[0] is 1 or <= 0 ? [1, .. shape]
                : isComplete && declared.Aggregate(1L, (product, extent) => product * extent) == count ? declared
                : throw Errors.ArrayRank(file, input.Name, Shapes.Text(shape), Shapes.Text(declared));
        }

        bool isFloat = array.Type == ElementType.Float32;
        return (isFloat, input.Type) switch
        {
            (true, ElementType.Float32) => new TensorValue(input.Name, shape, array.Floats),
            (false, ElementType.Int32) => new TensorValue(input.Name, shape, array.Ints),
            (true, _) => OfNumbers(Array.ConvertAll(array.Floats, v => (double)v), shape, input, file),
            (false, _) => OfNumbers(Array.ConvertAll(array.Ints, v => (double)v), shape, input, file),
        };
    }

    /// <summary>Numbers as elements of an input's type.</summary>
    /// <exception cref="QuantizeException">A number is none of its type.</exception>
    public static TensorValue OfNumbers(double[] numbers, int[] shape, GraphInput input, string file)
    {
        if (input.Type == ElementType.Float32)
        {
            return new TensorValue(input.Name, shape, Array.ConvertAll(numbers, v => (float)v));
        }

        (int least, int most) = input.Type switch
        {
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        return new TensorValue(input.Name, shape, Array.ConvertAll(numbers, v => v >= least && v <= most && v == Math.Floor(v)
            ? (int)v
            : throw Errors.ArrayElement(file, input.Name, v.ToString("R", CultureInfo.InvariantCulture), least, most)));
    }
}
