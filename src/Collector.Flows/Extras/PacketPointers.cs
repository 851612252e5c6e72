using System.Buffers.Binary;
using Collector.Flows.Packets;

namespace Collector.Flows.Extras;

/// <summary>Reads custom primitives from sampled Ethernet frames (packet_ptr).</summary>
/// <remarks>What pmacct 1.7.7 does, seen with sfacctd and nfacctd: only frames, nothing of later fragments, and nothing that ends with the sampled bytes.</remarks>
internal static class PacketPointers
{
    private const byte Tcp = 6, Udp = 17;
    private const int TypeOffset = 12, LabelLength = 4, UdpLength = 8, MinimumTcpLength = 20;

    /// <summary>The primitives that are read from frames.</summary>
    public static CustomField[] Of(IReadOnlyList<CustomField> fields) => [.. fields.Where(f => f.Pointers.Count > 0)];

    /// <summary>Fills the primitives of a frame; it may be cut anywhere.</summary>
    public static void Read(CustomField[] fields, ReadOnlySpan<byte> frame, ref FlowRecord record, ValueTable values)
    {
        if (!TryFind(frame, out Layers layers))
        {
            return;
        }

        foreach (CustomField field in fields)
        {
            int found = -1;
            for (int i = 0; i < field.Pointers.Count; i++)
            {
                PacketPointer pointer = field.Pointers[i];
                int start = layers.Start(pointer);
                found = start >= 0 && start + pointer.Offset + field.Length < frame.Length ? start + pointer.Offset : found;
            }

            if (found >= 0)
            {
                field.Store(frame.Slice(found, field.Length), ref record, values);
            }
        }
    }

    private static bool TryFind(ReadOnlySpan<byte> frame, out Layers layers)
    {
        layers = new Layers { Vlan = -1, Mpls = -1, Network = -1, Transport = -1, Payload = -1 };
        if (!EthernetHeader.TryRead(frame, out EthernetHeader ethernet))
        {
            return false;
        }

        layers.Vlan = EtherTypes.IsVlanTag(BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..])) ? TypeOffset + sizeof(ushort) : -1;
        int at = ethernet.Length;
        ushort type = ethernet.EtherType;
        if (type is EtherTypes.Mpls or EtherTypes.MplsUpstream)
        {
            layers.Mpls = at;
            type = SkipLabels(frame, ref at);
        }

        if (type is not (EtherTypes.IPv4 or EtherTypes.IPv6))
        {
            return true;
        }

        ReadOnlySpan<byte> packet = frame[at..];
        if (!IpHeader.TryRead(type, packet, out IpHeader ip) || ip.PayloadOffset == 0)
        {
            return false;
        }

        (layers.Network, layers.EtherType) = (at, type);
        (layers.Transport, layers.Protocol) = (at + ip.PayloadOffset, ip.Protocol);
        layers.Payload = layers.Transport + TransportLength(packet[ip.PayloadOffset..], ip.Protocol);
        return true;
    }

    private static ushort SkipLabels(ReadOnlySpan<byte> frame, ref int at)
    {
        while (BinaryPrimitives.TryReadUInt32BigEndian(frame[at..], out uint entry))
        {
            at += LabelLength;
            if ((entry & 0x100) != 0)
            {
                ushort type = MplsStack.PayloadType(frame[at..], entry >> 12, out _);
                return type == EtherTypes.TransparentEthernetBridging ? (ushort)0 : type;
            }
        }

        return 0;
    }

    private static int TransportLength(ReadOnlySpan<byte> transport, byte protocol) => protocol switch
    {
        Udp => UdpLength,
        Tcp when transport.Length > TypeOffset => Math.Max((transport[TypeOffset] >> 4) * 4, MinimumTcpLength),
        Tcp => MinimumTcpLength,
        _ => 0,
    };

    // Where each layer starts; -1 for one that is not there.
    private struct Layers
    {
        public int Vlan;
        public int Mpls;
        public int Network;
        public int Transport;
        public int Payload;
        public ushort EtherType;
        public byte Protocol;

        public readonly int Start(PacketPointer pointer) => pointer.Layer switch
        {
            PacketLayer.Packet or PacketLayer.Mac => 0,
            PacketLayer.Vlan => Vlan,
            PacketLayer.Mpls => Mpls,
            PacketLayer.L3 => pointer.Protocol is null || pointer.Protocol == EtherType ? Network : -1,
            PacketLayer.L4 => pointer.Protocol is null || pointer.Protocol == Protocol ? Transport : -1,
            _ => Payload,
        };
    }
}
