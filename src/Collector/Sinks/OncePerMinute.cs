namespace Collector.Sinks;

/// <summary>Lets one message a minute pass and keeps count of what was not said meanwhile.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class OncePerMinute(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _last;
    private long _unsaid;

    /// <summary>Asks for one message.</summary>
    /// <param name="amount">What it is about, such as rows: added up while nothing is said.</param>
    /// <param name="unsaid">What was not said since the last message.</param>
    /// <returns>True when it is to be said.</returns>
    public bool Admit(long amount, out long unsaid)
    {
        long now = time.GetTimestamp();
        if (_last is { } last && time.GetElapsedTime(last, now) < Interval)
        {
            _unsaid += amount;
            unsaid = 0;
            return false;
        }

        (_last, unsaid, _unsaid) = (now, _unsaid, 0);
        return true;
    }
}
