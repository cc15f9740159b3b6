using System.Diagnostics;
using System.Globalization;

namespace Mnn.Quantize.Cli.Tests;

/// <summary>The same int8 model, byte for byte, whatever the machine has: threads, kernels, instruction sets.</summary>
[TestClass]
public sealed class ReproducibilityTests
{
    private static readonly Lazy<byte[]> Expected = new(() => Quantize(workers: 1));

    [TestMethod]
    [DataRow(2)]
    [DataRow(7)]
    public void The_number_of_workers_does_not_matter(int workers) =>
        CollectionAssert.AreEqual(Expected.Value, Quantize(workers));

    [TestMethod]
    [DataRow("MNNQ_KERNELS", "scalar")]
    [DataRow("MNNQ_KERNELS", "vector128")]
    [DataRow("MNNQ_KERNELS", "vector256")]
    [DataRow("MNNQ_KERNELS", "vector512")]
    [DataRow("DOTNET_EnableAVX512", "0")]
    [DataRow("DOTNET_EnableAVX2", "0")]
    [DataRow("DOTNET_EnableAVX", "0")]
    [DataRow("DOTNET_EnableHWIntrinsic", "0")]
    public void The_instruction_set_does_not_matter(string variable, string value) =>
        CollectionAssert.AreEqual(Expected.Value, Quantize(2, variable, value));

    private static byte[] Quantize(int workers, string variable = "MNNQ_TEST", string value = "")
    {
        using var folder = new TestFolder();
        string tool = Path.Combine(AppContext.BaseDirectory, "mnn-quantize.dll");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec", tool, "quantize", folder["float.mnn"], folder["int8.mnn"], folder["quant.json"],
                "--max-parallelism", workers.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + error.Result);
        return File.ReadAllBytes(folder["int8.mnn"]);
    }
}
