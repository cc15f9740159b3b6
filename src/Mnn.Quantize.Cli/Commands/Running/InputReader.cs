using Mnn.Quantize.Calibration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Cli.Commands.Running;

/// <summary>Makes the model's inputs of files: <c>.npy</c>, pictures, or raw elements.</summary>
/// <param name="session">The model.</param>
/// <param name="model">Its path, for messages.</param>
/// <param name="config">The quant.json that tells how pictures are prepared, or null.</param>
/// <param name="warnings">Takes what is odd about the config.</param>
internal sealed class InputReader(InferenceSession session, string model, string? config, List<Diagnostic> warnings)
{
    private static readonly string[] s_pictures =
        [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tga", ".pnm", ".ppm", ".pgm", ".pbm", ".pam"];

    /// <summary>Reads all inputs of the model.</summary>
    /// <exception cref="QuantizeException">One is missing, given twice, or its file doesn't fit.</exception>
    internal TensorValue[] Read(IEnumerable<string> arguments)
    {
        string[] names = [.. session.Inputs.Select(i => i.Name)];
        var values = new Dictionary<string, TensorValue>();
        foreach (InputArgument argument in arguments.Select(a => InputArgument.Parse(a, model, names)))
        {
            TensorInfo input = session.Inputs.First(i => i.Name == argument.Name);
            if (!values.TryAdd(argument.Name, Fit(Read(argument, input), input, argument.File)))
            {
                throw CommandErrors.InputTwice(model, argument.Name);
            }
        }

        return [.. names.Select(n => values.TryGetValue(n, out TensorValue? value) ? value : throw CommandErrors.InputMissing(model, n))];
    }

    private TensorValue Read(InputArgument argument, TensorInfo input)
    {
        if (s_pictures.Contains(Path.GetExtension(argument.File), StringComparer.OrdinalIgnoreCase))
        {
            return config is null
                ? throw CommandErrors.PictureWithoutConfig(argument.File)
                : PictureInput.Read(session, input.Name, argument.Shape, config, argument.File, warnings);
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(argument.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CommandErrors.InputUnreadable(argument.File, e);
        }

        return NpyFile.IsNpy(bytes)
            ? Reshape(NpyFile.Read(bytes, argument.File, input.Name), argument)
            : RawFile.Read(
                bytes, argument.File, input.Name, input.Type, argument.Shape ?? DeclaredShape(input, bytes.Length, argument.File));
    }

    private static TensorValue Reshape(TensorValue value, InputArgument argument)
    {
        if (argument.Shape is not { } shape || shape.SequenceEqual(value.Shape))
        {
            return value;
        }

        if (shape.Aggregate(1.0, (a, b) => a * b) != value.Shape.Aggregate(1.0, (a, b) => a * b))
        {
            throw CommandErrors.InputReshaped(argument.File, ShapeText.Of(shape), ShapeText.Of(value.Shape));
        }

        return value.Type == ElementType.Float32
            ? new TensorValue(value.Name, shape, value.Floats)
            : new TensorValue(value.Name, shape, value.Ints);
    }

    /// <summary>What the model declares; one open dimension follows from the file's length.</summary>
    private static int[] DeclaredShape(TensorInfo input, long bytes, string file)
    {
        int[] shape = [.. input.Shape];
        int open = Array.FindIndex(shape, d => d < 0);
        if (open >= 0)
        {
            shape[open] = 1;
            double rest = shape.Aggregate((double)sizeof(float), (a, b) => a * b);
            shape[open] = rest > 0 && bytes % rest == 0 ? (int)(bytes / rest) : -1;
        }

        return shape.Length > 0 && Array.TrueForAll(shape, d => d >= 0)
            ? shape
            : throw CommandErrors.InputShapeOpen(file, input.Name, $"[{string.Join(", ", input.Shape)}]");
    }

    /// <summary>Integers serve as floats where the model wants these; the other way round is a mistake.</summary>
    private static TensorValue Fit(TensorValue value, TensorInfo input, string file) => (input.Type, value.Type) switch
    {
        (ElementType.Float32, ElementType.Int32) => new TensorValue(
            value.Name, value.Shape, Array.ConvertAll(value.Ints, i => (float)i)),
        (not ElementType.Float32, ElementType.Float32) => throw CommandErrors.InputOfOtherType(
            file, input.Name, "integer", "floats"),
        _ => value,
    };
}
