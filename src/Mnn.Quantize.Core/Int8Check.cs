using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Training;
using Mnn.Quantize.Training.Loop;
using Mnn.Quantize.Training.Losses;

namespace Mnn.Quantize;

/// <summary>What a trained model does in the engine's integer execution.</summary>
/// <param name="Accuracy">Share of the examples that is right; null without labels.</param>
/// <param name="Examples">Number of these examples.</param>
/// <param name="Agreement">Share on which it says what the trained net says.</param>
/// <param name="Cosine">Mean cosine similarity to the float model's outputs, on the first few.</param>
/// <param name="Top1Agreement">Share of these with the same greatest element as the float model's.</param>
/// <param name="Convolutions">Convolutions that run in int8, and all convolutions.</param>
internal sealed record Int8Check(
    double? Accuracy, int Examples, double Agreement, double Cosine, double Top1Agreement, (int Quantized, int All) Convolutions)
{
    private const int ComparedExamples = 8;

    /// <summary>Runs it. The model is read back from its bytes, so that what is looked at is what is written.</summary>
    /// <param name="graph">The float model.</param>
    /// <param name="int8">The trained model.</param>
    /// <param name="net">The net that it was made of.</param>
    /// <param name="examples">Examples to run it on.</param>
    /// <param name="batch">Examples at once.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Int8Check Run(
        Graph graph, MnnModel int8, ITrainableNet net, ExampleRange examples, int batch, int workers, CancellationToken cancellation)
    {
        var quantized = Graph.Build(MnnModel.FromBytes(int8.ToBytes(), int8.Path));
        int[] indices = examples.Indices;
        var evaluator = new ModelEvaluator(quantized, new WorkTeam(workers));
        (int right, int same) = (0, 0);
        for (int done = 0; done < indices.Length; done += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<int> part = indices.AsSpan(done, Math.Min(batch, indices.Length - done));
            IReadOnlyList<TensorValue> inputs = examples.Set.Read(part, null);
            IReadOnlyList<TensorValue> trained = net.Forward(inputs, training: false);
            IReadOnlyList<TensorValue> integer = evaluator.Run(inputs, part.Length, net.TakesSeveral);
            right += examples.Set.Labels is null ? 0 : Objective.CountRight(integer[0], examples.Set.LabelsOf(part));
            same += Objective.CountSame(integer[0], trained[0]);
        }

        (IReadOnlyList<TensorValue>[] float32, IReadOnlyList<TensorValue>[] int8Outputs) =
            Compare(graph, quantized, examples, Math.Min(ComparedExamples, indices.Length));
        Node[] convolutions = [.. quantized.Nodes.Where(node => QuantizationPlan.IsConvolution(node.Op.Type))];
        return new Int8Check(
            examples.Set.Labels is null ? null : (double)right / indices.Length,
            indices.Length,
            (double)same / indices.Length,
            OutputCosine.Mean(float32, int8Outputs),
            TopElement.Agreement(float32, int8Outputs),
            (convolutions.Count(node => node.RunsInt8), convolutions.Length));
    }

    private static (IReadOnlyList<TensorValue>[] Float32, IReadOnlyList<TensorValue>[] Int8) Compare(
        Graph graph, Graph quantized, ExampleRange examples, int count)
    {
        var (float32, int8) = (new IReadOnlyList<TensorValue>[count], new IReadOnlyList<TensorValue>[count]);
        var (original, session) = (new InferenceSession(graph), new InferenceSession(quantized));
        for (int i = 0; i < count; i++)
        {
            IReadOnlyList<TensorValue> inputs = examples.Set.Read([examples.Indices[i]], null);
            (float32[i], int8[i]) = (original.Run(inputs), session.Run(inputs));
        }

        return (float32, int8);
    }
}
