using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Mnn.Quantize.Fuzz;

/// <summary>
/// Branches that an input took, counted by the code that the tool sharpfuzz puts into the engine's assembly. Without
/// it there is none, and inputs are changed blindly.
/// </summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private static readonly byte[] Counts = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _seen = new byte[Size];

    /// <summary>Gives the counting code its memory; it must have it before any of the engine's code runs.</summary>
    public static void Install()
    {
        fixed (byte* counts = Counts)
        {
            Trace.SharedMem = counts;
        }
    }

    /// <summary>Number of branches seen so far.</summary>
    public int Branches { get; private set; }

    /// <summary>Forgets the last input.</summary>
    public static void Start()
    {
        Array.Clear(Counts);
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the last input took a branch, or took one much oftener, as none did before.</summary>
    public bool IsNew()
    {
        bool found = false;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(Counts);
        for (int word = 0; word < words.Length; word++)
        {
            // Nearly all are zero.
            for (int i = 8 * word; words[word] != 0 && i < 8 * (word + 1); i++)
            {
                byte bucket = Bucket(Counts[i]);
                if ((bucket & ~_seen[i]) != 0)
                {
                    Branches += _seen[i] == 0 ? 1 : 0;
                    _seen[i] |= bucket;
                    found = true;
                }
            }
        }

        return found;
    }

    // Powers of two tell a loop of three rounds from one of a hundred, as in AFL.
    private static byte Bucket(byte count) => count == 0 ? (byte)0 : (byte)(1 << int.Log2(count));
}
