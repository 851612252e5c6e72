namespace Collector.Replay;

/// <summary>Puts UDP datagrams together from their fragments, within a limit of open ones and of capture time.</summary>
/// <remarks>Not thread-safe. Memory grows with the most reassemblies open at once, 64 KiB each, and is kept.</remarks>
internal sealed class FragmentTable(CaptureCounters counters, int limit = FragmentTable.DefaultLimit)
{
    /// <summary>Most datagrams open at once: 16 MiB.</summary>
    public const int DefaultLimit = 256;

    /// <summary>How long missing fragments are waited for, in microseconds of capture time: 30 s, as Linux does.</summary>
    public const long Timeout = 30_000_000;

    private readonly Dictionary<FragmentKey, Reassembly> _open = new(limit);
    private readonly Stack<Reassembly> _free = new(limit);

    // The open ones are a list in the order of their beginning.
    private Reassembly? _oldest;
    private Reassembly? _newest;
    private long _clock;

    /// <summary>Takes a fragment.</summary>
    /// <param name="packet">A fragment of a UDP datagram.</param>
    /// <param name="time">Capture time.</param>
    /// <param name="datagram">The UDP header and payload, valid until the next call, when the answer is true.</param>
    /// <returns>True when the datagram is whole and is UDP.</returns>
    public bool TryAdd(scoped in IpPacket packet, long time, out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        _clock = Math.Max(_clock, time);
        Expire();
        if (packet.IsTruncated)
        {
            counters.FragmentsTruncated++;
            return false;
        }

        var key = new FragmentKey(packet.Source, packet.Destination, packet.FragmentId);
        if (!_open.TryGetValue(key, out Reassembly? reassembly))
        {
            reassembly = Begin(key);
        }

        switch (reassembly.Add(packet.FragmentOffset, packet.Payload, !packet.HasMoreFragments, packet.Protocol))
        {
            case Reassembly.Outcome.Taken:
                return false;
            case Reassembly.Outcome.Duplicate:
                counters.FragmentsDuplicate++;
                return false;
            case Reassembly.Outcome.Overlap:
                counters.ReassemblyOverlap++;
                End(reassembly);
                return false;
            case Reassembly.Outcome.TooManyRuns:
                counters.ReassemblyBad++;
                End(reassembly);
                return false;
            default:
                // The bytes stay as they are until the next fragment takes the place.
                End(reassembly);
                datagram = reassembly.Bytes;
                return IpPacket.TrySkipToUdp(reassembly.Protocol, ref datagram) || Refuse();
        }
    }

    /// <summary>True when offset and length of a fragment can be: all but the last are multiples of eight, nothing lies beyond 65,535.</summary>
    public static bool IsPossible(scoped in IpPacket packet) =>
        packet.Payload.Length > 0
        && (packet.IsTruncated || !packet.HasMoreFragments || packet.Payload.Length % 8 == 0)
        && packet.FragmentOffset + packet.Payload.Length <= Reassembly.MaxLength;

    private bool Refuse()
    {
        counters.ReassemblyBad++;
        return false;
    }

    private Reassembly Begin(FragmentKey key)
    {
        if (_open.Count == limit)
        {
            counters.ReassemblyEvicted++;
            End(_oldest!);
        }

        Reassembly reassembly = _free.Count > 0 ? _free.Pop() : new Reassembly();
        reassembly.Begin(key, _clock);
        reassembly.Older = _newest;
        if (_newest is null)
        {
            _oldest = reassembly;
        }
        else
        {
            _newest.Newer = reassembly;
        }

        _newest = reassembly;
        _open.Add(key, reassembly);
        counters.ReassembliesBegun++;
        counters.ReassembliesPending = _open.Count;
        return reassembly;
    }

    private void Expire()
    {
        while (_oldest is not null && _clock - _oldest.Begun > Timeout)
        {
            counters.ReassemblyTimeout++;
            End(_oldest);
        }
    }

    private void End(Reassembly reassembly)
    {
        if (reassembly.Older is null)
        {
            _oldest = reassembly.Newer;
        }
        else
        {
            reassembly.Older.Newer = reassembly.Newer;
        }

        if (reassembly.Newer is null)
        {
            _newest = reassembly.Older;
        }
        else
        {
            reassembly.Newer.Older = reassembly.Older;
        }

        reassembly.Older = reassembly.Newer = null;
        _open.Remove(reassembly.Key);
        _free.Push(reassembly);
        counters.ReassembliesPending = _open.Count;
    }
}
