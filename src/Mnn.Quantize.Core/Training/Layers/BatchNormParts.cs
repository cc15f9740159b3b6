namespace Mnn.Quantize.Training.Layers;

/// <summary>
/// Parameters and statistics of a BatchNorm (Ioffe and Szegedy, arXiv:1502.03167): y = gamma (z - mean) / sqrt(variance +
/// epsilon) + beta, in training with mean and (biased) variance of the batch.
/// </summary>
internal sealed class BatchNormParts
{
    private readonly TrainingOptions _options;
    private readonly bool _frozen;
    private readonly float _epsilon;
    private readonly float[] _steps = new float[1];
    private readonly float[] _inverse;
    private bool _usesRunning;

    /// <summary>Takes the arrays of the model's operator, which follow the training.</summary>
    /// <param name="gamma">[channels] factors.</param>
    /// <param name="beta">[channels] summands.</param>
    /// <param name="mean">[channels] running mean.</param>
    /// <param name="variance">[channels] running variance.</param>
    /// <param name="epsilon">Added to variances.</param>
    /// <param name="options">Momentum, and when statistics freeze.</param>
    /// <param name="frozen">Whether neither parameters nor statistics change.</param>
    public BatchNormParts(
        TrainableParameter gamma, TrainableParameter beta, float[] mean, float[] variance, float epsilon,
        TrainingOptions options, bool frozen)
    {
        (Gamma, Beta, RunningMean, RunningVariance) = (gamma, beta, mean, variance);
        (_epsilon, _options, _frozen) = (epsilon, options, frozen);
        Mean = new float[mean.Length];
        _inverse = new float[mean.Length];
        Shift = new float[mean.Length];
    }

    /// <summary>Factors.</summary>
    public TrainableParameter Gamma { get; }

    /// <summary>Summands.</summary>
    public TrainableParameter Beta { get; }

    /// <summary>Mean over the training, as the model keeps it.</summary>
    public float[] RunningMean { get; }

    /// <summary>Variance over the training, as the model keeps it.</summary>
    public float[] RunningVariance { get; }

    /// <summary>Mean of the current step.</summary>
    public float[] Mean { get; }

    /// <summary>What sums are taken relative to: the running mean before the step.</summary>
    public float[] Shift { get; }

    /// <summary>What an optimizer changes.</summary>
    public IEnumerable<TrainableParameter> Trained => _frozen ? [] : [Gamma, Beta];

    /// <summary>Running statistics and number of steps.</summary>
    public IEnumerable<float[]> State => [RunningMean, RunningVariance, _steps];

    /// <summary>Begins a step.</summary>
    public void Begin()
    {
        RunningMean.CopyTo(Shift, 0);
        _usesRunning = _frozen || _steps[0] >= _options.FreezeStatisticsAfter;
    }

    /// <summary>From the batch's sums to y = a z + b; moves the running statistics.</summary>
    /// <param name="count">Values of a channel.</param>
    /// <param name="sum">Of z - shift, by channel.</param>
    /// <param name="squares">Of (z - shift)², by channel.</param>
    /// <param name="a">[channels] result.</param>
    /// <param name="b">[channels] result.</param>
    public void Merge(double count, Func<int, double> sum, Func<int, double> squares, float[] a, float[] b)
    {
        for (int c = 0; c < Mean.Length; c++)
        {
            double offset = sum(c) / count;
            double mean = Shift[c] + offset, variance = Math.Max(0, (squares(c) / count) - (offset * offset));
            if (_usesRunning)
            {
                (mean, variance) = (RunningMean[c], RunningVariance[c]);
            }
            else
            {
                float momentum = _options.Momentum;
                RunningMean[c] = (momentum * RunningMean[c]) + ((1 - momentum) * (float)mean);
                RunningVariance[c] = (momentum * RunningVariance[c]) + ((1 - momentum) * (float)variance);
            }

            Mean[c] = (float)mean;
            _inverse[c] = (float)(1 / Math.Sqrt(variance + _epsilon));
            a[c] = Gamma.Value[c] * _inverse[c];
            b[c] = Beta.Value[c] - (Mean[c] * a[c]);
        }

        _steps[0]++;
    }

    /// <summary>
    /// The gradients of gamma and beta, and constants for that of z: dz = p g + q z + t. With batch statistics
    /// dz = a (g - mean(g) - z' mean(g z')) where z' is the normalised z; with running ones dz = a g.
    /// </summary>
    /// <param name="count">Values of a channel.</param>
    /// <param name="sum">Of g, by channel.</param>
    /// <param name="products">Of g (z - mean), by channel.</param>
    /// <param name="p">[channels] result.</param>
    /// <param name="q">[channels] result.</param>
    /// <param name="t">[channels] result.</param>
    public void MergeBackward(
        double count, Func<int, double> sum, Func<int, double> products, float[] p, float[] q, float[] t)
    {
        for (int c = 0; c < Mean.Length; c++)
        {
            double a = (double)Gamma.Value[c] * _inverse[c];
            Beta.Gradient[c] = (float)sum(c);
            Gamma.Gradient[c] = (float)(products(c) * _inverse[c]);
            double slope = _usesRunning ? 0 : -a * _inverse[c] * _inverse[c] * products(c) / count;
            p[c] = (float)a;
            q[c] = (float)slope;
            t[c] = _usesRunning ? 0 : (float)((-a * sum(c) / count) - (slope * Mean[c]));
        }
    }
}
