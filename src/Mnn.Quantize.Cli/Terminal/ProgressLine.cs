using System.Diagnostics;
using System.Globalization;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>
/// Shows how far a run is: one line that is written over on a terminal, elsewhere a plain line at each new stage and
/// every ten seconds, so that logs stay short.
/// </summary>
internal sealed class ProgressLine : IProgress<QuantizeProgress>, IProgress<TrainProgress>, IDisposable
{
    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    private readonly UserTerminal _terminal;
    private readonly string _subject;
    private readonly Lock _lock = new();
    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private string? _stage;
    private int _shownLength;

    /// <param name="terminal">Where to.</param>
    /// <param name="subject">What is worked on, such as the model's file name.</param>
    internal ProgressLine(UserTerminal terminal, string subject)
    {
        _terminal = terminal;
        _subject = subject;
    }

    public void Report(QuantizeProgress value) => Report(value.Stage, () => Format(value));

    public void Report(TrainProgress value) => Report($"{value.Stage} {value.Epoch}", () => Format(value));

    private void Report(string stage, Func<string> format)
    {
        lock (_lock)
        {
            bool newStage = stage != _stage;
            bool due = _sinceShown.Elapsed >= (_terminal.CanRewriteLine ? TerminalPause : LogPause);
            if (!newStage && !due)
            {
                return;
            }

            _stage = stage;
            _sinceShown.Restart();
            Show(format());
        }
    }

    /// <summary>Clears the line, for what comes after it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_shownLength > 0)
            {
                _terminal.Error.Write('\r' + new string(' ', _shownLength) + '\r');
                _shownLength = 0;
            }
        }
    }

    private string Format(QuantizeProgress value) => value.Total > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{_subject}: {value.Stage} {value.Done}/{value.Total}")
        : $"{_subject}: {value.Stage}";

    // a.mnn: epoch 2/5, training 6400/54000, loss 0.2113, 92.31% right, 1,423/s, 0:02:31 left
    private string Format(TrainProgress value)
    {
        string right = value.Accuracy is { } share ? string.Create(CultureInfo.InvariantCulture, $", {100 * share:0.00}% right") : "";
        string left = value.TimeLeft is { } time ? $", {TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)):c} left" : "";
        string epoch = value.Epoch > 0 ? $"epoch {value.Epoch}/{value.Epochs}" : "float model";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_subject}: {epoch}, {value.Stage} {value.Done}/{value.Total}, loss {value.Loss:0.0000}{right}, {value.ImagesPerSecond:N0}/s{left}");
    }

    private void Show(string text)
    {
        if (!_terminal.CanRewriteLine)
        {
            _terminal.Error.WriteLine(text);
            return;
        }

        string shown = _terminal.CanColor ? $"\e[36m{text}\e[0m" : text;
        _terminal.Error.Write('\r' + shown + new string(' ', Math.Max(0, _shownLength - text.Length)));
        _shownLength = text.Length;
    }
}
