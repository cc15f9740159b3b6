using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnn.Quantize.Kernels;

/// <summary>
/// Pooling of int8 windows as the runtime does it on x86 (CPUPoolInt8.cpp, FunctionDispatcher.cpp), where tensors are
/// kept as bytes 128 higher. A window is cut at the picture's border and padding never counts.
/// </summary>
internal static unsafe class PoolInt8
{
    // From q to the byte that the runtime keeps.
    private const int StorageOffset = 128;

    // Means are taken by a multiplication with 2^24 by the count, cut to an integer, and a shift.
    private const int MeanBits = 24;

    /// <summary>
    /// The value whose stored byte is greatest when read as signed: from 0 to 127 all values count as less than from
    /// -128 to -1. With a zero point of -127 this is not the greatest value; the runtime computes just this.
    /// </summary>
    /// <param name="shape">The sizes; channels stay.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H', W', C].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(in ConvolutionShape shape, ReadOnlySpan<sbyte> x, Span<sbyte> y, SimdLevel level = SimdLevel.Active)
    {
        Validate(shape, x.Length, y.Length);
        int channels = shape.InputChannels, vectors = VectorChannels(channels, level);
        Vector128<sbyte> flip = Vector128.Create(sbyte.MinValue);
        fixed (sbyte* px = x, py = y)
        {
            sbyte* target = py;
            for (int i = 0; i < shape.OutputRows * shape.OutputWidth; i++, target += channels)
            {
                Window window = new(shape, i);
                int c = 0;
                for (; c < vectors; c += Vector128<sbyte>.Count)
                {
                    Vector128<sbyte> greatest = flip;
                    for (int row = 0; row < window.Height; row++)
                    {
                        for (int column = 0; column < window.Width; column++)
                        {
                            Vector128<sbyte> stored = Vector128.Load(px + window.At(row, column) + c) ^ flip;
                            greatest = Vector128.Max(greatest, stored);
                        }
                    }

                    (greatest ^ flip).Store(target + c);
                }

                for (; c < channels; c++)
                {
                    sbyte greatest = sbyte.MinValue;
                    for (int row = 0; row < window.Height; row++)
                    {
                        for (int column = 0; column < window.Width; column++)
                        {
                            greatest = Math.Max(greatest, (sbyte)(px[window.At(row, column) + c] ^ sbyte.MinValue));
                        }
                    }

                    target[c] = (sbyte)(greatest ^ sbyte.MinValue);
                }
            }
        }
    }

    /// <summary>The mean of the stored bytes, cut to an integer.</summary>
    /// <param name="shape">The sizes; channels stay.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">[N, H', W', C].</param>
    /// <param name="level">The kernel family.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Average(in ConvolutionShape shape, ReadOnlySpan<sbyte> x, Span<sbyte> y, SimdLevel level = SimdLevel.Active)
    {
        Validate(shape, x.Length, y.Length);
        int channels = shape.InputChannels, vectors = VectorChannels(channels, level);
        fixed (sbyte* px = x, py = y)
        {
            sbyte* target = py;
            for (int i = 0; i < shape.OutputRows * shape.OutputWidth; i++, target += channels)
            {
                Window window = new(shape, i);
                int count = Math.Max(1, window.Height * window.Width), factor = (1 << MeanBits) / count;
                int c = 0;
                for (; c < vectors; c += Vector256<int>.Count)
                {
                    Vector256<int> sum = Vector256.Create(window.Height * window.Width * StorageOffset);
                    for (int row = 0; row < window.Height; row++)
                    {
                        for (int column = 0; column < window.Width; column++)
                        {
                            sum += Int8Rounding.Load(px + window.At(row, column) + c);
                        }
                    }

                    Vector256<int> mean = Vector256.ShiftRightLogical(sum * factor, MeanBits);
                    Int8Rounding.Store(mean - Vector256.Create(StorageOffset), target + c);
                }

                for (; c < channels; c++)
                {
                    int sum = window.Height * window.Width * StorageOffset;
                    for (int row = 0; row < window.Height; row++)
                    {
                        for (int column = 0; column < window.Width; column++)
                        {
                            sum += px[window.At(row, column) + c];
                        }
                    }

                    target[c] = (sbyte)((int)((uint)(sum * factor) >> MeanBits) - StorageOffset);
                }
            }
        }
    }

    private static void Validate(in ConvolutionShape shape, int x, int y)
    {
        shape.Validate(x, y, 0, shape.OutputRows);
        Check.That(shape.InputChannels == shape.OutputChannels, "Pooling keeps the channels.");
    }

    private static int VectorChannels(int channels, SimdLevel level) =>
        SimdLevels.Resolve(level) == SimdLevel.Scalar ? 0 : channels / 16 * 16;

    /// <summary>The part of an output pixel's window that lies in the picture.</summary>
    private readonly struct Window
    {
        private readonly nint _first;
        private readonly nint _rowStep;
        private readonly nint _columnStep;

        public Window(in ConvolutionShape s, int pixel)
        {
            (int row, int ox) = Math.DivRem(pixel, s.OutputWidth);
            (int n, int oy) = Math.DivRem(row, s.OutputHeight);
            int top = (oy * s.StrideHeight) - s.PadTop, left = (ox * s.StrideWidth) - s.PadLeft;
            int y = Math.Max(0, top), x = Math.Max(0, left);
            Height = Math.Max(0, Math.Min(s.InputHeight, top + s.KernelHeight) - y);
            Width = Math.Max(0, Math.Min(s.InputWidth, left + s.KernelWidth) - x);
            _columnStep = s.InputChannels;
            _rowStep = _columnStep * s.InputWidth;
            _first = (((nint)n * s.InputHeight) + y) * _rowStep + (x * _columnStep);
        }

        public int Height { get; }

        public int Width { get; }

        public nint At(int row, int column) => _first + (row * _rowStep) + (column * _columnStep);
    }
}
