using System.Diagnostics;
using System.Globalization;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Bench.Operators;

/// <summary>
/// Operators that memory bounds, in the engine and in the MNN runtime, beside a copy of as many bytes. Both take one thread; the runtime
/// is its own tool timeProfile.out.
/// </summary>
/// <param name="command">The tool; it is given MODEL RUNS 0 1xCxHxW 1.</param>
/// <param name="part">What the names of the operators to measure contain; empty for all.</param>
internal sealed class OperatorBench(IReadOnlyList<string> command, string part)
{
    private const int Rounds = 9;
    private const int RunsPerRound = 60;

    /// <summary>Prints a line an operator.</summary>
    public void Run()
    {
        Console.WriteLine($"kernels: {SimdLevels.Active}; medians of {Rounds} rounds in turn of the mean of {RunsPerRound} runs");
        string folder = Directory.CreateTempSubdirectory("mnn-operators").FullName;
        try
        {
            foreach (OperatorModel model in OperatorModels.All.Where(m => m.Name.Contains(part, StringComparison.Ordinal)))
            {
                Compare(model, Path.Combine(folder, "operator.mnn"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Compare(OperatorModel model, string file)
    {
        model.Model.Save(file);
        var session = new InferenceSession(model.Model);
        int[] shape = [1, model.Channels, model.Size, model.Size];
        var random = new Random(1);
        int length = model.Channels * model.Size * model.Size;
        TensorValue input = new("input", shape, [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())]);
        double[] ours = new double[Rounds], other = new double[Rounds], copy = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            ours[round] = Engine(session, input);
            other[round] = Runtime(file, string.Join('x', shape));
            copy[round] = Copy(model.Bytes);
        }

        (double mine, double theirs, double limit) = (Median(ours), Median(other), Median(copy));
        Console.WriteLine(
            $"{model.Name}: {mine:F1} us, runtime {theirs:F1} us, copy {limit:F1} us; " +
            $"{mine / theirs:F2} of the runtime's time, {mine / limit:F2} of the copy's, {model.Bytes / mine * 1e-3:F1} GB/s");
    }

    // Microseconds of a copy of the operator: the median over the copies of the mean over the runs, as the tool tells it.
    private static double Engine(InferenceSession session, TensorValue input)
    {
        Run(session, input);
        var timer = new NodeTimer(session.Graph, (_, _, _) => { });
        session.Runner.Observer = timer;
        Run(session, input, timer);
        session.Runner.Observer = null;
        return 1000 * Median(
            [.. timer.Milliseconds.Where((_, node) => OperatorModel.IsMeasured(session.Graph.Nodes[node].Name)).Select(t => t / RunsPerRound)]);
    }

    private static void Run(InferenceSession session, TensorValue input, NodeTimer? timer = null)
    {
        for (int run = 0; run < RunsPerRound; run++)
        {
            timer?.Start();
            session.Run([input]);
        }
    }

    // The same, from lines "measured0 \tPooling \t0.045000 \t...".
    private double Runtime(string file, string shape)
    {
        string[] arguments = [.. command.Skip(1), file, RunsPerRound.ToString(CultureInfo.InvariantCulture), "0", shape, "1"];
        using Process process = Process.Start(new ProcessStartInfo(command[0], arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double[] times =
        [
            .. from line in text.Split('\n')
               let fields = line.Split('\t')
               where fields.Length > 3 && OperatorModel.IsMeasured(fields[0].Trim())
               select double.Parse(fields[2], CultureInfo.InvariantCulture),
        ];
        return times.Length > 0
            ? 1000 * Median(times)
            : throw new InvalidOperationException($"{command[0]} tells no times of operators:\n{text}");
    }

    private static double Copy(long bytes)
    {
        Memory<float> source = Aligned.Floats((int)(bytes / 2 / sizeof(float)));
        Memory<float> target = Aligned.Floats(source.Length);
        return 1e6 * Clock.Seconds(() => source.Span.CopyTo(target.Span));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
