using Collector.Bgp.Messages;

namespace Collector.Bgp.Sessions;

/// <summary>What a peer sent and what became of it, since the start and over all its sessions. Written by one thread at a time, read by any.</summary>
public sealed class PeerCounters
{
    private readonly long[] _received = new long[6];
    private readonly long[] _faults = new long[UpdateFaults.Count];

    /// <summary>Sessions that were established.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Octets received.</summary>
    public long Octets { get; internal set; }

    /// <summary>Routes announced, those refused included.</summary>
    public long Announced { get; internal set; }

    /// <summary>Routes withdrawn, those included that were not there.</summary>
    public long Withdrawn { get; internal set; }

    /// <summary>Withdrawn routes that were not there.</summary>
    public long UnknownWithdrawn { get; internal set; }

    /// <summary>Routes withdrawn because their UPDATE had a fault (RFC 7606).</summary>
    public long TreatedAsWithdrawn { get; internal set; }

    /// <summary>Routes that were not kept for want of memory.</summary>
    public long RefusedForMemory { get; internal set; }

    /// <summary>Routes that went with their session, or stale.</summary>
    public long Deleted { get; internal set; }

    /// <summary>UPDATEs with routes of families that are not kept.</summary>
    public long UnknownFamilies { get; internal set; }

    /// <summary>Sessions that ended because the peer had more paths than its limit.</summary>
    public long PathLimits { get; internal set; }

    /// <summary>Messages received of one kind.</summary>
    public long Received(MessageType type) => Volatile.Read(ref _received[(int)type]);

    /// <summary>UPDATEs with this fault.</summary>
    public long this[UpdateFault fault] => Volatile.Read(ref _faults[(int)fault]);

    internal void Count(MessageType type) => _received[(int)type]++;

    internal void Count(UpdateFaults faults)
    {
        for (int i = 0; i < UpdateFaults.Count; i++)
        {
            _faults[i] += faults.Contains((UpdateFault)i) ? 1 : 0;
        }
    }
}
