using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>
/// An example a line: its numbers, and its class in the column that is called <c>label</c>, or before them if a line has one
/// number more than the input. With <see cref="CalibrationInput.Image"/> the numbers are grey levels of a picture, row by
/// row, with <see cref="CalibrationInput.Sequence"/> what goes into the input.
/// </summary>
internal sealed class CsvSource(QuantConfig config, string data, string labels) : ExampleSource(config, data, labels)
{
    private const string LabelColumn = "label";

    /// <inheritdoc/>
    public override string Root => Path.GetDirectoryName(Data)!;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => [Data];

    /// <inheritdoc/>
    public override ExampleSet Open(
        Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation)
    {
        if (Labels.Length > 0)
        {
            throw Errors.LabelsDoNotFit(Config.File, Path.GetFileName(Data));
        }

        return Config.InputType == CalibrationInput.Image
            ? OpenPictures(graph, workers, warnings, cancellation)
            : OpenNumbers(graph, cancellation);
    }

    private PictureExamples OpenPictures(
        Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation)
    {
        var feeder = new PictureFeeder(graph, Config);
        (int height, int width) = (feeder.Process.Height, feeder.Process.Width);
        int channels = Config.Channels;
        var samples = new List<byte>();
        int size = 0;
        ExampleLabels? classes = ReadRows(height * width * channels, cancellation, (line, offset, row) =>
        {
            size = row.Length;
            for (int i = 0; i < row.Length; i++)
            {
                samples.Add(row[i] is >= 0 and <= byte.MaxValue && row[i] == MathF.Floor(row[i])
                    ? (byte)row[i]
                    : throw Errors.CsvLevel(Data, line, offset + i + 1, $"{row[i]}"));
            }
        });
        if (size != height * width * channels)
        {
            // Of another size than the input: pictures as square as those of MNIST.
            height = width = (int)Math.Sqrt(size / channels);
            if (height == 0 || height * width * channels != size)
            {
                throw Errors.CsvShape(Data, size, feeder.Input.Name, Shapes.Text([.. feeder.Shape]));
            }
        }

        // The columns are in the order of the format; pictures are red, green, blue.
        byte[] bytes = [.. samples];
        if (Config.Format is Imaging.PixelFormat.Bgr or Imaging.PixelFormat.Bgra)
        {
            for (int i = 0; i < bytes.Length; i += channels)
            {
                (bytes[i], bytes[i + 2]) = (bytes[i + 2], bytes[i]);
            }
        }

        var source = new PictureArray(bytes, height, width, channels, classes);
        return PictureExamples.Load(source, graph, Config, workers, warnings, cancellation);
    }

    private NumberExamples OpenNumbers(Graph graph, CancellationToken cancellation)
    {
        var constants = new ConstantInputs(graph, Config);
        if (constants.Open.Length > 1)
        {
            throw Errors.SampleIsOneFile(Data, string.Join(", ", constants.Open.Select(input => $"'{input.Name}'")));
        }

        int[] shape = constants.DeclaredShape(constants.Open[0]);
        int length = shape.Skip(1).Aggregate(1, (product, extent) => product * Math.Max(extent, -1));
        var rows = new List<float[]>();
        ExampleLabels? classes = ReadRows(length, cancellation, (_, _, row) => rows.Add(row.ToArray()));
        return length > 0 && rows[0].Length == length
            ? new NumberExamples(graph, constants, shape, [.. rows], classes)
            : throw Errors.CsvShape(Data, rows[0].Length, constants.Open[0].Name, Shapes.Text(shape));
    }

    private delegate void ExampleHandler(int line, int offset, ReadOnlySpan<float> row);

    // The label is taken out of each line.
    private ExampleLabels? ReadRows(int length, CancellationToken cancellation, ExampleHandler take)
    {
        var values = new List<int>();
        var lines = new List<int>();
        float[] rest = [];
        CsvFile.Read(Data, (line, names, row) =>
        {
            cancellation.ThrowIfCancellationRequested();
            int column = names.Count > 0 ? Column(names) : row.Length == length + 1 ? 0 : -1;
            if (column < 0)
            {
                take(line, 0, row);
                return;
            }

            values.Add(row[column] is >= 0 and < int.MaxValue && row[column] == MathF.Floor(row[column])
                ? (int)row[column]
                : throw Errors.CsvLabel(Data, line, $"{row[column]}"));
            lines.Add(line);
            rest = rest.Length == 0 ? new float[row.Length - 1] : rest;
            row[..column].CopyTo(rest);
            row[(column + 1)..].CopyTo(rest.AsSpan(column));
            take(line, column == 0 ? 1 : 0, rest);
        });
        return values.Count > 0 ? new ExampleLabels(Data, [.. values], [.. lines]) : null;
    }

    private static int Column(IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Equals(LabelColumn, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
