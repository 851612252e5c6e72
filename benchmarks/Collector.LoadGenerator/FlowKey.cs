using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>A 5-tuple with everything that is always the same for it, so that 5-tuples and keys are equally many in any aggregate of these fields.</summary>
internal readonly record struct FlowKey
{
    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    public required ushort SourcePort { get; init; }

    public required ushort DestinationPort { get; init; }

    /// <summary>6 or 17.</summary>
    public required byte Protocol { get; init; }

    public required byte TypeOfService { get; init; }

    /// <summary>0 for UDP.</summary>
    public required byte TcpFlags { get; init; }

    /// <summary>1 to 64, so that v5 can carry it.</summary>
    public required ushort Input { get; init; }

    /// <summary>1 to 64.</summary>
    public required ushort Output { get; init; }

    /// <summary>Below 64,000, so that v5 can carry it; a function of the prefix.</summary>
    public required ushort SourceAs { get; init; }

    public required ushort DestinationAs { get; init; }

    /// <summary>Prefix length of both addresses.</summary>
    public required byte MaskLength { get; init; }
}

/// <summary>What one record reports of a key.</summary>
/// <param name="Key">The flow.</param>
/// <param name="Packets">1 in sFlow.</param>
/// <param name="Octets">The length of the frame in sFlow.</param>
internal readonly record struct LoadFlow(FlowKey Key, uint Packets, uint Octets);

/// <summary>Start and end of a flow, in milliseconds before its export.</summary>
internal readonly record struct FlowTimes(int Start, int End);
