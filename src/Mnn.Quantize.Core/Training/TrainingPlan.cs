using Mnn.Quantize.Calibration;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Training.Layers;

namespace Mnn.Quantize.Training;

/// <summary>How a model is trained: its layers in their order, and how they become a model again.</summary>
internal sealed class TrainingPlan
{
    /// <summary>How the model is trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The float model. The arrays of its parameters are the live ones.</summary>
    public required MnnModel Model { get; init; }

    /// <summary>Its operators; nothing is freed during a run.</summary>
    public required Graph Graph { get; init; }

    /// <summary>What runs.</summary>
    public required List<Layer> Layers { get; init; }

    /// <summary>By tensor id: whether trained parameters lie before it and its gradient is wanted.</summary>
    public required bool[] Wanted { get; init; }

    /// <summary>By name: how weights are rounded.</summary>
    public required IReadOnlyDictionary<string, WeightRounding> Roundings { get; init; }

    /// <summary>By tensor id: its range; null where none is followed.</summary>
    public required FeatureRange?[] Ranges { get; init; }

    /// <summary>Whether trained parameters lie before a tensor.</summary>
    public bool Leads(int id) => Wanted[id];

    /// <summary>The model as trained so far.</summary>
    public MnnModel ToModel() => Options.Quantize
        ? new TrainedModel(this).ToInt8()
        : MnnModel.FromBytes(Model.ToBytes(), Model.Path);

    /// <summary>The ranges followed, and those of constants.</summary>
    /// <param name="observed">By tensor id: whether it gets a scale.</param>
    public RunningRange[] RunningRanges(bool[] observed)
    {
        var ranges = new RunningRange[observed.Length];
        for (int id = 0; id < ranges.Length; id++)
        {
            ranges[id] = Ranges[id]?.Running ?? default;
        }

        RunningRange.AddConstants(ranges, Graph, observed, FeatureRange.Clamp);
        return ranges;
    }
}
