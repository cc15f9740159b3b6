using System.Text;
using Mnn.Quantize.Bench.Cases;

namespace Mnn.Quantize.Bench;

/// <summary>Kernels one after another, each for a tenth of a second: a look at all of them in a few seconds.</summary>
internal static class KernelBench
{
    /// <summary>Prints a line a case.</summary>
    /// <param name="cases">What to measure.</param>
    /// <param name="peak">Floating-point operations a second that the core can do, which operations are compared with.</param>
    public static void Run(IEnumerable<KernelCase> cases, double peak)
    {
        foreach (KernelCase one in cases)
        {
            double seconds = Clock.Seconds(one.Prepare());
            var line = new StringBuilder($"{one.Name}: {seconds * 1e3:F3} ms");
            if (one.Operations > 0)
            {
                string unit = one.IsInteger ? "Gop/s" : "GFLOP/s";
                line.Append($", {one.Operations / seconds * 1e-9:F1} {unit}, {one.Operations / seconds / peak:P0} of peak");
            }

            if (one.Pixels > 0)
            {
                line.Append($", {one.Pixels / seconds * 1e-6:F1} megapixels/s");
            }

            if (one.Bytes > 0)
            {
                line.Append($", {one.Bytes / seconds * 1e-9:F1} GB/s");
            }

            Console.WriteLine(line.ToString());
        }
    }
}
