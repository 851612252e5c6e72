using System.Runtime.InteropServices;
using Collector.Net;

namespace Collector.Telemetry;

/// <summary>Decides whether something that a peer can cause is logged: once per source and reason a minute, with the number held back since.</summary>
/// <remarks>Owned by one thread. Allocates only for a pair that is new; at most <c>capacity</c> pairs are kept, the others of a minute share one.</remarks>
/// <param name="capacity">Pairs of source and reason that are told apart. Default 4,096.</param>
public sealed class RateLimitedLog(int capacity = 4_096)
{
    private const long Minute = 60_000;

    private readonly Dictionary<(IpAddress Source, int Reason), Entry> _entries = [];
    private long _nextSweep;

    /// <summary>Asks for one event.</summary>
    /// <param name="source">The source of the datagram.</param>
    /// <param name="reason">The id of the log line.</param>
    /// <param name="now">A clock that does not go back, in milliseconds.</param>
    /// <param name="suppressed">How many events of this pair were not logged since the last that was.</param>
    /// <returns>True when the event is to be logged.</returns>
    public bool Admit(in IpAddress source, int reason, long now, out long suppressed)
    {
        ref Entry entry = ref Find(source, reason, now);
        if (now < entry.Next)
        {
            entry.Suppressed++;
            suppressed = 0;
            return false;
        }

        suppressed = entry.Suppressed;
        entry = new Entry { Next = now + Minute };
        return true;
    }

    private ref Entry Find(in IpAddress source, int reason, long now)
    {
        ref Entry known = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, (source, reason));
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known))
        {
            return ref known;
        }

        if (_entries.Count >= capacity && now >= _nextSweep)
        {
            _nextSweep = now + Minute;
            Sweep(now);
        }

        // A flood of forged sources fills the table; all beyond it count as one source, so that the log stays readable.
        (IpAddress, int) key = _entries.Count < capacity ? (source, reason) : (default, reason);
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, key, out _);
    }

    /// <summary>Forgets pairs that have nothing to report.</summary>
    private void Sweep(long now)
    {
        foreach (((IpAddress, int) key, Entry entry) in _entries)
        {
            if (now >= entry.Next && entry.Suppressed == 0)
            {
                _entries.Remove(key);
            }
        }
    }

    private struct Entry
    {
        public long Next;
        public long Suppressed;
    }
}
