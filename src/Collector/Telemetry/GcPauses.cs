using System.Diagnostics.Tracing;

namespace Collector.Telemetry;

/// <summary>
/// Measures how long the garbage collector stops all threads: a pause must stay well under what the receive buffer bridges, so the longest one is
/// published.
/// </summary>
/// <remarks>Listens to the runtime's own events, two per pause. Figures may be read by any thread.</remarks>
public sealed class GcPauses : EventListener
{
    private const string RuntimeEvents = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords GcKeyword = (EventKeywords)1;
    private const int SuspendBegin = 9;
    private const int RestartEnd = 3;

    private long _begun;
    private long _longest;
    private long _total;
    private long _count;

    /// <summary>The longest pause so far, in microseconds.</summary>
    public long LongestMicroseconds => Volatile.Read(ref _longest);

    /// <summary>All pauses together, in microseconds.</summary>
    public long TotalMicroseconds => Volatile.Read(ref _total);

    /// <summary>Number of pauses.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        ArgumentNullException.ThrowIfNull(eventSource);
        if (eventSource.Name == RuntimeEvents)
        {
            EnableEvents(eventSource, EventLevel.Informational, GcKeyword);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (eventData.EventId == SuspendBegin)
        {
            _begun = eventData.TimeStamp.Ticks;
        }
        else if (eventData.EventId == RestartEnd && _begun != 0)
        {
            long microseconds = (eventData.TimeStamp.Ticks - _begun) / TimeSpan.TicksPerMicrosecond;
            _begun = 0;
            Volatile.Write(ref _longest, Math.Max(_longest, microseconds));
            Volatile.Write(ref _total, _total + microseconds);
            Volatile.Write(ref _count, _count + 1);
        }
    }
}
