namespace Collector.Testing;

/// <summary>Measures what code allocates on the calling thread once it is warm.</summary>
public static class Allocation
{
    private const int Rounds = 20;

    /// <summary>Bytes that a round allocates in the steady state: those of the best of several rounds.</summary>
    /// <param name="round">Does the work many times over, so that an allocation per item shows in every round.</param>
    /// <remarks>The runtime may allocate on this thread while it compiles a method anew; that happens once, not in every round.</remarks>
    public static long OfSteadyState(Action round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
