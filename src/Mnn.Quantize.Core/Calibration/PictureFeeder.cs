using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Fills a model's inputs: one with a picture, as the config says, and any others with their constant. Immutable, so
/// that all workers share one.
/// </summary>
internal sealed class PictureFeeder
{
    private readonly GraphInput _pictureInput;
    private readonly int[] _pictureShape;
    private readonly bool _channelsFirst;
    private readonly ImageProcessOptions _process;
    private readonly List<(GraphInput Input, int[] Shape, float Value)> _constants = [];

    /// <summary>Works out shapes and settings.</summary>
    /// <exception cref="QuantizeException">Model and config don't fit, or leave a size open.</exception>
    public PictureFeeder(Graph graph, QuantConfig config)
    {
        foreach (InputConfig named in config.Inputs)
        {
            if (!Array.Exists(graph.Inputs, i => i.Name == named.Name))
            {
                throw Errors.UnknownInputName(
                    config.File, named.Name, string.Join(", ", graph.Inputs.Select(i => $"'{i.Name}'")));
            }
        }

        _pictureInput = graph.Inputs.FirstOrDefault(i => Settings(config, i)?.Value is null)
            ?? throw Errors.InputWithoutData(config.File, graph.Inputs.FirstOrDefault()?.Name ?? "");
        foreach (GraphInput other in graph.Inputs.Where(i => i != _pictureInput))
        {
            float value = Settings(config, other)?.Value ?? throw Errors.InputWithoutData(config.File, other.Name);
            _constants.Add((other, ConstantShape(config, other), value));
        }

        _channelsFirst = _pictureInput.Format != MNN_DATA_FORMAT.NHWC;
        _pictureShape = PictureShape(config, _pictureInput, _channelsFirst);
        _process = new ImageProcessOptions
        {
            Format = config.Format,
            Mean = [.. config.Mean],
            Normal = [.. config.Normal],
            Width = _pictureShape[_channelsFirst ? 3 : 2],
            Height = _pictureShape[_channelsFirst ? 2 : 1],
            CenterCropHeight = config.CenterCropHeight,
            CenterCropWidth = config.CenterCropWidth,
        };
    }

    /// <summary>Decodes a picture and puts it into the session's inputs.</summary>
    public void Feed(InferenceSession session, string file)
    {
        using Picture picture = Decode(file);
        Tensor tensor = session.Runner.PrepareInput(
            _pictureInput.Id, ElementType.Float32, _pictureShape, _pictureInput.Format);
        ImageProcess.Convert(picture, _process, tensor.Floats, _channelsFirst);
        foreach ((GraphInput input, int[] shape, float value) in _constants)
        {
            Tensor constant = session.Runner.PrepareInput(input.Id, input.Type, shape, input.Format);
            if (input.Type == ElementType.Float32)
            {
                constant.Floats.Fill(value);
            }
            else if (input.Type == ElementType.Int32)
            {
                constant.Ints.Fill((int)value);
            }
            else
            {
                constant.Bytes.Fill((byte)(int)value);
            }
        }
    }

    private static Picture Decode(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, e.Message, e);
        }

        return PictureDecoder.Decode(bytes, file);
    }

    private static InputConfig? Settings(QuantConfig config, GraphInput input) =>
        config.Inputs.FirstOrDefault(i => i.Name == input.Name);

    private static int[] ConstantShape(QuantConfig config, GraphInput input) =>
        Settings(config, input)?.Shape is { } shape ? [.. shape]
        : Array.TrueForAll(input.Shape, d => d > 0) ? input.Shape
        : throw Errors.InputShapeUnknown(config.File, input.Name, Describe(input.Shape));

    // Explicit shape, else width and height, else what the model declares; the batch is 1.
    private static int[] PictureShape(QuantConfig config, GraphInput input, bool channelsFirst)
    {
        int channels = config.Format switch
        {
            PixelFormat.Gray => 1,
            PixelFormat.Rgba or PixelFormat.Bgra => 4,
            _ => 3,
        };
        int[] declared = Settings(config, input)?.Shape is { } shape ? [.. shape] : input.Shape;
        int At(int index) => declared.Length == 4 ? declared[index] : -1;
        int height = config.Height > 0 ? config.Height : At(channelsFirst ? 2 : 1);
        int width = config.Width > 0 ? config.Width : At(channelsFirst ? 3 : 2);
        if (height <= 0 || width <= 0)
        {
            throw Errors.InputShapeUnknown(config.File, input.Name, Describe(input.Shape));
        }

        int expected = At(channelsFirst ? 1 : 3);
        if ((declared.Length is not (0 or 4)) || (expected > 0 && expected != channels))
        {
            throw Errors.InputChannelsDiffer(config.File, input.Name, Describe(declared), channels);
        }

        return channelsFirst ? [1, channels, height, width] : [1, height, width, channels];
    }

    private static string Describe(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
