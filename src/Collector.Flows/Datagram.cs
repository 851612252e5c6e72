using Collector.Net;

namespace Collector.Flows;

/// <summary>One UDP payload with what is known about its way here.</summary>
public readonly ref struct Datagram
{
    /// <summary>The UDP payload; valid only while the datagram is decoded.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The socket address of the sender, mapped IPv4 unmapped: DESIGN §4 calls it the source.</summary>
    public required IpAddress Source { get; init; }

    /// <summary>The UDP port of the sender.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>When it came in: the clock, or the capture time in a replay; microseconds since the Unix epoch.</summary>
    public required long ArrivalTime { get; init; }

    /// <summary>Running number of the datagram within the worker, or of the packet within the replay; orders first insertions.</summary>
    public ulong Number { get; init; }
}
