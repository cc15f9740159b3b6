using System.Runtime.InteropServices;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Examples;

/// <summary>
/// Pictures in the size of the model's input, one byte a sample, so that 60,000 of 28x28 take 47 MB; what does not fit into
/// <see cref="MostBytes"/> is decoded each time anew. A byte becomes a number by a table, so that all is as in calibration.
/// </summary>
internal sealed class PictureExamples : ExampleSet
{
    /// <summary>Pictures are kept decoded up to so many bytes.</summary>
    private const long MostBytes = 1L << 30;

    private const int Levels = 256;

    private readonly IPictureSource _source;
    private readonly PictureFeeder _feeder;
    private readonly InferenceSession _session;
    private readonly ImageProcessOptions _toBytes;
    private readonly int _workers;
    private readonly byte _padding;
    private readonly float[] _levels;
    private readonly int[] _indices;
    private readonly byte[]?[] _pixels;

    // One a batch size: a training has two at most.
    private readonly Dictionary<int, TensorValue[]> _batches = [];

    private PictureExamples(
        IPictureSource source, PictureFeeder feeder, InferenceSession session, QuantConfig config, int workers)
    {
        (_source, _feeder, _session, _workers) = (source, feeder, session, Math.Max(1, workers));
        _padding = (byte)config.PadValue;
        _toBytes = feeder.Process with { Mean = [], Normal = [] };
        _levels = Table(feeder.Process);
        _indices = [.. Enumerable.Range(0, source.Count)];
        _pixels = new byte[source.Count][];
        Labels = source.Labels;
    }

    private PictureExamples(PictureExamples all, int[] kept)
    {
        (_source, _feeder, _session, _workers) = (all._source, all._feeder, all._session, all._workers);
        (_padding, _toBytes, _levels) = (all._padding, all._toBytes, all._levels);
        _indices = kept;
        _pixels = [.. kept.Select(i => all._pixels[i])];
        Labels = all.Labels?.Keep(kept);
    }

    /// <inheritdoc/>
    public override int Count => _indices.Length;

    /// <inheritdoc/>
    public override string NameOf(int index) => _source.NameOf(_indices[index]) ?? base.NameOf(index);

    private int ElementCount => _toBytes.ElementCount;

    /// <summary>Decodes pictures.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="graph">The model.</param>
    /// <param name="config">Preprocessing, and what a corrupt picture is.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">Told of corrupt pictures that are left out.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="QuantizeException">A picture can't be read, or none is left.</exception>
    public static PictureExamples Load(
        IPictureSource source,
        Graph graph,
        QuantConfig config,
        int workers,
        ICollection<Diagnostic> warnings,
        CancellationToken cancellation)
    {
        var session = new InferenceSession(graph);
        var feeder = new PictureFeeder(graph, config);
        feeder.FillConstants(session);
        var all = new PictureExamples(source, feeder, session, config, workers);
        var failures = new QuantizeException?[source.Count];
        int cached = (int)Math.Min(source.Count, MostBytes / all.ElementCount);
        int looked = config.OnCorrupt == CorruptData.Warn ? source.Count : cached;
        all.InParallel(looked, cancellation, (i, scratch) =>
        {
            try
            {
                byte[] pixels = new byte[all.ElementCount];
                all.Decode(i, pixels, scratch);
                all._pixels[i] = i < cached ? pixels : null;
            }
            catch (QuantizeException e) when (config.OnCorrupt == CorruptData.Warn)
            {
                failures[i] = e;
            }
        });
        return Array.TrueForAll(failures, f => f is null) ? all : all.Without(failures, config, warnings);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorValue> Read(ReadOnlySpan<int> indices, Augmentation? augmentation)
    {
        TensorValue[] batch = Batch(indices.Length);
        float[] values = Array.Find(batch, value => value.Name == _feeder.Input.Name)!.Floats;
        int[] wanted = indices.ToArray();
        if (Array.TrueForAll(wanted, i => _pixels[i] is not null))
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                Write(_pixels[wanted[i]]!, augmentation?.Draw(wanted[i]) ?? default, values.AsSpan(i * ElementCount, ElementCount));
            }

            return batch;
        }

