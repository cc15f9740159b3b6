namespace Mnn.Quantize.Bench.Cases;

/// <summary>A kernel with its sizes: what one call does, and how to make one ready.</summary>
/// <param name="Name">The kernel and its sizes.</param>
/// <param name="Prepare">Makes the data, which belong to the call that it returns.</param>
public sealed record KernelCase(string Name, Func<Action> Prepare)
{
    /// <summary>Multiplications and additions of a call; 0 where they don't say much.</summary>
    public double Operations { get; init; }

    /// <summary>The operations are those of integers.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Bytes that a call must read and write at least; 0 where they don't say much.</summary>
    public double Bytes { get; init; }

    /// <summary>Pixels that a call decodes.</summary>
    public double Pixels { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
