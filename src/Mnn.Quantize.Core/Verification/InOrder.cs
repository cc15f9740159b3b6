namespace Mnn.Quantize.Verification;

/// <summary>
/// Passes on results in the order of their numbers, in whatever order they arrive: sums of floating-point numbers then
/// don't depend on which worker was faster. Holds back only what arrived early.
/// </summary>
/// <typeparam name="T">The result of one piece of work.</typeparam>
/// <param name="take">Called with results 0, 1, 2, ..., never by two threads at once.</param>
internal sealed class InOrder<T>(Action<T> take)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, T> _early = [];
    private int _next;

    /// <summary>Adds the result of piece <paramref name="number"/>.</summary>
    public void Add(int number, T result)
    {
        lock (_lock)
        {
            _early.Add(number, result);
            for (; _early.Remove(_next, out T? due); _next++)
            {
                take(due);
            }
        }
    }
}
