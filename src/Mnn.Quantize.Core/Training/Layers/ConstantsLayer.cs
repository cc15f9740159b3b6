using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Training.Layers;

/// <summary>Constants of the model that are trained. They come first, so that on the way back all who read them are done.</summary>
/// <param name="constants">The constants.</param>
internal sealed class ConstantsLayer(IReadOnlyList<TrainedConstant> constants) : Layer
{
    private readonly LaneSums<double>[] _sums = [.. constants.Select(c => new LaneSums<double>(c.Parameter.Value.Length))];

    /// <inheritdoc/>
    public override IEnumerable<TrainableParameter> Parameters => constants.Select(c => c.Parameter);

    /// <summary>Whether a tensor is one of them.</summary>
    public bool Holds(int id) => constants.Any(c => c.Id == id);

    /// <inheritdoc/>
    public override void Begin(int lanes)
    {
        foreach (LaneSums<double> sums in _sums)
        {
            sums.Begin(lanes);
        }
    }

    /// <inheritdoc/>
    public override void Forward(TrainingRun run)
    {
    }

    /// <inheritdoc/>
    public override void Backward(TrainingRun run)
    {
        for (int i = 0; i < constants.Count; i++)
        {
            if (run.Gradient(constants[i].Id) is not { } gradient)
            {
                continue;
            }

            double[] sums = _sums[i].Of(run.Lane);
            ReadOnlySpan<float> values = RowMajor(gradient);
            for (int e = 0; e < sums.Length; e++)
            {
                sums[e] += values[e];
            }

            run.DropGradient(constants[i].Id);
        }
    }

    /// <inheritdoc/>
    public override void Reduce()
    {
        for (int i = 0; i < constants.Count; i++)
        {
            float[] gradient = constants[i].Parameter.Gradient;
            for (int e = 0; e < gradient.Length; e++)
            {
                gradient[e] = (float)_sums[i].Sum(e);
            }
        }
    }

    /// <inheritdoc/>
    public override void Update()
    {
        foreach (TrainedConstant constant in constants)
        {
            float[] values = constant.Parameter.Value;
            if (!constant.Tensor.IsChannelsLast)
            {
                values.CopyTo(constant.Tensor.Floats);
                continue;
            }

            Tensor flat = Flat(constant.Tensor);
            values.CopyTo(flat.Floats);
            TensorLayout.CopyToChannelsLast(flat, constant.Tensor);
        }
    }

    /// <summary>A tensor's values in the order of the model.</summary>
    public static ReadOnlySpan<float> RowMajor(Tensor tensor)
    {
        if (!tensor.IsChannelsLast)
        {
            return tensor.Floats;
        }

        Tensor flat = Flat(tensor);
        TensorLayout.CopyToRowMajor(tensor, flat);
        return flat.Floats;
    }

    private static Tensor Flat(Tensor like) => Tensor.Persistent(ElementType.Float32, like.Shape, like.Format);
}

/// <summary>A constant that is trained.</summary>
/// <param name="Id">Its tensor.</param>
/// <param name="Tensor">What the operators read.</param>
/// <param name="Parameter">Its numbers in the model, which an optimizer changes.</param>
internal sealed record TrainedConstant(int Id, Tensor Tensor, TrainableParameter Parameter);
