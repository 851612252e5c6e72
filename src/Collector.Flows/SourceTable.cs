using Collector.Net;

namespace Collector.Flows;

/// <summary>The counters of every source and domain that one worker has seen, up to a limit.</summary>
/// <remarks>Owned by one worker. Observers read <see cref="Snapshot"/>.</remarks>
public sealed class SourceTable
{
    private readonly int _limit;
    private readonly Dictionary<Key, SourceCounters> _entries = [];
    private volatile SourceCounters[] _all;
    private int _count = 1;
    private Key _lastKey;
    private SourceCounters _last;

    /// <summary>Makes a table with the entry <see cref="Other"/> only.</summary>
    /// <param name="limit">Most entries; what is beyond is counted under <see cref="Other"/>.</param>
    public SourceTable(int limit = 65_536)
    {
        _limit = limit;
        Other = new SourceCounters(default, 0, 0);
        _all = new SourceCounters[16];
        _all[0] = Other;
        _last = Other;
        _lastKey = new Key(default, ushort.MaxValue, 0, false);
    }

    /// <summary>Takes what comes from sources beyond the limit.</summary>
    public SourceCounters Other { get; }

    /// <summary>All entries, <see cref="Other"/> first; may be called by any thread.</summary>
    public ReadOnlySpan<SourceCounters> Snapshot
    {
        get
        {
            int count = Volatile.Read(ref _count);
            return _all.AsSpan(0, count);
        }
    }

    /// <summary>The counters of a source and domain; <see cref="Other"/> when the table is full (then its <see cref="DecodeFault.SourceLimit"/> is counted: ask once per datagram).</summary>
    /// <param name="source">The socket address.</param>
    /// <param name="version">Protocol version; 0 when the datagram names none.</param>
    /// <param name="domain">Source id, observation domain, engine or sub-agent.</param>
    /// <param name="isSFlow">True for sFlow.</param>
    public SourceCounters this[IpAddress source, ushort version, uint domain, bool isSFlow]
    {
        get
        {
            var key = new Key(source, version, domain, isSFlow);
            if (key == _lastKey)
            {
                return _last;
            }

            SourceCounters counters = Find(key);
            if (counters != Other)
            {
                // Not so for what the limit keeps out: each of its datagrams is to be counted as such.
                _last = counters;
                _lastKey = key;
            }

            return counters;
        }
    }

    private SourceCounters Find(Key key)
    {
        if (_entries.TryGetValue(key, out SourceCounters? counters))
        {
            return counters;
        }

        if (_count >= _limit)
        {
            Other.Count(DecodeFault.SourceLimit);
            return Other;
        }

        counters = new SourceCounters(key.Source, key.Version, key.Domain) { IsSFlow = key.IsSFlow };
        _entries.Add(key, counters);
        if (_count == _all.Length)
        {
            SourceCounters[] larger = new SourceCounters[_all.Length * 2];
            _all.CopyTo(larger, 0);
            _all = larger;
        }

        _all[_count] = counters;
        Volatile.Write(ref _count, _count + 1);
        return counters;
    }

    private readonly record struct Key(IpAddress Source, ushort Version, uint Domain, bool IsSFlow);
}
