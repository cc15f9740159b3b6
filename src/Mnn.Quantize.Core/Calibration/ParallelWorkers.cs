namespace Mnn.Quantize.Calibration;

/// <summary>Runs the same work on several threads of its own and waits for all of them.</summary>
internal static class ParallelWorkers
{
    // Sub-graphs nest and the stack of a pool thread may be small.
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>How many threads an option asks for.</summary>
    /// <param name="maxParallelism">0 for one a core.</param>
    public static int Count(int maxParallelism) => maxParallelism > 0 ? maxParallelism : Environment.ProcessorCount;

    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1; rethrows the first failure.</summary>
    public static void Run(int count, Action<int> work)
    {
        if (count == 1)
        {
            work(0);
            return;
        }

        var failures = new System.Runtime.ExceptionServices.ExceptionDispatchInfo?[count];
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int worker = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    work(worker);
                }
                catch (Exception e)
                {
                    // Rethrown on the caller's thread; an exception must not end the process here.
                    failures[worker] = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }
            }, StackBytes)
            { IsBackground = true, Name = $"mnn-quantize worker {i}" };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Array.Find(failures, f => f is not null)?.Throw();
    }
}
