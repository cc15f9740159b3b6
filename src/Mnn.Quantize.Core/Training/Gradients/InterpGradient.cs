using Mnn.Quantize.Inference;
using Mnn.Quantize.Inference.Ops;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of scaling pictures. It is linear and works along rows and columns one after another, so the operator
/// itself, run on pictures with a single row or column of ones, tells each output row's and column's shares.
/// </summary>
internal sealed class InterpGradient : Gradient
{
    private readonly Lock _making = new();
    private volatile Shares? _shares;

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Tensor input = context.Input(0), gradient = context.OutputGradient();
        if (input.Rank != 4)
        {
            throw new TensorShapeException($"{Inference.Shapes.Text(input.Shape)} where pictures of 4 dimensions are expected");
        }

        ImageShape from = ImageShape.Of(input), to = ImageShape.Of(gradient);
        Shares shares = SharesFor(context, from, to);
        bool last = input.IsChannelsLast || input.Format == MNN_DATA_FORMAT.NHWC;
        int inner = last ? from.Channels : 1, outer = last ? from.Batch : from.Batch * from.Channels;
        Span<float> dx = context.InputGradient(0).Floats;
        dx.Clear();
        float[] half = new float[to.Height * from.Width * inner];
        for (int n = 0; n < outer; n++)
        {
            ReadOnlySpan<float> g = gradient.Floats.Slice(n * to.Height * to.Width * inner, to.Height * to.Width * inner);
            Array.Clear(half);
            Spread(g, shares.Columns, to.Height, inner, from.Width, half);
            Spread(half, shares.Rows, 1, from.Width * inner, from.Height, dx.Slice(n * from.Height * from.Width * inner, from.Height * from.Width * inner));
        }
    }

    // [outer, shares.Length, inner] to [outer, targets, inner], each place by its shares.
    private static void Spread(
        ReadOnlySpan<float> source, (int At, float Share)[][] shares, int outer, int inner, int targets, Span<float> target)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < shares.Length; i++)
            {
                ReadOnlySpan<float> line = source.Slice(((o * shares.Length) + i) * inner, inner);
                foreach ((int at, float share) in shares[i])
                {
                    Span<float> place = target.Slice(((o * targets) + at) * inner, inner);
                    for (int c = 0; c < inner; c++)
                    {
                        place[c] += line[c] * share;
                    }
                }
            }
        }
    }

    private Shares SharesFor(GradientContext context, ImageShape from, ImageShape to)
    {
        lock (_making)
        {
            if (_shares is null || !_shares.Fits(from, to))
            {
                _shares = new Shares(
                    from, to, Probe(context, from, to, rows: true), Probe(context, from, to, rows: false));
            }

            return _shares;
        }
    }

    // By output row (or column): the input rows that it is made of, and their shares.
    private static (int At, float Share)[][] Probe(GradientContext context, ImageShape from, ImageShape to, bool rows)
    {
        int count = rows ? from.Height : from.Width, results = rows ? to.Height : to.Width;
        Tensor input = context.Input(0);
        var probe = new ImageShape(count, from.Height, from.Width, 1);
        Tensor pictures = Tensor.Persistent(
            ElementType.Float32, probe.DimensionsLike(input, stackalloc int[4]).ToArray(), input.Format);
        for (int i = 0; i < pictures.Count; i++)
        {
            int place = rows ? i / from.Width % from.Height : i % from.Width;
            pictures.Floats[i] = place == i / (from.Height * from.Width) ? 1 : 0;
        }

        pictures.Describe(ElementType.Float32, pictures.Shape, input.Format, input.IsChannelsLast);
        var constants = new Dictionary<int, Tensor> { [0] = pictures };
        for (int i = 1; i < context.InputCount; i++)
        {
            constants[i] = context.Input(i);
        }

        Tensor made = OperatorProbe.Run(context, constants)[0];
        var shares = new (int, float)[results][];
        for (int r = 0; r < results; r++)
        {
            shares[r] = [.. Enumerable.Range(0, count)
                .Select(i => (At: i, Share: made.Floats[(i * to.Height * to.Width) + (rows ? r * to.Width : r)]))
                .Where(s => s.Share != 0)];
        }

        return shares;
    }

    private sealed record Shares(ImageShape From, ImageShape To, (int At, float Share)[][] Rows, (int At, float Share)[][] Columns)
    {
        public bool Fits(ImageShape from, ImageShape to) =>
            (From.Height, From.Width, To.Height, To.Width) == (from.Height, from.Width, to.Height, to.Width);
    }
}
