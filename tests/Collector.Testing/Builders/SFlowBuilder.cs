using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Makes sFlow v5 datagrams; counts and lengths are right unless a test writes them itself.</summary>
public sealed class SFlowBuilder
{
    private readonly List<byte[]> _samples = [];

    /// <summary>agent_address.</summary>
    public IpAddress Agent { get; init; } = IpAddress.Parse("10.77.0.1");

    /// <summary>sub_agent_id.</summary>
    public uint SubAgent { get; init; }

    /// <summary>sequence_number of the datagram.</summary>
    public uint Sequence { get; init; } = 1;

    /// <summary>What is written instead of the true number of samples.</summary>
    public uint? SampleCount { get; init; }

    /// <summary>The first four bytes.</summary>
    public uint Version { get; init; } = 5;

    /// <summary>The datagram.</summary>
    public byte[] Build()
    {
        WireWriter writer = new WireWriter().U32(Version, Agent.IsIPv4 ? 1u : 2u).Address(Agent)
            .U32(SubAgent, Sequence, 1000, SampleCount ?? (uint)_samples.Count);
        foreach (byte[] sample in _samples)
        {
            writer.Bytes(sample);
        }

        return writer.ToArray();
    }

    /// <summary>Adds a sample with its format and length.</summary>
    /// <param name="declaredLength">What is written instead of the true length.</param>
    public SFlowBuilder Sample(uint format, ReadOnlySpan<byte> body, uint? declaredLength = null)
    {
        _samples.Add(Record(format, body, declaredLength));
        return this;
    }

    /// <summary>Adds a flow sample (1).</summary>
    public SFlowBuilder Flow(in SampleHeader header, params byte[][] records) => Sample(1, header.Compact(records));

    /// <summary>Adds an expanded flow sample (3).</summary>
    public SFlowBuilder ExpandedFlow(in SampleHeader header, params byte[][] records) => Sample(3, header.Expanded(records));

    /// <summary>A record of a sample, or a sample: format, length, body.</summary>
    public static byte[] Record(uint format, ReadOnlySpan<byte> body, uint? declaredLength = null) =>
        new WireWriter().U32(format, declaredLength ?? (uint)body.Length).Bytes(body).ToArray();

    /// <summary>Record 1, padded to four bytes.</summary>
    /// <param name="protocol">1 Ethernet, 11 IPv4, 12 IPv6, 13 MPLS.</param>
    /// <param name="frameLength">Default: the bytes given and 4 of FCS.</param>
    public static byte[] SampledHeader(uint protocol, ReadOnlySpan<byte> header, uint? frameLength = null) =>
        Record(1, new WireWriter().U32(protocol, frameLength ?? (uint)header.Length + 4, 4, (uint)header.Length).Bytes(header).Pad4().ToArray());

    /// <summary>Record 2.</summary>
    public static byte[] SampledEthernet(uint length, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, uint type) =>
        Record(2, new WireWriter().U32(length).Bytes(source).U16(0).Bytes(destination).U16(0).U32(type).ToArray());

    /// <summary>Record 3 or 4, by the family of the addresses.</summary>
    public static byte[] SampledIp(uint length, uint protocol, string source, string destination, uint sourcePort, uint destinationPort, uint flags, uint tos)
    {
        IpAddress from = IpAddress.Parse(source);
        return Record(from.IsIPv4 ? 3u : 4u, new WireWriter().U32(length, protocol).Address(from).Address(IpAddress.Parse(destination))
            .U32(sourcePort, destinationPort, flags, tos).ToArray());
    }

    /// <summary>Record 1001.</summary>
    public static byte[] Switch(uint ingressVlan, uint ingressPriority, uint egressVlan, uint egressPriority) =>
        Record(1001, new WireWriter().U32(ingressVlan, ingressPriority, egressVlan, egressPriority).ToArray());

    /// <summary>Record 1002; no next hop is written as the type unknown.</summary>
    public static byte[] Router(string? nextHop, uint sourceMask, uint destinationMask) =>
        Record(1002, NextHop(nextHop).U32(sourceMask, destinationMask).ToArray());

    /// <summary>Record 1003; each segment is a type (1 set, 2 sequence) and its AS numbers.</summary>
    public static byte[] Gateway(
        string? nextHop, uint ownAs, uint sourceAs, uint sourcePeerAs, (uint Type, uint[] Numbers)[] path, uint[] communities, uint localPreference)
    {
        WireWriter writer = NextHop(nextHop).U32(ownAs, sourceAs, sourcePeerAs, (uint)path.Length);
        foreach ((uint type, uint[] numbers) in path)
        {
            writer.U32(type, (uint)numbers.Length).U32(numbers);
        }

        return Record(1003, writer.U32((uint)communities.Length).U32(communities).U32(localPreference).ToArray());
    }

    private static WireWriter NextHop(string? address)
    {
        if (address is null)
        {
            return new WireWriter().U32(0);
        }

        IpAddress parsed = IpAddress.Parse(address);
        return new WireWriter().U32(parsed.IsIPv4 ? 1u : 2u).Address(parsed);
    }
}

/// <summary>The fixed part of a flow sample.</summary>
public readonly record struct SampleHeader()
{
    /// <summary>Sequence number of the sample.</summary>
    public uint Sequence { get; init; } = 1;

    /// <summary>source_id type; 0 is an ifIndex.</summary>
    public uint SourceClass { get; init; }

    /// <summary>source_id index.</summary>
    public uint SourceIndex { get; init; } = 1;

    /// <summary>sampling_rate.</summary>
    public uint Rate { get; init; } = 100;

    /// <summary>sample_pool.</summary>
    public uint Pool { get; init; } = 1000;

    /// <summary>input; in an expanded sample its value.</summary>
    public uint Input { get; init; } = 1;

    /// <summary>output; in an expanded sample its value.</summary>
    public uint Output { get; init; } = 2;

    /// <summary>The format words of an expanded sample.</summary>
    public uint InterfaceFormat { get; init; }

    /// <summary>What is written instead of the true number of records.</summary>
    public uint? RecordCount { get; init; }

    /// <summary>The body of a flow sample.</summary>
    public byte[] Compact(params byte[][] records) => Append(
        new WireWriter().U32(Sequence, SourceClass << 24 | SourceIndex, Rate, Pool, 0, Input, Output), records);

    /// <summary>The body of an expanded flow sample.</summary>
    public byte[] Expanded(params byte[][] records) => Append(
        new WireWriter().U32(Sequence, SourceClass, SourceIndex, Rate, Pool, 0, InterfaceFormat, Input, InterfaceFormat, Output), records);

    private byte[] Append(WireWriter writer, byte[][] records)
    {
        writer.U32(RecordCount ?? (uint)records.Length);
        foreach (byte[] record in records)
        {
            writer.Bytes(record);
        }

        return writer.ToArray();
    }
}
