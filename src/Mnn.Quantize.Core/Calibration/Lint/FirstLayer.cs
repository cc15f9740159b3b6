using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>How the convolutions that read an input react to it.</summary>
internal static class FirstLayer
{
    // Trained weights of red and blue differ by half of their energy or more.
    private const double LeastDifference = 1e-3;

    /// <summary>
    /// The median over output channels of the sum of |w|: about the greatest output for inputs of magnitude 1.
    /// </summary>
    /// <returns>Null if the input goes anywhere but, in another layout at most, into float convolutions.</returns>
    public static float? Gain(Graph graph, GraphInput input)
    {
        if (Readers(graph, input) is not { Count: > 0 } readers)
        {
            return null;
        }

        float[] sums = [.. readers.SelectMany(r => r.Weights.Chunk(r.Weights.Length / r.Outputs)).Select(c => c.Sum(MathF.Abs)).Order()];
        return sums[sums.Length / 2];
    }

    /// <summary>Whether the model can tell the first channel of an input from the third.</summary>
    /// <returns>False if it is sure that their weights are the same; true if not, or if nobody knows.</returns>
    public static bool TellsRedFromBlue(Graph graph, GraphInput input, int channels)
    {
        double difference = 0;
        double energy = 0;
        foreach ((float[] weights, int outputs) in Readers(graph, input) ?? [])
        {
            // [outputs, channels, kernel]
            int kernel = weights.Length / (outputs * channels);
            for (int output = 0; output < outputs && channels >= 3; output++)
            {
                int red = output * channels * kernel;
                for (int i = red; i < red + kernel; i++)
                {
                    float other = weights[i + (2 * kernel)];
                    difference += (weights[i] - other) * (double)(weights[i] - other);
                    energy += (weights[i] * (double)weights[i]) + (other * (double)other);
                }
            }
        }

        return energy == 0 || difference >= LeastDifference * energy;
    }

    // Null if something else reads the input.
    private static List<(float[] Weights, int Outputs)>? Readers(Graph graph, GraphInput input)
    {
        var readers = new List<(float[], int)>();
        var pending = new Queue<int>([input.Id]);
        while (pending.TryDequeue(out int id))
        {
            foreach (Node node in graph.Nodes.Where(n => n.Inputs.Contains(id)))
            {
                if (node.Op.Type is OpType.ConvertTensor or OpType.Identity)
                {
                    pending.Enqueue(node.Outputs[0]);
                }
                else if (node.Op.Type == OpType.Convolution && node.Inputs.Length == 1
                    && node.Op.Main is Convolution2D { Common: { OutputCount: > 0 } common } parameters
                    && WeightCodec.Dequantize(parameters, graph.File, node.Name) is var weights && weights.Length >= common.OutputCount)
                {
                    readers.Add((weights, common.OutputCount));
                }
                else
                {
                    return null;
                }
            }
        }

        return readers;
    }
}
