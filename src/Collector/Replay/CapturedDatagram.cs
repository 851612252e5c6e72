using Collector.Net;

namespace Collector.Replay;

/// <summary>One UDP datagram of a capture, put together from its fragments where there were some.</summary>
public readonly ref struct CapturedDatagram
{
    /// <summary>Running number, from 1 over all files, of the packet that carried the datagram or that completed it. Every packet of a capture counts.</summary>
    public required ulong Number { get; init; }

    /// <summary>Capture time of that packet, microseconds since the Unix epoch, 0 to the end of the year 9999.</summary>
    public required long Time { get; init; }

    /// <summary>Sender.</summary>
    public required IpAddress Source { get; init; }

    /// <summary>Destination.</summary>
    public required IpAddress Destination { get; init; }

    /// <summary>UDP port of the sender.</summary>
    public required ushort SourcePort { get; init; }

    /// <summary>UDP port of the destination.</summary>
    public required ushort DestinationPort { get; init; }

    /// <summary>The UDP payload; valid until the next read.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>True when the capture holds only the beginning of the payload (snaplen).</summary>
    public required bool IsTruncated { get; init; }
}
