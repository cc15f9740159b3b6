using Mnn.Quantize.Calibration;
using Mnn.Quantize.Imaging;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Pictures as they lie on disk or in memory. Safe for use by several threads.</summary>
internal interface IPictureSource
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Their classes; null if they have none.</summary>
    ExampleLabels? Labels { get; }

    /// <summary>Name of one's file; null if it has none of its own.</summary>
    string? NameOf(int index) => null;

    /// <summary>Decodes one.</summary>
    /// <exception cref="Diagnostics.QuantizeException">It can't be read.</exception>
    Picture Open(int index);
}

/// <summary>Pictures in files of their own.</summary>
internal sealed class PictureFiles(IReadOnlyList<string> files, ExampleLabels? labels) : IPictureSource
{
    /// <inheritdoc/>
    public int Count => files.Count;

    /// <inheritdoc/>
    public ExampleLabels? Labels => labels;

    /// <inheritdoc/>
    public string? NameOf(int index) => Path.GetFileName(files[index]);

    /// <inheritdoc/>
    public Picture Open(int index) => PictureDecoder.Decode(SampleBytes.Read(files[index]), files[index]);
}

/// <summary>Pictures side by side in memory, as IDX and CSV files have them.</summary>
/// <param name="samples">Grey levels: [count, height, width, channels].</param>
/// <param name="height">Rows of a picture.</param>
/// <param name="width">Pixels of a row.</param>
/// <param name="channels">1 (gray), 3 (red, green, blue) or 4 (and alpha).</param>
/// <param name="labels">Their classes; null if they have none.</param>
internal sealed class PictureArray(
    ReadOnlyMemory<byte> samples, int height, int width, int channels, ExampleLabels? labels) : IPictureSource
{
    /// <inheritdoc/>
    public int Count => samples.Length / (height * width * channels);

    /// <inheritdoc/>
    public ExampleLabels? Labels => labels;

    /// <inheritdoc/>
    public Picture Open(int index)
    {
        int pixels = height * width;
        ReadOnlySpan<byte> source = samples.Span.Slice(index * pixels * channels, pixels * channels);
        var picture = Picture.Rent(width, height);
        Span<byte> target = picture.Pixels;
        for (int i = 0; i < pixels; i++)
        {
            ReadOnlySpan<byte> pixel = source.Slice(i * channels, channels);
            target[4 * i] = pixel[0];
            target[(4 * i) + 1] = pixel[channels > 1 ? 1 : 0];
            target[(4 * i) + 2] = pixel[channels > 1 ? 2 : 0];
            target[(4 * i) + 3] = channels == 4 ? pixel[3] : byte.MaxValue;
        }

        return picture;
    }
}
