using System.Diagnostics;
using System.Globalization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Bench;

/// <summary>A model's time on one thread, by kind of operator and operator by operator.</summary>
internal static class ModelBench
{
    private const int Groups = 9;
    private const int Runs = 10;
    private const int Shown = 12;
    private const double WarmUpSeconds = 1;

    /// <summary>Prints the median time of a run and where it goes.</summary>
    /// <param name="arguments">The model, and NAME=1x3x224x224 for inputs whose shape is open.</param>
    public static void Run(IReadOnlyList<string> arguments)
    {
        InferenceSession session = InferenceSession.Load(arguments[0]);
        Dictionary<string, int[]> shapes = arguments.Skip(1).Select(a => a.Split('=')).ToDictionary(
            a => a[0], a => Array.ConvertAll(a[1].Split('x'), d => int.Parse(d, CultureInfo.InvariantCulture)));
        TensorValue[] inputs = [.. session.Inputs.Select(i => Random(i, shapes.GetValueOrDefault(i.Name) ?? [.. i.Shape]))];
        WarmUp(session, inputs);
        double[] totals = new double[Groups];
        for (int group = 0; group < Groups; group++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < Runs; run++)
            {
                session.Run(inputs);
            }

            totals[group] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / Runs;
        }

        Array.Sort(totals);
        Console.WriteLine($"{arguments[0]}: mean of {Runs} runs {totals[Groups / 2]:F3} ms (median of {Groups}), {totals[0]:F3} ms (least)");

        string[] made = new string[session.Graph.Nodes.Length];
        int at = 0;
        long sum = 0;
        var timer = new NodeTimer(session.Graph, (_, tensor, _) =>
        {
            made[at++] = string.Join('x', tensor.Shape);
            sum += tensor.ByteCount;
        });
        session.Runner.Observer = timer;
        double[][] times = new double[Groups * Runs][];
        for (int run = 0; run < times.Length; run++)
        {
            (at, sum) = (0, 0);
            timer.Start();
            double[] before = timer.Milliseconds;
            session.Run(inputs);
            times[run] = [.. timer.Milliseconds.Zip(before, (total, earlier) => total - earlier)];
        }

        Console.WriteLine($"  tensors: {session.Pool.AllocatedBytes >> 10} KiB are held at once of {sum >> 10} KiB made in a run");
        double[] each = [.. made.Select((_, node) => times.Select(t => t[node]).Order().ElementAt(times.Length / 2))];
        (string Kind, double Time)[] nodes = [.. session.Graph.Nodes.Select((n, i) => (n.Op.Type.ToString(), each[i]))];
        foreach (var kind in nodes.GroupBy(n => n.Kind).OrderByDescending(g => g.Sum(n => n.Time)))
        {
            Console.WriteLine($"  {kind.Key}: {kind.Sum(n => n.Time):F3} ms in {kind.Count()}");
        }

        foreach (int i in Enumerable.Range(0, nodes.Length).OrderByDescending(i => each[i]).Take(Shown))
        {
            Console.WriteLine($"  {each[i]:F3} ms {nodes[i].Kind} {session.Graph.Nodes[i].Name} {made[i]}");
        }
    }

    // Until the runtime has compiled a second time what is called often, which it does in the background.
    private static void WarmUp(InferenceSession session, TensorValue[] inputs)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            session.Run(inputs);
        }
    }

    private static TensorValue Random(TensorInfo input, int[] shape)
    {
        shape = Array.ConvertAll(shape, extent => Math.Max(extent, 1));
        var random = new Random(1);
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        return input.Type == ElementType.Float32
            ? new TensorValue(input.Name, shape, [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)])
            : new TensorValue(input.Name, shape, new int[count]);
    }
}
