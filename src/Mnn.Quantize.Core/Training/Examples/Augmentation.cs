namespace Mnn.Quantize.Training.Examples;

/// <summary>How the pictures of one epoch are varied.</summary>
/// <param name="Flip">Whether half of them are mirrored, left to right.</param>
/// <param name="Crop">Pixels by which they are moved at most, in any direction.</param>
/// <param name="Seed">Where chance starts.</param>
/// <param name="Epoch">Which epoch: each varies differently.</param>
internal sealed record Augmentation(bool Flip, int Crop, int Seed, int Epoch)
{
    private const int Purpose = 2;

    /// <summary>What happens to one example.</summary>
    /// <returns>Whether it is mirrored, and by how many pixels it moves to the right and down.</returns>
    public (bool Mirrored, int Right, int Down) Draw(int example)
    {
        var random = new RandomSource(Seed, Purpose, Epoch, example);
        bool mirrored = random.Below(2) == 1 && Flip;
        return (mirrored, random.Below((2 * Crop) + 1) - Crop, random.Below((2 * Crop) + 1) - Crop);
    }
}
