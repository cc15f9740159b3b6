using System.Runtime.ExceptionServices;

namespace Mnn.Quantize.Training;

/// <summary>Shares pieces of work among threads of the pool.</summary>
/// <param name="workers">Most threads at once, the caller's included.</param>
internal sealed class WorkTeam(int workers)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = Math.Max(1, workers) };

    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1 and waits; rethrows a failure.</summary>
    public void Run(int count, Action<int> work)
    {
        if (count == 1 || _options.MaxDegreeOfParallelism == 1)
        {
            for (int i = 0; i < count; i++)
            {
                work(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, _options, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
