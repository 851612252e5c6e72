using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Counters of one data source as they came: one block of version 5, or all of a sample of versions 2 and 4.</summary>
public struct CounterRecord
{
    /// <summary>Most octets of counters in a record.</summary>
    public const int MaxLength = 168;

    /// <summary>The agent (peer_ip_src).</summary>
    public IpAddress Agent;

    /// <summary>sub_agent_id; 0 before version 5.</summary>
    public uint SubAgent;

    /// <summary>Sequence number of the datagram.</summary>
    public uint DatagramSequence;

    /// <summary>When the datagram came in, microseconds since the Unix epoch.</summary>
    public long ArrivalTime;

    /// <summary>Sequence number of the sample.</summary>
    public uint SampleSequence;

    /// <summary>Index of the data source, without its class.</summary>
    public uint SourceIndex;

    /// <summary>What the counters are; None when there are none.</summary>
    public CounterFormat Format;

    /// <summary>What follows them in a sample of versions 2 and 4; None for nothing.</summary>
    public CounterFormat Second;

    private Bytes _counters;

    /// <summary>The counters in network order.</summary>
    [UnscopedRef]
    public Span<byte> Counters => ((Span<byte>)_counters)[..(CounterFormats.LengthOf(Format) + CounterFormats.LengthOf(Second))];

    [InlineArray(MaxLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
