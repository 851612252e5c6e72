using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Flows;
using Collector.Net;

namespace Collector.Maps;

/// <summary>A record as the conditions of maps see it. Lives on the stack for one lookup.</summary>
internal readonly ref struct MatchInput
{
    private const ulong NoMac = 1UL << 48;

    private readonly ref readonly FlowRecord _record;
    private readonly ref readonly BgpMatchValues _bgp;
    private readonly ValueTable? _values;

    /// <param name="record">The record, enriched.</param>
    /// <param name="bgp">What it does not hold of its routes.</param>
    /// <param name="values">Resolves its communities; null where no condition asks for them.</param>
    public MatchInput(in FlowRecord record, in BgpMatchValues bgp, ValueTable? values)
    {
        _record = ref record;
        _bgp = ref bgp;
        _values = values;
    }

    /// <summary>The record.</summary>
    public ref readonly FlowRecord Record => ref _record;

    private bool IsSFlow => (_record.Flags & FlowRecordFlags.SFlow) != 0;

    private bool IsVersion5 => _record.ExportVersion == 5 && !IsSFlow;

    private bool HasTemplate => _record.ExportVersion is 9 or 10 && !IsSFlow;

    /// <summary>Whether the key belongs to the other protocol's daemon: nfacctd and sfacctd pass over keys of each other (pmacct-compat §5.2).</summary>
    public bool Ignores(MatchKey key) => IsSFlow ? IsOfNetFlow(key) : IsOfSFlow(key);

    /// <summary>True for keys that only sfacctd knows.</summary>
    public static bool IsOfSFlow(MatchKey key) => key == MatchKey.AgentId;

    /// <summary>True for keys that only nfacctd knows.</summary>
    public static bool IsOfNetFlow(MatchKey key) => key is MatchKey.EngineType or MatchKey.EngineId or MatchKey.SourceId or MatchKey.FlowSetId
        or MatchKey.CustomerVlan or MatchKey.IsBiFlow;

    /// <summary>Whether the exporter sends no next hop of the interior routing: nfacctd takes it for any then, so that only a negation fails.</summary>
    public bool LacksIpNextHop => !IsSFlow && _record.IpNextHop == default;

    /// <summary>The value that a condition on numbers compares with; one that no line can ask for where the record has none, so that negations hold.</summary>
    /// <returns>False when the protocol of the record has no such field and neither the condition nor its negation holds, as in pmacct.</returns>
    public bool TryReadNumber(MatchKey key, out ulong value)
    {
        ref readonly FlowRecord r = ref _record;
        switch (key)
        {
            case MatchKey.IngressInterface:
                value = r.IngressInterface;
                return true;
            case MatchKey.EgressInterface:
                value = r.EgressInterface;
                return true;
            case MatchKey.EngineType:
                value = r.EngineType;
                return !HasTemplate;
            case MatchKey.EngineId:
                // Seen with nfacctd 1.7.7: of version 9 and IPFIX the whole source id, of which none above 255 is an engine's.
                value = r.ExportSystemId;
                return true;
            case MatchKey.SourceId:
                value = HasTemplate ? r.ExportSystemId : ulong.MaxValue;
                return true;
            case MatchKey.FlowSetId:
                value = r.TemplateId;
                return HasTemplate;
            case MatchKey.AgentId:
                value = r.ExportSystemId;
                return true;
            case MatchKey.SampleType:
                value = IsSFlow ? r.SampleFormat : (ulong)r.Kind;
                return true;
            case MatchKey.Direction:
                value = Direction(in r);
                return !IsVersion5;
            case MatchKey.SamplingRate:
                value = r.SamplingInterval;
                return !HasTemplate;
            default:
                return TryReadRoute(key, out value);
        }
    }

    /// <summary>The address that a condition on addresses or prefixes compares with.</summary>
    public IpAddress ReadAddress(MatchKey key) => key switch
    {
        MatchKey.Exporter => _record.ExporterAddress,
        MatchKey.IpNextHop => NextHop(_record.IpNextHop),
        MatchKey.BgpNextHop => _bgp.HasDestinationRoute ? _bgp.DestinationNextHop : NextHop(IsVersion5 ? _record.IpNextHop : _record.NextHop),
        MatchKey.SourceRouteNextHop => _bgp.SourceNextHop,
        MatchKey.SourceNetwork => _record.SourceAddress,
        _ => _record.DestinationAddress,
    };

    /// <summary>The communities that a condition looks through: text with blanks or underscores between them.</summary>
    public ReadOnlySpan<byte> ReadCommunities(MatchKey key)
    {
        uint handle = key == MatchKey.SourceCommunities ? _record.SourceStandardCommunities : _record.StandardCommunities;
        return _values is null || handle == 0 ? default : _values.Snapshot[handle];
    }

    /// <summary>Whether an AS number is 0 besides what it is.</summary>
    public bool IsAlsoZero(MatchKey key) => (_record.Flags & key switch
    {
        MatchKey.SourceAs or MatchKey.PeerSourceAs => FlowRecordFlags.SourceAsAlsoZero,
        MatchKey.DestinationAs or MatchKey.PeerDestinationAs => FlowRecordFlags.DestinationAsAlsoZero,
        _ => FlowRecordFlags.None,
    }) != 0;

    private bool TryReadRoute(MatchKey key, out ulong value)
    {
        ref readonly FlowRecord r = ref _record;
        value = key switch
        {
            MatchKey.SourceAs => r.SourceAs,
            MatchKey.DestinationAs => r.DestinationAs,
            MatchKey.PeerSourceAs => r.PeerSourceAs,
            MatchKey.PeerDestinationAs => r.PeerDestinationAs,
            MatchKey.SourceLocalPreference => r.SourceLocalPreference,
            MatchKey.LocalPreference => r.LocalPreference,
            MatchKey.SourceRoa => r.SourceRoa == 0 ? 'u' : r.SourceRoa,
            MatchKey.DestinationRoa => r.DestinationRoa == 0 ? 'u' : r.DestinationRoa,
            MatchKey.SourceRoutePeerAs => _bgp.SourcePeerAs,
            MatchKey.RouteDistinguisher => r.RouteDistinguisher,
            MatchKey.IngressVrfId => r.IngressVrfId,
            MatchKey.EgressVrfId => r.EgressVrfId,
            MatchKey.VrfId => r.IngressVrfId != 0 ? r.IngressVrfId : r.EgressVrfId,
            MatchKey.MplsLabelBottom => r.MplsLabelBottom,
            _ => ulong.MaxValue,
        };
        return value != ulong.MaxValue || TryReadPacket(key, out value);
    }

    private bool TryReadPacket(MatchKey key, out ulong value)
    {
        ref readonly FlowRecord r = ref _record;
        value = key switch
        {
            MatchKey.PseudowireId => r.MplsPseudowireId,
            MatchKey.SourceMac => MacOf(in r.SourceMac, FlowRecordFlags.SourceMacGiven),
            MatchKey.DestinationMac => MacOf(in r.DestinationMac, FlowRecordFlags.DestinationMacGiven),
            MatchKey.Vlan => IsSFlow ? r.Vlan : r.IngressVlan,
            MatchKey.CustomerVlan => r.IngressCustomerVlan,
            MatchKey.IsMulticast => IsMulticastAddress(r.DestinationAddress) ? 1u : 0,
            MatchKey.Protocol => r.Protocol,
            MatchKey.SourcePort => r.SourcePort,
            MatchKey.DestinationPort => r.DestinationPort,
            MatchKey.TcpFlags => r.TcpFlags,
            MatchKey.ForwardingStatus => r.ForwardingStatus,
            MatchKey.IsNsel => r.FirewallEvent != 0 ? 1u : 0,
            MatchKey.IsNel => r.NatEvent != 0 ? 1u : 0,
            _ => 0,
        };

        // pmacct-compat §5.2: version 5 has none of these fields.
        return !IsVersion5 || key is not (MatchKey.PseudowireId or MatchKey.SourceMac or MatchKey.DestinationMac or MatchKey.Vlan or MatchKey.CustomerVlan);
    }

    // Zeros are one next hop, of whichever family; of a sample without one, too (MatchKeys.NextHop).
    private IpAddress NextHop(IpAddress address) => IsSFlow && address == default ? IpAddress.FromIPv4(0) : address;

    // One that the exporter does not send is 0; one that it does not know, and of sFlow one that no interface tells, is neither 0 nor 1.
    private ulong Direction(in FlowRecord record) => record.SamplingDirection switch
    {
        (byte)'i' => 0,
        (byte)'e' => 1,
        _ => IsSFlow || (record.Flags & FlowRecordFlags.DirectionGiven) != 0 ? ulong.MaxValue : 0,
    };

    // Zeros are an address like any other where a template or a sampled frame has them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong MacOf(in MacAddress mac, FlowRecordFlags given)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        mac.WriteTo(bytes[2..]);
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return value == 0 && (_record.Flags & (given | FlowRecordFlags.SFlow)) == 0 ? NoMac : value;
    }

    private static bool IsMulticastAddress(IpAddress address) =>
        address.IsIPv4 ? address.ToIPv4() >> 28 == 0xE : address.FirstHostOrder >> 56 == 0xFF;
}
