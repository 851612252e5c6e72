using System.Buffers.Binary;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;

namespace Collector.Bgp.Sessions;

/// <summary>What we offer in an OPEN, and what both OPENs together mean (RFC 5492).</summary>
internal static class CapabilityNegotiation
{
    private const byte Receive = 1, Send = 2;

    private static readonly AddressFamily[] Families =
        [.. Enumerable.Range(0, RouteFamilies.Count).Select(f => new AddressFamily(((RouteFamily)f).AddressFamily(), ((RouteFamily)f).SubsequentAddressFamily()))];

    /// <summary>All that we are able to do, for an OPEN that goes out before the peer's has come.</summary>
    internal static IReadOnlyList<RawCapability> Offer(SpeakerOptions options, uint localAs)
    {
        List<RawCapability> offer = [.. Families.Select(Multiprotocol)];
        offer.Add(Of(CapabilityCode.RouteRefresh));
        offer.Add(new RawCapability(CapabilityCode.ExtendedNextHop, Families.Where(f => f.Afi == AddressFamily.IPv4).SelectMany(NextHopBytes).ToArray()));
        offer.Add(Of(CapabilityCode.ExtendedMessage));
        offer.Add(GracefulRestartHelper);
        offer.Add(FourOctetAs(localAs));
        if (options.AddPath)
        {
            offer.Add(new RawCapability(CapabilityCode.AddPath, Families.SelectMany(f => AddPathBytes(f, Receive)).ToArray()));
        }

        offer.Add(Of(CapabilityCode.EnhancedRouteRefresh));
        return offer;
    }

    /// <summary>An answer to the peer's OPEN: what it offers and we are able to do, in its order, as pmacct does (pmacct-compat §6.1).</summary>
    internal static IReadOnlyList<RawCapability> Answer(SpeakerOptions options, uint localAs, Capabilities peer)
    {
        List<RawCapability> answer = [];
        foreach (RawCapability capability in peer.Raw)
        {
            switch (capability.Code)
            {
                case CapabilityCode.Multiprotocol when capability.Value.Length == 4 && (options.EchoesFamilies || Families.Contains(FamilyOf(capability.Value.Span))):
                case CapabilityCode.ExtendedNextHop when peer.ExtendedNextHop.Count > 0:
                    answer.Add(capability);
                    break;
                case CapabilityCode.RouteRefresh or CapabilityCode.EnhancedRouteRefresh or CapabilityCode.ExtendedMessage:
                    answer.Add(Of(capability.Code));
                    break;
                case CapabilityCode.GracefulRestart:
                    answer.Add(GracefulRestartHelper);
                    break;
                case CapabilityCode.FourOctetAs:
                    answer.Add(FourOctetAs(localAs));
                    break;
                case CapabilityCode.AddPath when options.AddPath:
                    byte[] families = [.. peer.AddPath.Where(a => (a.SendReceive & Send) != 0 && Families.Contains(a.Family)).SelectMany(a => AddPathBytes(a.Family, Receive))];
                    answer.AddRange(families.Length > 0 ? [new RawCapability(CapabilityCode.AddPath, families)] : []);
                    break;
                default:
                    break;
            }
        }

        return answer;
    }

    /// <summary>How UPDATEs of this session are to be read.</summary>
    internal static SessionParameters Agree(OpenMessage local, OpenMessage peer)
    {
        Capabilities ours = local.Capabilities.FourOctetAs is null ? Parse(local) : local.Capabilities, theirs = peer.Capabilities;
        byte addPath = 0, nextHop = 0;
        for (int i = 0; i < Families.Length; i++)
        {
            bool weReceive = ours.AddPath.Any(a => a.Family == Families[i] && (a.SendReceive & Receive) != 0);
            bool theySend = theirs.AddPath.Any(a => a.Family == Families[i] && (a.SendReceive & Send) != 0);
            addPath |= (byte)(weReceive && theySend ? 1 << i : 0);
            nextHop |= (byte)(ours.ExtendedNextHop.Contains(Families[i]) && theirs.ExtendedNextHop.Contains(Families[i]) ? 1 << i : 0);
        }

        return new SessionParameters
        {
            FourOctetAs = ours.FourOctetAs is not null && theirs.FourOctetAs is not null,
            IsExternal = local.As != peer.As,
            ExtendedMessages = ours.ExtendedMessage && theirs.ExtendedMessage,
            AddPathFamilies = addPath,
            ExtendedNextHopFamilies = nextHop,
        };
    }

    /// <summary>The families that the peer sends, as far as they are kept: without the capability IPv4 unicast alone (RFC 4760 §8).</summary>
    internal static IEnumerable<AddressFamily> FamiliesOf(OpenMessage peer) =>
        peer.Capabilities.Multiprotocol.Count == 0 ? [Families[0]] : peer.Capabilities.Multiprotocol.Where(f => Families.Contains(f)).Distinct();

    // RFC 4724 §3: no families, for nothing is forwarded here; the procedures of the side that stays up are followed.
    private static RawCapability GracefulRestartHelper => new(CapabilityCode.GracefulRestart, new byte[2]);

    private static RawCapability Of(byte code) => new(code, ReadOnlyMemory<byte>.Empty);

    private static RawCapability Multiprotocol(AddressFamily family) => new(CapabilityCode.Multiprotocol, new byte[] { 0, (byte)family.Afi, 0, family.Safi });

    private static RawCapability FourOctetAs(uint number)
    {
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        return new RawCapability(CapabilityCode.FourOctetAs, value);
    }

    private static AddressFamily FamilyOf(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadUInt16BigEndian(value), value[3]);

    private static byte[] NextHopBytes(AddressFamily family) => [0, (byte)family.Afi, 0, family.Safi, 0, (byte)AddressFamily.IPv6];

    private static byte[] AddPathBytes(AddressFamily family, byte mode) => [0, (byte)family.Afi, family.Safi, mode];

    private static Capabilities Parse(OpenMessage open) =>
        OpenMessage.Read(OpenWriter.Write(open).AsSpan(MessageHeader.Size), out _)?.Capabilities ?? new Capabilities();
}
