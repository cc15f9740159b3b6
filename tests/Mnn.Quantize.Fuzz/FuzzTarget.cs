namespace Mnn.Quantize.Fuzz;

/// <summary>One kind of file that comes from others.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Seeds">Intact files to start from.</param>
/// <param name="Run">Reads a file; only a QuantizeException may come out.</param>
internal sealed record FuzzTarget(string Name, Func<IReadOnlyList<byte[]>> Seeds, Action<byte[]> Run)
{
    /// <summary>Changes that know the format, beside those of bytes.</summary>
    public IReadOnlyList<Func<byte[], Random, byte[]>> Mutations { get; init; } = [];

    /// <summary>Makes a changed file pass the first checks, such as check sums; half of the inputs go through it.</summary>
    public Func<byte[], byte[]>? Mend { get; init; }

    /// <summary>Words of the format, pasted into inputs.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>Most bytes that reading may allocate, whatever the input claims.</summary>
    public long MostBytes { get; init; } = 512L << 20;
}
