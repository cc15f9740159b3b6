using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Loop;
using Mnn.Quantize.Training.Losses;

namespace Mnn.Quantize;

/// <summary>What a trained model does in the engine's integer execution.</summary>
/// <param name="Accuracy">Share of the examples that is right; null without labels.</param>
/// <param name="Agreement">Share on which it says what the trained net says.</param>
/// <param name="Cosine">Mean cosine similarity to the float model's outputs, on the first few.</param>
/// <param name="Top1Agreement">Share of these with the same greatest element as the float model's.</param>
/// <param name="Convolutions">Convolutions that run in int8, and all convolutions.</param>
internal sealed record Int8Check(
    double? Accuracy, double Agreement, double Cosine, double Top1Agreement, (int Quantized, int All) Convolutions)
{
    private const int MostExamples = 1000;
    private const int ComparedExamples = 8;

    /// <summary>Runs it. The model is read back from its bytes, so that what is looked at is what is written.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="int8">The trained model.</param>
    /// <param name="net">The net that it was made of.</param>
    /// <param name="examples">Examples to run it on.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Int8Check Run(
        Graph graph, MnnModel int8, ITrainableNet net, ExampleRange examples, int workers, CancellationToken cancellation)
    {
        var quantized = Graph.Build(MnnModel.FromBytes(int8.ToBytes(), int8.Path));
        int count = Math.Min(examples.Indices.Length, MostExamples);
        var float32 = new IReadOnlyList<TensorValue>[Math.Min(count, ComparedExamples)];
        var integer = new IReadOnlyList<TensorValue>[count];
        var trained = new IReadOnlyList<TensorValue>[count];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            trained[i] = net.Forward(examples.Set.Read([examples.Indices[i]], null), training: false);
        }

        int next = -1;
        var reading = new Lock();
        ParallelWorkers.Run(Math.Clamp(workers, 1, count), _ =>
        {
            var session = new InferenceSession(quantized);
            var original = new InferenceSession(graph);
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                IReadOnlyList<TensorValue> inputs;
                lock (reading)
                {
                    inputs = [.. examples.Set.Read([examples.Indices[i]], null).Select(Copy)];
                }

                integer[i] = session.Run(inputs);
                if (i < float32.Length)
                {
                    float32[i] = original.Run(inputs);
                }
            }
        });

        IReadOnlyList<TensorValue>[] first = integer[..float32.Length];
        Node[] convolutions = [.. quantized.Nodes.Where(node => QuantizationPlan.IsConvolution(node.Op.Type))];
        return new Int8Check(
            examples.Set.Labels is { } labels
                ? integer.Select((outputs, i) => Objective.CountRight(outputs[0], [labels.Values[examples.Indices[i]]])).Sum() / (double)count
                : null,
            TopElement.Agreement(trained, integer),
            OutputCosine.Mean(float32, first),
            TopElement.Agreement(float32, first),
            (convolutions.Count(node => node.RunsInt8), convolutions.Length));
    }

    private static TensorValue Copy(TensorValue value) => value.Type == ElementType.Float32
        ? new TensorValue(value.Name, value.Shape, [.. value.Floats])
        : value;
}
