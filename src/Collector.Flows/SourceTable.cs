using Collector.Net;

namespace Collector.Flows;

/// <summary>The counters of every source and domain that one worker has seen, up to a limit; idle ones give way to new ones.</summary>
/// <remarks>Owned by one worker. Observers use <see cref="Read"/> where an entry that gives way must not be counted twice or not at all.</remarks>
public sealed class SourceTable
{
    private const int FixedEntries = 2;

    // Steps of the clock hand for one new source: who floods pays little, and an idle entry is found sooner or later.
    private const int EvictionSteps = 8;

    private readonly int _limit;
    private readonly long _idleMicroseconds;
    private readonly Dictionary<Key, int> _places = [];
    private volatile SourceCounters[] _all;
    private int _count = FixedEntries;
    private int _evictions;
    private int _hand;
    private Key _lastKey;
    private SourceCounters _last;

    /// <summary>Makes a table with the entries <see cref="Other"/> and <see cref="Evicted"/> only.</summary>
    /// <param name="limit">Most sources and domains; what is beyond is counted under <see cref="Other"/>.</param>
    /// <param name="idleSeconds">Who was silent for longer may give way. Default 1,800.</param>
    public SourceTable(int limit = 65_536, int idleSeconds = 1_800)
    {
        _limit = limit;
        _idleMicroseconds = idleSeconds * 1_000_000L;
        Other = new SourceCounters(default, 0, 0) { IsSum = true };
        Evicted = new SourceCounters(default, 0, 0) { IsSum = true };
        _all = new SourceCounters[16];
        (_all[0], _all[1]) = (Other, Evicted);
        _last = Other;
        _lastKey = new Key(default, ushort.MaxValue, 0, false, default);
    }

    /// <summary>Takes what comes from sources beyond the limit.</summary>
    public SourceCounters Other { get; }

    /// <summary>The sum of entries that gave way, so that totals never shrink.</summary>
    public SourceCounters Evicted { get; }

    /// <summary>Entries, without <see cref="Other"/> and <see cref="Evicted"/>.</summary>
    public int Count => Volatile.Read(ref _count) - FixedEntries;

    /// <summary>All entries, <see cref="Other"/> and <see cref="Evicted"/> first; may be called by any thread.</summary>
    public ReadOnlySpan<SourceCounters> Snapshot
    {
        get
        {
            int count = Volatile.Read(ref _count);
            return _all.AsSpan(0, count);
        }
    }

    /// <summary>The counters of a source and domain, of sFlow those of the first agent; made when there are none, and nothing gives way. For sFlow it searches all entries.</summary>
    public SourceCounters this[IpAddress source, ushort version, uint domain, bool isSFlow]
    {
        get
        {
            foreach (SourceCounters counters in isSFlow ? Snapshot[FixedEntries..] : default)
            {
                if (counters.Source == source && counters.Version == version && counters.Domain == domain && counters.IsSFlow == isSFlow)
                {
                    return counters;
                }
            }

            return Get(source, version, domain, isSFlow, default, long.MinValue);
        }
    }

    /// <summary>Calls <paramref name="read"/> with all entries until none gave way meanwhile, so that each datagram is in exactly one of them.</summary>
    /// <param name="read">Copies what it needs; may be called several times.</param>
    public void Read(Action<ReadOnlySpan<SourceCounters>> read)
    {
        ArgumentNullException.ThrowIfNull(read);

        // A flood may let entries give way without end: then the last reading stands, which is wrong by one entry at most.
        for (int attempt = 0; attempt < 16; attempt++)
        {
            int before = Volatile.Read(ref _evictions);
            read(Snapshot);
            Interlocked.MemoryBarrier();
            if (before % 2 == 0 && before == Volatile.Read(ref _evictions))
            {
                return;
            }
        }
    }

    /// <summary>The counters of a source and domain; <see cref="Other"/> when the table is full (then its <see cref="DecodeFault.SourceLimit"/> is counted: ask once per datagram).</summary>
    /// <param name="source">The socket address.</param>
    /// <param name="version">Protocol version; 0 when the datagram names none.</param>
    /// <param name="domain">Source id, observation domain, engine or sub-agent.</param>
    /// <param name="isSFlow">True for sFlow.</param>
    /// <param name="agent">sFlow: the agent address.</param>
    /// <param name="now">The time of the datagram, microseconds since the Unix epoch.</param>
    public SourceCounters Get(IpAddress source, ushort version, uint domain, bool isSFlow, IpAddress agent, long now)
    {
        var key = new Key(source, version, domain, isSFlow, agent);
        if (key == _lastKey)
        {
            return _last;
        }

        SourceCounters counters = Find(key, now);
        if (counters != Other)
        {
            // Not so for what the limit keeps out: each of its datagrams is to be counted as such.
            _last = counters;
            _lastKey = key;
        }

        return counters;
    }

    internal void Finish()
    {
        foreach (SourceCounters counters in Snapshot)
        {
            counters.EndSequences();
        }
    }

    private SourceCounters Find(Key key, long now)
    {
        if (_places.TryGetValue(key, out int place))
        {
            return _all[place];
        }

        if (_count - FixedEntries < _limit)
        {
            return Append(key);
        }

        int idle = FindIdle(now);
        if (idle < 0)
        {
            Other.Count(DecodeFault.SourceLimit);
            return Other;
        }

        return Replace(idle, key);
    }

    private SourceCounters Append(Key key)
    {
        if (_count == _all.Length)
        {
            SourceCounters[] larger = new SourceCounters[_all.Length * 2];
            _all.CopyTo(larger, 0);
            _all = larger;
        }

        SourceCounters counters = Make(key);
        _places.Add(key, _count);
        _all[_count] = counters;
        Volatile.Write(ref _count, _count + 1);
        return counters;
    }

    private int FindIdle(long now)
    {
        for (int step = 0; step < EvictionSteps && _count > FixedEntries; step++)
        {
            _hand = _hand < FixedEntries || _hand >= _count - 1 ? FixedEntries : _hand + 1;
            if (_all[_hand].LastSeen + _idleMicroseconds < now)
            {
                return _hand;
            }
        }

        return -1;
    }

    private SourceCounters Replace(int place, Key key)
    {
        SourceCounters old = _all[place], counters = Make(key);
        _places.Remove(new Key(old.Source, old.Version, old.Domain, old.IsSFlow, old.Agent));
        _places.Add(key, place);

        // Odd while the numbers are in both entries or in none.
        Interlocked.Increment(ref _evictions);
        Evicted.Absorb(old);
        _all[place] = counters;
        Interlocked.Increment(ref _evictions);
        return counters;
    }

    private static SourceCounters Make(Key key) => new(key.Source, key.Version, key.Domain) { IsSFlow = key.IsSFlow, Agent = key.Agent };

    private readonly record struct Key(IpAddress Source, ushort Version, uint Domain, bool IsSFlow, IpAddress Agent);
}
