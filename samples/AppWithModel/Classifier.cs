using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;

namespace AppWithModel;

/// <summary>Tells what a picture shows. The model's input is made as quant.json says it was for calibration.</summary>
internal sealed class Classifier(string modelFile)
{
    private const int Side = 28;

    private static readonly ImageProcessOptions s_preprocessing = new()
    {
        Format = PixelFormat.Gray,
        Mean = [72.93f],
        Normal = [0.011109259567849803f],
        Width = Side,
        Height = Side,
    };

    private readonly InferenceSession _session = InferenceSession.Load(modelFile);

    /// <summary>The likeliest class and its probability, 0 to 1.</summary>
    internal (string Label, float Probability) Classify(string pictureFile)
    {
        float[] scores = Score(pictureFile);
        int best = Array.IndexOf(scores, scores.Max());
        float sum = scores.Sum(score => MathF.Exp(score - scores[best]));
        return (Labels.All[best], 1 / sum);
    }

    private float[] Score(string pictureFile)
    {
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(pictureFile), pictureFile);
        TensorInfo input = _session.Inputs[0];
        float[] pixels = new float[s_preprocessing.ElementCount];
        ImageProcess.Convert(picture, s_preprocessing, pixels, input.IsChannelsFirst);
        return _session.Run(new TensorValue(input.Name, [1, 1, Side, Side], pixels))[0].Floats;
    }
}
