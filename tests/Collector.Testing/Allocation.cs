namespace Collector.Testing;

/// <summary>Measures what code allocates on the calling thread once it is warm.</summary>
public static class Allocation
{
    /// <summary>Bytes that a round allocates in the steady state: those of the best of several rounds.</summary>
    /// <param name="round">Does the work many times over, so that an allocation per item shows in every round.</param>
    /// <param name="rounds">At most so many rounds are tried; the first that allocates nothing ends it.</param>
    /// <remarks>
    /// A single round proves nothing when it shows bytes: the runtime may allocate on this thread while it compiles a method anew, and a collection that another
    /// thread causes counts what was left of this thread's allocation buffer (up to 8 KiB) as allocated. Neither happens in every round.
    /// </remarks>
    public static long OfSteadyState(Action round, int rounds = 20)
    {
        long least = long.MaxValue;
        for (int i = 0; i < rounds && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
