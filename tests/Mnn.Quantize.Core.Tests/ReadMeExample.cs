// The example of the README's section "Library", word for word: DocumentationTests compares, the compiler checks.
using Mnn.Quantize;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Tests;

internal static class ReadMeExample
{
    internal static TensorValue Run(float[] pixels)
    {
        // begin
        QuantizeResult result = QuantizePipeline.Run(new QuantizeOptions
        {
            Source = "net.mnn",
            Destination = "net.int8.mnn",
            Config = "quant.json",
        });

        InferenceSession session = InferenceSession.Load(result.Destination);
        TensorValue scores = session.Run(new TensorValue("input", [1, 3, 224, 224], pixels))[0];
        // end
        return scores;
    }
}
