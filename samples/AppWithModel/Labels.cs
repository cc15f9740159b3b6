namespace AppWithModel;

/// <summary>The ten classes of Fashion-MNIST, in the order of the model's scores.</summary>
internal static class Labels
{
    internal static readonly string[] All =
    [
        "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ];
}
