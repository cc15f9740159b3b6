using System.Diagnostics;
using System.Text;
using Mnn.Quantize.Calibration;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Quantization.Candidates;
using Mnn.Quantize.Quantization.Compression;
using Mnn.Quantize.Quantization.Locking;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize;

/// <summary>Writes what a run found out, and makes models of it again.</summary>
public static partial class QuantizePipeline
{
    private static void WriteLock(
        QuantizeOptions options, CandidateMaker maker, Candidate candidate, string method, CandidateScore score, byte[] int8)
    {
        if (options.LockFile is null)
        {
            return;
        }

        WriteLock(options, new LockFile
        {
            ModelHash = ContentHashes.OfFiles(maker.Source.Files),
            SamplesHash = ContentHashes.OfSamples(maker.Data.Root, maker.Data.Samples),
            Samples = maker.Data.Samples.Count,
            Int8Hash = ContentHashes.Of(int8),
            Version = ContentHashes.Version,
            Method = method,
            Cosine = score.Cosine,
            Top1Agreement = score.Top1Agreement,
            WeightMethod = candidate.Recipe.WeightMethod,
            WeightBits = candidate.Recipe.Bits,
            WeightClamp = maker.Config.WeightClamp,
            Settings = options.ToConfigSource().Lines(),
            Tensors = LockedTensors(candidate, maker.Config),
            Convolutions = LockedModel.Convolutions(maker, candidate),
            Factors = maker.Factors,
        });
    }

    // Left alone if it says the same, so that its time tells of a change.
    private static void WriteLock(QuantizeOptions options, LockFile file)
    {
        if (options.LockFile is not { } path)
        {
            return;
        }

        string text = LockText.Of(file, Path.GetFileName(options.Source));
        if (!File.Exists(path) || File.ReadAllText(path).ReplaceLineEndings("\n") != text)
        {
            AtomicFile.WriteText(path, text);
        }
    }

    // Tensors that operators make, and inputs.
    private static LockedTensor[] LockedTensors(Candidate candidate, QuantConfig config)
    {
        Graph graph = candidate.Read();
        Dictionary<int, Node> makers = graph.Nodes.SelectMany(n => n.Outputs.Select(id => (id, n))).ToDictionary(p => p.id, p => p.n);
        string Reason(int id) => makers.TryGetValue(id, out Node? node)
            ? OperatorReasons.Of(graph, node, config.SkipOps.Contains(node.Op.Name ?? ""))
            : "an input";
        IReadOnlySet<int> chosen = FloatTensors.With(graph, candidate.Recipe.FloatTensors);
        return
        [
            .. makers.Keys.Concat(graph.Inputs.Select(i => i.Id)).Concat(Enumerable.Range(0, candidate.Quant.Length).Where(id => candidate.Quant[id] is not null))
                .Distinct().Order().Select(id => new LockedTensor(
                    id, graph.TensorName(id), candidate.Quant[id], candidate.Quant[id] is not null ? "" : chosen.Contains(id) ? "left so by mode auto" : Reason(id))),
        ];
    }

    private static QuantizeResult RunLocked(QuantizeOptions options, long start, CancellationToken cancellation)
    {
        string path = options.LockFile ?? throw Errors.LockNotGiven();
        LockFile file = ReadLock(path);
        MnnModel model = MnnModel.Load(options.Source);
        long sourceBytes = model.Files.Sum(f => new FileInfo(f).Length);
        if (ContentHashes.OfFiles(model.Files) != file.ModelHash)
        {
            throw Errors.LockedModelDiffers(path, Path.GetFileName(options.Source));
        }

        CheckSettings(options, file, path);
        CheckSamples(options, file, path);
        cancellation.ThrowIfCancellationRequested();
        QuantConfig config = options.ToConfigSource().Load([]);
        IReadOnlyList<CompressedOperator> operators = [];
        if (config.CompressesOnly)
        {
            BatchNormFolding.Apply(model);
            operators = WeightCompressor.Apply(model, config, ParallelWorkers.Count(options.MaxParallelism), [], cancellation);
        }
        else
        {
            LockedModel.Apply(file, model, path);
        }

        byte[] int8 = model.ToBytes();
        if (ContentHashes.Of(int8) != file.Int8Hash)
        {
            throw Errors.LockedResultDiffers(path, file.Version, ContentHashes.Version);
        }

        model.Save(options.Destination);
        return new QuantizeResult
        {
            Mode = config.Mode,
            Weights = operators,
            ComparedOn = !double.IsFinite(file.Cosine) ? ComparedOn.Nothing
                : config.CompressesOnly && file.Samples == 0 ? ComparedOn.SynthesizedInputs : ComparedOn.Samples,
            Destination = Path.GetFullPath(options.Destination),
            SourceBytes = sourceBytes,
            DestinationBytes = new FileInfo(options.Destination).Length,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Cosine = file.Cosine,
            Top1Agreement = file.Top1Agreement,
            Convolutions = (file.Convolutions.Count(c => c.Weights == (config.CompressesOnly ? LockedWeights.Stored : LockedWeights.Int8)), file.Convolutions.Count),
            Pictures = file.Samples,
            PicturesRun = 0,
            Warnings = [],
        };
    }

    private static LockFile ReadLock(string path)
    {
        try
        {
            return LockText.Parse(File.ReadAllText(path, Encoding.UTF8), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.LockUnreadable(path, File.Exists(path) ? e.Message : "there is no such file", e);
        }
    }

    private static void CheckSettings(QuantizeOptions options, LockFile file, string path)
    {
        IReadOnlyList<string> found = options.ToConfigSource().Lines();
        if (found.SequenceEqual(file.Settings))
        {
            return;
        }

        string? other = found.Except(file.Settings).FirstOrDefault();
        string? gone = file.Settings.Except(found).FirstOrDefault();
        throw Errors.LockedSettingsDiffer(path, other ?? "nothing", gone ?? "nothing");
    }

    // Samples that are not there are none of the lock's business: it is made to do without.
    private static void CheckSamples(QuantizeOptions options, LockFile file, string path)
    {
        if (FindSamples(options) is { } data && (data.Samples.Count != file.Samples
            || ContentHashes.OfSamples(data.Root, data.Samples) != file.SamplesHash))
        {
            throw Errors.LockedSamplesDiffer(path, data.Root, data.Samples.Count, file.Samples);
        }
    }

    /// <summary>The samples, or null if there are none.</summary>
    internal static CalibrationData? FindSamples(QuantizeOptions options)
    {
        QuantConfig config = options.ToConfigSource().Load([]);
        try
        {
            return config.Path.Length > 0 || config.Pictures is { Count: > 0 } ? CalibrationData.Find(config, []) : null;
        }
        catch (QuantizeException)
        {
            return null;
        }
    }
}
