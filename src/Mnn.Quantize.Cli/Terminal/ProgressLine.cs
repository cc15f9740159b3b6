using System.Globalization;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Cli.Terminal;

/// <summary>
/// Shows how far a run is: on a terminal one line with a bar and the time left, which is written over; elsewhere a plain
/// line at each new stage and every ten seconds, so that logs stay short.
/// </summary>
internal sealed class ProgressLine : IProgress<QuantizeProgress>, IProgress<TrainProgress>, IDisposable
{
    private const int BarLength = 20;

    private static readonly TimeSpan TerminalPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(10);

    // Before, a guess would jump about.
    private static readonly TimeSpan BeforeTimeIsTold = TimeSpan.FromSeconds(1);

    private readonly UserTerminal _terminal;
    private readonly string _subject;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private string? _stage;
    private long _stageStart;
    private long _shownAt;
    private int _shownLength;

    /// <param name="terminal">Where to.</param>
    /// <param name="subject">What is worked on, such as the model's file name.</param>
    /// <param name="time">The clock; null for the system's.</param>
    internal ProgressLine(UserTerminal terminal, string subject, TimeProvider? time = null)
    {
        _terminal = terminal;
        _subject = subject;
        _time = time ?? TimeProvider.System;
    }

    public void Report(QuantizeProgress value) => Report(
        value.Stage, soFar => Show(Text(value), value.Done, value.Total, ByPace(value.Done, value.Total, soFar)));

    public void Report(TrainProgress value) => Report(
        $"{value.Stage} {value.Epoch}", _ => Show(Text(value), value.Done, value.Total, value.TimeLeft is { } left ? Left(left) : ""));

    private void Report(string stage, Action<TimeSpan> show)
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            bool newStage = stage != _stage;
            TimeSpan pause = _terminal.CanRewriteLine ? TerminalPause : LogPause;
            if (!newStage && _time.GetElapsedTime(_shownAt, now) < pause)
            {
                return;
            }

            if (newStage)
            {
                (_stage, _stageStart) = (stage, now);
            }

            _shownAt = now;
            show(_time.GetElapsedTime(_stageStart, now));
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

    private string Text(QuantizeProgress value) => value.Total > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{_subject}: {value.Stage} {value.Done}/{value.Total}")
        : $"{_subject}: {value.Stage}";

    // a.mnn: epoch 2/5, training 6400/54000, loss 0.2113, 92.31% right, 1,423/s
    private string Text(TrainProgress value)
    {
        string right = value.Accuracy is { } share ? string.Create(CultureInfo.InvariantCulture, $", {100 * share:0.00}% right") : "";
        string epoch = value.Epoch > 0 ? $"epoch {value.Epoch}/{value.Epochs}" : "before training";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_subject}: {epoch}, {value.Stage} {value.Done}/{value.Total}, loss {value.Loss:0.0000}{right}, {value.ImagesPerSecond:N0}/s");
    }

    private void Show(string count, int done, int total, string left)
    {
        if (!_terminal.CanRewriteLine)
        {
            _terminal.Error.WriteLine(count + left);
            return;
        }

        // A line that is wider than the window wraps, and can't be written over any more: the bar goes first, then the end.
        string bar = total > 0 ? Bar(done, total) : "";
        string text = count.Length + left.Length + bar.Length <= _terminal.ErrorWidth ? count + bar + left : count + left;
        text = text.Length <= _terminal.ErrorWidth ? text : text[.._terminal.ErrorWidth];
        string shown = _terminal.CanColor ? $"\e[36m{text}\e[0m" : text;
        _terminal.Error.Write('\r' + shown + new string(' ', Math.Max(0, _shownLength - text.Length)));
        _shownLength = text.Length;
    }

    private static string Bar(int done, int total)
    {
        int filled = (int)((long)BarLength * Math.Clamp(done, 0, total) / total);
        return $" [{new string('#', filled)}{new string('-', BarLength - filled)}]";
    }

    /// <summary>By the pace of the stage so far.</summary>
    private static string ByPace(int done, int total, TimeSpan soFar) =>
        total == 0 || done == 0 || done >= total || soFar < BeforeTimeIsTold ? "" : Left(soFar * ((double)(total - done) / done));

    private static string Left(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $", {seconds} s left")
            : string.Create(CultureInfo.InvariantCulture, $", {seconds / 60} min {seconds % 60} s left");
    }
}
