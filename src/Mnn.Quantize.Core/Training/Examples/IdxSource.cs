using Mnn.Quantize.Configuration;
using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>Pictures in an IDX file, and labels in another one.</summary>
internal sealed class IdxSource(QuantConfig config, string data, string labels) : ExampleSource(config, data, labels)
{
    /// <inheritdoc/>
    public override string Root => Path.GetDirectoryName(Data)!;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => Labels.Length > 0 ? [Data, Labels] : [Data];

    /// <inheritdoc/>
    public override ExampleSet Open(
        Graph graph, int workers, ICollection<Diagnostic> warnings, CancellationToken cancellation)
    {
        IdxFile pictures = IdxFile.Read(Data);
        if (pictures.Shape.Length < 3 || (pictures.Shape.Length == 4 && pictures.Shape[3] is not (1 or 3 or 4)))
        {
            throw Errors.IdxNotPictures(Data, pictures.Describe());
        }

        var source = new PictureArray(
            pictures.Elements,
            pictures.Shape[1],
            pictures.Shape[2],
            pictures.Shape.Length == 4 ? pictures.Shape[3] : 1,
            Labels.Length > 0 ? ReadLabels(pictures.Shape[0]) : null);
        return PictureExamples.Load(source, graph, Config, workers, warnings, cancellation);
    }

    private ExampleLabels ReadLabels(int count)
    {
        IdxFile file = IdxFile.Read(Labels);
        return file.Shape.Length != 1 ? throw Errors.IdxNotLabels(Labels, file.Describe())
            : file.Shape[0] != count ? throw Errors.LabelCount(Labels, file.Shape[0], Path.GetFileName(Data), count)
            : new ExampleLabels(Labels, Array.ConvertAll(file.Elements.ToArray(), label => (int)label), []);
    }
}
