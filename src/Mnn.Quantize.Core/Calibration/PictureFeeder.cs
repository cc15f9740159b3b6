using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Fills a model's inputs: one with pictures, as the config says, and any others with their constant. Immutable, so
/// that all workers share one.
/// </summary>
internal sealed class PictureFeeder : ISampleFeeder
{
    private readonly GraphInput _input;
    private readonly int[] _shape;
    private readonly bool _channelsFirst;
    private readonly ImageProcessOptions _process;
    private readonly ConstantInputs _constants;
    private readonly PreprocessingLint? _lint;

    /// <summary>Works out shapes and settings.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="config">Shapes and preprocessing.</param>
    /// <param name="lint">Shown every picture that is fed; or null.</param>
    /// <exception cref="QuantizeException">Model and config don't fit, or leave a size open.</exception>
    public PictureFeeder(Graph graph, QuantConfig config, PreprocessingLint? lint = null)
    {
        _lint = lint;
        _constants = new ConstantInputs(graph, config);
        if (_constants.Open.Length > 1)
        {
            throw Errors.InputWithoutData(config.File, _constants.Open[1].Name);
        }

        _input = _constants.Open[0];
        _channelsFirst = _input.Format != MNN_DATA_FORMAT.NHWC;
        _shape = ShapeOf(config, _constants.DeclaredShape(_input));
        _process = new ImageProcessOptions
        {
            Format = config.Format,
            Mean = [.. config.Mean],
            Normal = [.. config.Normal],
            Width = _shape[_channelsFirst ? 3 : 2],
            Height = _shape[_channelsFirst ? 2 : 1],
            CenterCropHeight = config.CenterCropHeight,
            CenterCropWidth = config.CenterCropWidth,
            Resize = config.Resize,
            Padding = (byte)config.PadValue,
        };
    }

    /// <summary>The input that takes pictures.</summary>
    public GraphInput Input => _input;

    /// <summary>Its dimensions for one picture: [1, C, H, W] or [1, H, W, C].</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Whether channels come first in it.</summary>
    public bool ChannelsFirst => _channelsFirst;

    /// <summary>How a picture becomes its content.</summary>
    public ImageProcessOptions Process => _process;

    /// <inheritdoc/>
    public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
    {
        Tensor? tensor = null;
        for (int i = 0; i < samples.Length; i++)
        {
            using BorrowedBytes bytes = SampleBytes.Borrow(samples[i]);
            using Picture picture = PictureDecoder.Decode(bytes.Span, samples[i]);
            tensor ??= session.Runner.PrepareInput(
                _input.Id, ElementType.Float32, [samples.Length, .. _shape.AsSpan(1)], _input.Format);
            Span<float> place = tensor.Floats.Slice(i * _process.ElementCount, _process.ElementCount);
            ImageProcess.Convert(picture, _process, place, _channelsFirst);
            _lint?.Add(samples[i], bytes.Span, picture, place);
        }

        _constants.Fill(session);
    }

    /// <summary>Fills the inputs that have a value.</summary>
    public void FillConstants(InferenceSession session) => _constants.Fill(session);

    /// <inheritdoc/>
    public void Check(string sample)
    {
        using BorrowedBytes bytes = SampleBytes.Borrow(sample);
        PictureDecoder.Decode(bytes.Span, sample).Dispose();
    }

    // Width and height of the config, else what the model declares; the batch is 1.
    private int[] ShapeOf(QuantConfig config, int[] declared)
    {
        int channels = config.Channels;
        int At(int index) => declared.Length == 4 ? declared[index] : -1;
        int height = config.Height > 0 ? config.Height : At(_channelsFirst ? 2 : 1);
        int width = config.Width > 0 ? config.Width : At(_channelsFirst ? 3 : 2);
        if (height <= 0 || width <= 0)
        {
            throw Errors.InputShapeUnknown(config.File, _input.Name, Describe(_input.Shape));
        }

        int expected = At(_channelsFirst ? 1 : 3);
        if ((declared.Length is not (0 or 4)) || (expected > 0 && expected != channels))
        {
            throw Errors.InputChannelsDiffer(config.File, _input.Name, Describe(declared), channels);
        }

        return _channelsFirst ? [1, channels, height, width] : [1, height, width, channels];
    }

    private static string Describe(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
