using Collector.Net;

namespace Collector.Receiving;

/// <summary>One datagram of a batch; valid until the batch is filled again.</summary>
public readonly ref struct ReceivedDatagram
{
    /// <summary>The UDP payload; its first part only when <see cref="IsTruncated"/>.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The address of the sender; IPv4 also where it came over a dual-stack socket. A scope id is dropped.</summary>
    public required IpAddress Source { get; init; }

    /// <summary>The UDP port of the sender.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>True when the datagram was longer than the batch's buffers (MSG_TRUNC).</summary>
    public bool IsTruncated { get; init; }
}
