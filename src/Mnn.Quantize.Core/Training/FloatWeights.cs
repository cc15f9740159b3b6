using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training;

/// <summary>Brings the weights of a model into the form in which they are trained.</summary>
internal static class FloatWeights
{
    /// <summary>Turns weights that were stored in fewer bits, without scales of activations, back into floats.</summary>
    /// <exception cref="QuantizeException">The model is an int8 model.</exception>
    public static void Restore(MnnModel model)
    {
        foreach (Op op in model.Net.Oplists ?? [])
        {
            if (op.Main is not Convolution2D convolution)
            {
                continue;
            }

            if (convolution is { SymmetricQuan: not null, QuanParameter: not null })
            {
                throw Errors.AlreadyQuantized(model.Path, op.Name ?? "");
            }

            if (convolution is { Weight.Length: > 0 } or { QuanParameter: not null })
            {
                convolution.Weight = WeightCodec.Dequantize(convolution, model.Path, op.Name ?? "");
                convolution.QuanParameter = null;
            }
        }
    }
}
