using System.Runtime.InteropServices;

namespace Mnn.Quantize.Inference;

/// <summary>A reference-counted, 64-byte aligned block of memory that goes back to its pool when nobody uses it.</summary>
internal sealed unsafe class TensorBuffer
{
    /// <summary>Cache line and widest vector, bytes.</summary>
    public const int Alignment = 64;

    private readonly TensorPool? _pool;
    private readonly byte[] _array;
    private readonly int _offset;
    private int _references;

    public TensorBuffer(int capacity, TensorPool? pool)
    {
        _pool = pool;
        Capacity = capacity;

        // Pinned, so that the aligned offset stays aligned.
        _array = GC.AllocateUninitializedArray<byte>(capacity + Alignment, pinned: true);
        nint address = (nint)Unsafe(_array);
        _offset = (int)((Alignment - (address % Alignment)) % Alignment);
    }

    /// <summary>Bytes it can hold.</summary>
    public int Capacity { get; }

    /// <summary>True if exactly one tensor uses it, so that its content may be overwritten.</summary>
    public bool IsUnshared => _pool is not null && _references == 1;

    public Span<byte> Span(int bytes) => _array.AsSpan(_offset, bytes);

    // Blocks without a pool belong to constants, which threads share: they are never counted and never freed.
    public void AddReference()
    {
        if (_pool is not null)
        {
            _references++;
        }
    }

    public void Release()
    {
        if (_pool is not null && --_references == 0)
        {
            _pool.Return(this);
        }
    }

    private static void* Unsafe(byte[] array) =>
        System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}