        InParallel(wanted.Length, CancellationToken.None, (i, scratch) =>
        {
            byte[]? pixels = _pixels[wanted[i]];
            if (pixels is null)
            {
                pixels = new byte[ElementCount];
                Decode(wanted[i], pixels, scratch);
            }

            Write(pixels, augmentation?.Draw(wanted[i]) ?? default, values.AsSpan(i * ElementCount, ElementCount));
        });
        return batch;
    }

    private PictureExamples Without(QuantizeException?[] failures, QuantConfig config, ICollection<Diagnostic> warnings)
    {
        int[] kept = [.. _indices.Where(i => failures[i] is null)];
        if (kept.Length == 0)
        {
            throw failures[0]!;
        }

        foreach (Diagnostic found in failures.OfType<QuantizeException>().Select(failure => failure.Diagnostic))
        {
            warnings.Add(Warnings.CorruptLeftOut(found.File ?? config.File, found.Line, found.CodeText, found.Message));
        }

        return new PictureExamples(this, kept);
    }

    private void InParallel(int count, CancellationToken cancellation, Action<int, float[]> work)
    {
        int next = -1;
        ParallelWorkers.Run(Math.Clamp(_workers, 1, Math.Max(1, count)), _ =>
        {
            float[] scratch = new float[ElementCount];
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                work(i, scratch);
            }
        });
    }

    // The conversion itself gives whole grey levels; without mean and factor they fit a byte.
    private void Decode(int index, Span<byte> pixels, float[] scratch)
    {
        using Picture picture = _source.Open(_indices[index]);
        ImageProcess.Convert(picture, _toBytes, scratch, _feeder.ChannelsFirst);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)scratch[i];
        }
    }

    // pixels and place: [C, H, W] or [H, W, C].
    private void Write(ReadOnlySpan<byte> pixels, (bool Mirrored, int Right, int Down) change, Span<float> place)
    {
        (int channels, int height, int width) = (_toBytes.Channels, _toBytes.Height, _toBytes.Width);
        (int planes, int inner) = _feeder.ChannelsFirst ? (channels, 1) : (1, channels);
        for (int row = 0; row < planes * height; row++)
        {
            (int plane, int y) = (row / height, row % height);
            Span<float> target = place.Slice(row * width * inner, width * inner);
            int sourceY = y - change.Down;
            ReadOnlySpan<byte> source = (uint)sourceY < (uint)height
                ? pixels.Slice(((plane * height) + sourceY) * width * inner, width * inner)
                : [];
            if (inner == 1 && source.Length > 0 && !change.Mirrored && change.Right == 0)
            {
                Look(source, plane, target);
                continue;
            }

            WriteMoved(source, plane, inner, change, target);
        }
    }

    private void WriteMoved(
        ReadOnlySpan<byte> source, int plane, int inner, (bool Mirrored, int Right, int Down) change, Span<float> target)
    {
        int width = target.Length / inner;
        for (int x = 0; x < width; x++)
        {
            int moved = x - change.Right;
            int sourceX = change.Mirrored ? width - 1 - moved : moved;
            bool inside = (uint)sourceX < (uint)width && source.Length > 0;
            for (int c = 0; c < inner; c++)
            {
                byte level = inside ? source[(sourceX * inner) + c] : _padding;
                target[(x * inner) + c] = _levels[((plane + c) * Levels) + level];
            }
        }
    }

    private void Look(ReadOnlySpan<byte> source, int plane, Span<float> target)
    {
        ref float table = ref MemoryMarshal.GetReference(_levels.AsSpan(plane * Levels, Levels));
        for (int x = 0; x < target.Length; x++)
        {
            target[x] = System.Runtime.CompilerServices.Unsafe.Add(ref table, source[x]);
        }
    }

    private TensorValue[] Batch(int size)
    {
        if (!_batches.TryGetValue(size, out TensorValue[]? batch))
        {
            batch = [.. _session.Graph.Inputs.Select(input => input == _feeder.Input
                ? new TensorValue(input.Name, [size, .. _feeder.Shape.Skip(1)], new float[size * ElementCount])
                : _session.ReadOutput(input.Id))];
            _batches.Add(size, batch);
        }

        return batch;
    }

    // All grey levels as a picture of one row, through the same conversion: [channel, level].
    private static float[] Table(ImageProcessOptions process)
    {
        byte[] rgba = new byte[Levels * 4];
        for (int i = 0; i < rgba.Length; i++)
        {
            rgba[i] = (byte)(i / 4);
        }

        float[] table = new float[process.Channels * Levels];
        ImageProcessOptions row = process with { Width = Levels, Height = 1, Resize = ResizeMode.Pad, CenterCropWidth = 1, CenterCropHeight = 1 };
        ImageProcess.Convert(new Picture(Levels, 1, rgba), row, table, channelsFirst: true);
        return table;
    }
}
