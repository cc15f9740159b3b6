using System.Collections.Concurrent;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration.Lint;

/// <summary>
/// Checks that data and preprocessing are plausible for a model: looks on while a feeder feeds, then reports. Safe to be
/// shared by all workers; what it reports depends on the samples only, not on who fed them when.
/// </summary>
/// <param name="graph">The float model.</param>
/// <param name="config">The config.</param>
internal sealed class PreprocessingLint(Graph graph, QuantConfig config)
{
    // The first convolutions of the models that were looked at give 3 to 40 at most for inputs as they were trained with,
    // and 300 to 10,000 for grey levels that nobody scaled.
    private const float MostOutput = 200;
    private const float MostInput = 64;
    private const float LeastInput = 0.01f;
    private const int FewSamples = 8;

    private readonly ConcurrentDictionary<string, SampleTraits> _traits = new(StringComparer.Ordinal);

    /// <summary>Takes note of a picture that was fed.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="file">Its whole file.</param>
    /// <param name="picture">The picture in it.</param>
    /// <param name="input">What was made of it for the model.</param>
    public void Add(string sample, ReadOnlySpan<byte> file, Picture picture, ReadOnlySpan<float> input)
    {
        if (!_traits.ContainsKey(sample))
        {
            _traits[sample] = SampleTraits.Of(file, picture, input);
        }
    }

    /// <summary>Takes note of arrays that were fed.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="values">One an input that needs data.</param>
    public void Add(string sample, IReadOnlyList<TensorValue> values)
    {
        if (!_traits.ContainsKey(sample))
        {
            _traits[sample] = SampleTraits.Of(values);
        }
    }

    /// <summary>What was noted of a sample that was fed.</summary>
    public SampleTraits TraitsOf(string sample) => _traits[sample];

    /// <summary>Takes over what an earlier run has noted of a sample.</summary>
    public void Add(string sample, SampleTraits traits) => _traits[sample] = traits;

    /// <summary>Feeds samples without running the model, for a plan before the run.</summary>
    /// <param name="feeder">A feeder that was made with this lint.</param>
    /// <param name="samples">The samples to look at.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="QuantizeException">A sample can't be read.</exception>
    public void Look(ISampleFeeder feeder, IEnumerable<string> samples, CancellationToken cancellation)
    {
        var session = new InferenceSession(graph);
        foreach (string sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            feeder.Feed(session, sample);
            session.Runner.ReleaseAll();
        }
    }

    /// <summary>Tells what looks wrong.</summary>
    /// <param name="samples">All samples of the run; those that were not fed are left out, but for their number.</param>
    /// <param name="warnings">Takes the warnings.</param>
    public void Report(IReadOnlyList<string> samples, ICollection<Diagnostic> warnings)
    {
        GraphInput input = new ConstantInputs(graph, config).Open[0];
        SettingsLint.Check(config, FirstLayer.TellsRedFromBlue(graph, input, config.Channels), warnings);
        Seen[] seen =
            [.. samples.Where(_traits.ContainsKey).Select(s => new Seen(Path.GetFileName(s), _traits[s]))];
        if (seen.Length > 0)
        {
            ReportRange(input, seen, warnings);
            ReportGray(seen, warnings);
            ReportDuplicates(seen, warnings);
        }

        if (samples.Count < FewSamples)
        {
            warnings.Add(Warnings.FewSamples(config.File, samples.Count));
        }
    }

    private void ReportRange(GraphInput input, Seen[] seen, ICollection<Diagnostic> warnings)
    {
        float low = seen.Min(s => s.Traits.Low);
        float high = seen.Max(s => s.Traits.High);
        float greatest = MathF.Max(MathF.Abs(low), MathF.Abs(high));
        if (low == high)
        {
            warnings.Add(Warnings.InputsConstant(config.File, input.Name));
        }
        else if (greatest < LeastInput)
        {
            warnings.Add(Warnings.InputsTooSmall(config.File, greatest, input.Name));
        }
        else if (greatest > MostInput && FirstLayer.Gain(graph, input) is { } gain && gain * greatest > MostOutput)
        {
            warnings.Add(Warnings.InputsTooLarge(config.File, greatest, input.Name, gain));
        }
    }

    private void ReportGray(Seen[] seen, ICollection<Diagnostic> warnings)
    {
        string[] gray = [.. seen.Where(s => s.Traits.Thumbnail is { IsGray: true }).Select(s => s.Name)];
        if (config.Format != PixelFormat.Gray && gray.Length * 2 >= seen.Length && gray.Length > 0)
        {
            warnings.Add(Warnings.GrayPictures(config.File, gray.Length, seen.Length, gray[0]));
        }
    }

    private void ReportDuplicates(Seen[] seen, ICollection<Diagnostic> warnings)
    {
        var groups = seen.GroupBy(s => s.Traits.Digest).ToArray();
        if (groups.FirstOrDefault(g => g.Skip(1).Any()) is { } same)
        {
            warnings.Add(Warnings.Duplicates(
                config.File, seen.Length - groups.Length, same.ElementAt(1).Name, same.First().Name));
        }

        (string Name, string Of)[] alike = LookAlikes([.. groups.Select(g => g.First())]);
        if (alike.Length > 0)
        {
            warnings.Add(Warnings.NearDuplicates(config.File, alike.Length, alike[0].Name, alike[0].Of));
        }
    }

    // Pictures that look alike have almost the same mean, so that only neighbours in its order need to be compared.
    private static (string Name, string Of)[] LookAlikes(Seen[] seen)
    {
        const double MostMeanDifference = 1.5;
        var byMean = seen.Where(s => s.Traits.Thumbnail is not null)
            .OrderBy(s => s.Traits.Thumbnail!.Mean).ThenBy(s => s.Name, StringComparer.Ordinal).ToArray();
        var alike = new List<(string, string)>();
        for (int i = 0; i < byMean.Length; i++)
        {
            Thumbnail thumbnail = byMean[i].Traits.Thumbnail!;
            for (int j = i - 1; j >= 0 && thumbnail.Mean - byMean[j].Traits.Thumbnail!.Mean <= MostMeanDifference; j--)
            {
                if (thumbnail.LooksLike(byMean[j].Traits.Thumbnail!))
                {
                    alike.Add((byMean[i].Name, byMean[j].Name));
                    break;
                }
            }
        }

        return [.. alike];
    }

    /// <summary>A sample that was looked at. A class, since for structs all of LINQ would be compiled again in each run.</summary>
    private sealed record Seen(string Name, SampleTraits Traits);
}
