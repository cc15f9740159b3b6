using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Training.Gradients;

/// <summary>
/// The derivative of every operator that only moves, drops or repeats elements: the operator itself, run on the places of
/// its input's elements in their stead, tells where each element of its output is from.
/// </summary>
internal sealed class MoveGradient : Gradient
{
    private readonly Lock _making = new();
    private volatile Map? _map;

    /// <inheritdoc/>
    public override void Run(GradientContext context)
    {
        Map map = MapFor(context);
        for (int i = 0; i < context.InputCount; i++)
        {
            if (context.Wants(i))
            {
                context.InputGradient(i).Floats.Clear();
            }
        }

        for (int o = 0; o < context.Node.Outputs.Length; o++)
        {
            if (context.OutputGradient(o) is { } gradient)
            {
                for (int i = 0; i < context.InputCount; i++)
                {
                    if (context.Wants(i) && map.Indices[i] is null)
                    {
                        Add(gradient.Floats, map.Sources[o], map.Starts[i], context.InputGradient(i).Floats);
                    }
                }
            }
        }
    }

    private static void Add(ReadOnlySpan<float> gradient, ReadOnlySpan<int> sources, int start, Span<float> target)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            int at = sources[i] - start;
            if ((uint)at < (uint)target.Length)
            {
                target[at] += gradient[i];
            }
        }
    }

    private Map MapFor(GradientContext context)
    {
        Map? map = _map;
        if (map is not null && map.Fits(context))
        {
            return map;
        }

        lock (_making)
        {
            if (_map is null || !_map.Fits(context))
            {
                _map = Map.Make(context);
            }

            return _map;
        }
    }

    /// <summary>Where elements come from, for inputs of one shape.</summary>
    /// <param name="Shapes">By input.</param>
    /// <param name="Layouts">By input: whether channels lie last.</param>
    /// <param name="Indices">By input: the values of those that are integers.</param>
    /// <param name="Starts">By input: the number of its first element; 0 is none.</param>
    /// <param name="Sources">By output: the number of each element's source.</param>
    private sealed record Map(int[][] Shapes, bool[] Layouts, int[]?[] Indices, int[] Starts, int[][] Sources)
    {
        public bool Fits(GradientContext context)
        {
            for (int i = 0; i < Shapes.Length; i++)
            {
                if (context.HasInput(i))
                {
                    Tensor input = context.Input(i);
                    if (!input.Shape.AsSpan().SequenceEqual(Shapes[i]) || input.IsChannelsLast != Layouts[i]
                        || (Indices[i] is { } own && !input.Ints.SequenceEqual(own)))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        public static Map Make(GradientContext context)
        {
            int count = context.InputCount;
            var constants = new Dictionary<int, Tensor>();
            var (shapes, layouts, indices, starts) = (new int[count][], new bool[count], new int[]?[count], new int[count]);
            int next = 1;
            for (int i = 0; i < count; i++)
            {
                shapes[i] = [];
                if (!context.HasInput(i))
                {
                    continue;
                }

                Tensor input = context.Input(i);
                (shapes[i], layouts[i]) = (input.Shape, input.IsChannelsLast);
                Tensor copy = Tensor.Persistent(ElementType.Int32, input.Shape, input.Format);
                if (input.Type == ElementType.Int32)
                {
                    indices[i] = input.Ints.ToArray();
                    input.Ints.CopyTo(copy.Ints);
                }
                else
                {
                    starts[i] = next;
                    foreach (ref int number in copy.Ints)
                    {
                        number = next++;
                    }
                }

                copy.Describe(ElementType.Int32, input.Shape, input.Format, input.IsChannelsLast);
                constants[i] = copy;
            }

            Tensor[] outputs = OperatorProbe.Run(context, constants);
            bool last = context.Node.Operator.HandlesChannelsLast;
            return new Map(shapes, layouts, indices, starts, [.. outputs.Select(o => InOrderOf(o, last))]);
        }

        // Gradients lie as the operator leaves its outputs.
        private static int[] InOrderOf(Tensor sources, bool handlesChannelsLast)
        {
            if (!sources.IsChannelsLast || handlesChannelsLast)
            {
                return sources.Ints.ToArray();
            }

            Tensor turned = Tensor.Persistent(ElementType.Int32, sources.Shape, MNN_DATA_FORMAT.NCHW);
            TensorLayout.CopyToRowMajor(sources, turned);
            return turned.Ints.ToArray();
        }
    }
}
