using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Verification.Reports;

namespace Mnn.Quantize.Verification;

/// <summary>What a comparison of two models found.</summary>
public sealed record ComparisonReport
{
    /// <summary>Path of the model that is right by definition.</summary>
    public required string Float { get; init; }

    /// <summary>Path of the model that is measured.</summary>
    public required string Int8 { get; init; }

    /// <summary>Number of pictures that both ran on.</summary>
    public required int Pictures { get; init; }

    /// <summary>The models' outputs, in their order.</summary>
    public required IReadOnlyList<OutputComparison> Outputs { get; init; }

    /// <summary>The tensors that operators of both models make, in the order in which they run.</summary>
    public required IReadOnlyList<OperatorComparison> Operators { get; init; }

    /// <summary>Median time of the float model on one thread, milliseconds a picture.</summary>
    public required double FloatMilliseconds { get; init; }

    /// <summary>Median time of the int8 model on one thread, milliseconds a picture.</summary>
    public required double Int8Milliseconds { get; init; }

    /// <summary>Accuracy of both models by labels, of the first output that holds scores; null without labels.</summary>
    public LabelledAccuracy? Labelled { get; init; }

    /// <summary>How many scores that output has; 0 without labels.</summary>
    internal int Classes { get; init; }

    /// <summary>What is odd about config and pictures.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; init; } = [];

    /// <summary>All that a report shows of the two; null unless <see cref="ComparisonOptions.WantsReport"/> asks for it.</summary>
    public ModelReport? Report { get; init; }

    /// <summary>Cosine of the output that is worst off, the mean over pictures.</summary>
    public double Cosine => Outputs.Select(o => o.Errors.Cosine).DefaultIfEmpty(1).Min();

    /// <summary>
    /// Top-1 agreement of the output that is worst off: of those that hold one score a class, or of all if none does.
    /// Null if no output is of floats.
    /// </summary>
    public double? Top1Agreement =>
        (Outputs.Any(o => o.IsScores) ? Outputs.Where(o => o.IsScores) : Outputs).Min(o => o.Top1Agreement);

    /// <summary>The errors that say which thresholds are missed.</summary>
    /// <param name="minCosine">Least <see cref="Cosine"/> wanted, or null.</param>
    /// <param name="minTop1Agreement">Least <see cref="Top1Agreement"/> wanted, or null.</param>
    /// <returns>Nothing if all is well.</returns>
    public IReadOnlyList<Diagnostic> Check(double? minCosine, double? minTop1Agreement)
    {
        var errors = new List<Diagnostic>();
        if (minCosine is { } cosine && !(Cosine >= cosine))
        {
            OutputComparison worst = Outputs.MinBy(o => o.Errors.Cosine)!;
            errors.Add(Diagnostics.Errors.CosineBelowThreshold(Int8, worst.Name, worst.Errors.Cosine, cosine).Diagnostic);
        }

        if (minTop1Agreement is { } agreement && Top1Agreement is { } found && !(found >= agreement))
        {
            errors.Add(Diagnostics.Errors.AgreementBelowThreshold(Int8, found, agreement).Diagnostic);
        }

        return errors;
    }
}

/// <summary>One output of both models.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsScores">Whether it holds one score a class: one dimension at most is longer than 1.</param>
/// <param name="Errors">How far apart both are.</param>
/// <param name="Top1Agreement">Share of pictures on which the greatest element is the same one; null for integers.</param>
/// <param name="Top5Agreement">Share of pictures on which the float model's greatest is among the int8 model's first five.</param>
public sealed record OutputComparison(
    string Name, bool IsScores, ErrorFigures Errors, double? Top1Agreement, double? Top5Agreement);

/// <summary>One tensor that an operator of both models makes.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Type">Its type in the float model.</param>
/// <param name="Tensor">The tensor's name.</param>
/// <param name="IsConvolution">Whether its weights can be int8.</param>
/// <param name="RunsInt8">Whether it runs in int8 in the int8 model.</param>
/// <param name="Errors">How far apart both are.</param>
/// <param name="FloatMilliseconds">Mean time in the float model.</param>
/// <param name="Int8Milliseconds">Mean time in the int8 model.</param>
public sealed record OperatorComparison(
    string Name,
    string Type,
    string Tensor,
    bool IsConvolution,
    bool RunsInt8,
    ErrorFigures Errors,
    double FloatMilliseconds,
    double Int8Milliseconds);
