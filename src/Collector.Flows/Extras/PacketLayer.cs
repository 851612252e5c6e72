namespace Collector.Flows.Extras;

/// <summary>The part of a sampled frame that a custom primitive is read from (packet_ptr).</summary>
public enum PacketLayer : byte
{
    /// <summary>The first byte.</summary>
    Packet,

    /// <summary>The Ethernet header.</summary>
    Mac,

    /// <summary>The tag control information of the first VLAN tag.</summary>
    Vlan,

    /// <summary>The first MPLS label.</summary>
    Mpls,

    /// <summary>The IP header.</summary>
    L3,

    /// <summary>The transport header.</summary>
    L4,

    /// <summary>What follows the TCP or UDP header; with other protocols what follows the IP header.</summary>
    Payload,
}

/// <summary>Where in a sampled frame a custom primitive is read.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Protocol">EtherType for <see cref="PacketLayer.L3"/>, IP protocol for <see cref="PacketLayer.L4"/>; null: any.</param>
/// <param name="Offset">Bytes from the start of the layer.</param>
public readonly record struct PacketPointer(PacketLayer Layer, ushort? Protocol, ushort Offset);
