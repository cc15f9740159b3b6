using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;

namespace Mnn.Quantize.Quantization.Candidates;

/// <summary>An int8 model in memory.</summary>
/// <param name="Recipe">How it was made.</param>
/// <param name="Model">The model.</param>
/// <param name="Quant">By tensor id: scale and zero point; null where the tensor stays float.</param>
/// <param name="Convolutions">Convolutions with int8 weights.</param>
internal sealed record Candidate(QuantizeRecipe Recipe, MnnModel Model, QuantParameters?[] Quant, int Convolutions)
{
    private readonly Lazy<byte[]> _bytes = new(Model.ToBytes);

    /// <summary>The model as a file.</summary>
    public byte[] Bytes => _bytes.Value;

    /// <summary>The model as the runtime would see it: read back from its bytes.</summary>
    public Graph Read() => Graph.Build(MnnModel.FromBytes(Bytes, Model.Path));
}
