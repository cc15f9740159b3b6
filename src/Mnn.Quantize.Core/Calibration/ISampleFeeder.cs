using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>Fills all inputs of a model from calibration data. Safe to be shared by all workers.</summary>
internal interface ISampleFeeder
{
    /// <summary>Puts samples into the inputs of a session, one behind the other along the first dimension.</summary>
    /// <param name="session">Where they go.</param>
    /// <param name="samples">At least one sample of <see cref="CalibrationData.Samples"/>.</param>
    /// <exception cref="QuantizeException">A file can't be read, is damaged or does not fit the model.</exception>
    void Feed(InferenceSession session, params ReadOnlySpan<string> samples);

    /// <summary>Reads a sample as <see cref="Feed"/> does, only to see whether it can be read.</summary>
    /// <exception cref="QuantizeException">A file can't be read, is damaged or does not fit the model.</exception>
    void Check(string sample);
}

/// <summary>Makes the feeder for the kind of data that a config names.</summary>
internal static class SampleFeeder
{
    /// <summary>Makes one.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="config">Tells kind of data, shapes and preprocessing.</param>
    /// <param name="lint">Shown every sample that is fed; or null.</param>
    /// <exception cref="QuantizeException">Model and config don't fit, or leave a size open.</exception>
    public static ISampleFeeder Create(Graph graph, QuantConfig config, Lint.PreprocessingLint? lint = null) =>
        config.InputType == CalibrationInput.Image
            ? new PictureFeeder(graph, config, lint)
            : new ArrayFeeder(graph, config, lint);
}
