using System.Runtime.InteropServices;

namespace Collector.Benchmarks;

/// <summary>The time that the calling thread has run: others on the same cores do not count.</summary>
internal static partial class ThreadTime
{
    private const int ClockThreadCpuTime = 3;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    internal static long Nanoseconds
    {
        get
        {
            _ = GetTime(ClockThreadCpuTime, out TimeSpecification time);
            return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);
}
