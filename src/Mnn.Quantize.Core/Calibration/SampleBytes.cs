using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Calibration;

/// <summary>Reads files of calibration data.</summary>
internal static class SampleBytes
{
    /// <summary>A whole file.</summary>
    /// <exception cref="QuantizeException">MNNQ3503: it can't be read.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, e.Message, e);
        }
    }

    /// <summary>A whole file on borrowed memory, so that a run over many files allocates for the largest one only.</summary>
    /// <exception cref="QuantizeException">MNNQ3503: it can't be read.</exception>
    public static BorrowedBytes Borrow(string file)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(file, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(handle);

            // What has no length beforehand, such as a pipe, is read as it comes.
            return length is > 0 and <= int.MaxValue / 2 ? Borrow(handle, (int)length) : new BorrowedBytes(Read(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.DataUnreadable(file, e.Message, e);
        }
    }

    private static BorrowedBytes Borrow(SafeFileHandle handle, int length)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        int done = 0;
        while (done < length && RandomAccess.Read(handle, bytes.AsSpan(done, length - done), done) is > 0 and var read)
        {
            done += read;
        }

        return new BorrowedBytes(bytes, done);
    }
}

/// <summary>Bytes that go back to a pool.</summary>
internal readonly ref struct BorrowedBytes
{
    private readonly byte[]? _borrowed;

    public BorrowedBytes(byte[] own) => Span = own;

    public BorrowedBytes(byte[] borrowed, int length)
    {
        _borrowed = borrowed;
        Span = borrowed.AsSpan(0, length);
    }

    /// <summary>The bytes, until they are given back.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Gives them back.</summary>
    public void Dispose()
    {
        if (_borrowed is not null)
        {
            ArrayPool<byte>.Shared.Return(_borrowed);
        }
    }
}
