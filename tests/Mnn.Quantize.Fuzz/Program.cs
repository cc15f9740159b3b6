using System.Globalization;
using Mnn.Quantize.Fuzz;

// Usage: [--seconds N] [--executions N] [--seed N] [--findings DIR] [--replay FILE] [target ...]; without a target all, in turn.
string Option(string name, string otherwise) =>
    Array.IndexOf(args, name) is var i && i >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;

int Number(string name, int otherwise) =>
    int.Parse(Option(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

Coverage.Install();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
HashSet<int> values = [.. Enumerable.Range(0, args.Length).Where(i => i > 0 && args[i - 1].StartsWith("--", StringComparison.Ordinal))];
string[] names = [.. args.Where((argument, i) => !argument.StartsWith("--", StringComparison.Ordinal) && !values.Contains(i))];
FuzzTarget[] targets = [.. Targets.All.Where(t => names.Length == 0 || names.Contains(t.Name))];
if (targets.Length == 0 || names.Any(n => Targets.All.All(t => t.Name != n)))
{
    Console.Error.WriteLine($"The targets are {string.Join(", ", Targets.All.Select(t => t.Name))}.");
    return 2;
}

if (Option("--replay", "") is { Length: > 0 } file)
{
    targets[0].Run(File.ReadAllBytes(file));
    return 0;
}

var time = TimeSpan.FromSeconds(Number("--seconds", 60) / (double)targets.Length);
long executions = Number("--executions", int.MaxValue);
int findings = 0;
long done = 0;
foreach (FuzzTarget target in targets)
{
    var fuzzer = new Fuzzer(target, Number("--seed", 1), Option("--findings", "fuzz-findings"));
    fuzzer.Run(time, executions);
    findings += fuzzer.Findings;
    done += fuzzer.Executions;
}

Console.WriteLine($"{done:N0} executions, {findings} findings");
return findings == 0 ? 0 : 1;
