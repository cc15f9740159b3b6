using Mnn.Quantize.Calibration.Lint;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Fills a model's inputs with arrays from files, any number of inputs, and those that the config gives a value with
/// that. Immutable, so that all workers share one.
/// </summary>
internal sealed class ArrayFeeder : ISampleFeeder
{
    private readonly ConstantInputs _constants;
    private readonly ArrayReader _reader;
    private readonly PreprocessingLint? _lint;

    /// <summary>Works out which inputs need data.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="config">Values and shapes of inputs.</param>
    /// <param name="lint">Shown every sample that is fed; or null.</param>
    /// <exception cref="QuantizeException">Model and config don't fit.</exception>
    public ArrayFeeder(Graph graph, QuantConfig config, PreprocessingLint? lint = null)
    {
        _constants = new ConstantInputs(graph, config);
        _reader = new ArrayReader(_constants);
        _lint = lint;
    }

    /// <inheritdoc/>
    public void Feed(InferenceSession session, params ReadOnlySpan<string> samples)
    {
        var all = new TensorValue[samples.Length][];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = _reader.Read(samples[i]);
            _lint?.Add(samples[i], all[i]);
        }

        for (int i = 0; i < _constants.Open.Length; i++)
        {
            TensorValue[] parts = [.. all.Select(values => values[i])];
            session.Fill(_constants.Open[i], parts.Length == 1 ? parts[0] : Join(parts, samples));
        }

        _constants.Fill(session);
    }

    /// <inheritdoc/>
    public void Check(string sample) => _reader.Read(sample);

    // One behind the other along the first dimension; all others must agree.
    private static TensorValue Join(TensorValue[] parts, ReadOnlySpan<string> samples)
    {
        TensorValue first = parts[0];
        for (int i = 1; i < parts.Length; i++)
        {
            if (first.Shape.Count == 0 || !parts[i].Shape.Skip(1).SequenceEqual(first.Shape.Skip(1)))
            {
                throw Errors.SamplesDoNotBatch(
                    samples[i], first.Name, Shapes.Text([.. parts[i].Shape]), Path.GetFileName(samples[0]), Shapes.Text([.. first.Shape]));
            }
        }

        int[] shape = [parts.Sum(p => p.Shape[0]), .. first.Shape.Skip(1)];
        return first.Type == ElementType.Float32
            ? new TensorValue(first.Name, shape, [.. parts.SelectMany(p => p.Floats)])
            : new TensorValue(first.Name, shape, [.. parts.SelectMany(p => p.Ints)]);
    }
}
