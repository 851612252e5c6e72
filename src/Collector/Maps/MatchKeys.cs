using System.Globalization;
using Collector.Maps.Filters;
using Collector.Net;

namespace Collector.Maps;

/// <summary>The match keys of pmacct's maps by the names they have in files, and how their values are read.</summary>
internal static class MatchKeys
{
    private const ulong Any32 = uint.MaxValue;

    /// <summary>Reads one value; null with an explanation of what to write when it does not fit.</summary>
    public delegate MatchCondition? Parser(string value, out string expected);

    /// <summary>Match keys of pre_tag_map.</summary>
    public static IReadOnlyDictionary<string, Parser> PreTag { get; } = new Dictionary<string, Parser>(StringComparer.Ordinal)
    {
        ["ip"] = Prefix(MatchKey.Exporter, mayBeNegated: false),
        ["in"] = Number(MatchKey.IngressInterface, Any32),
        ["out"] = Number(MatchKey.EgressInterface, Any32),
        ["engine_type"] = Number(MatchKey.EngineType, 255),
        ["engine_id"] = Number(MatchKey.EngineId, 255),
        ["source_id"] = Number(MatchKey.SourceId, Any32),
        ["flowset_id"] = Number(MatchKey.FlowSetId, 65_535),
        ["nexthop"] = NextHop(MatchKey.IpNextHop),
        ["bgp_nexthop"] = NextHop(MatchKey.BgpNextHop),
        ["filter"] = Filter,
        ["agent_id"] = Number(MatchKey.AgentId, Any32),
        ["sample_type"] = SampleType,
        ["direction"] = Number(MatchKey.Direction, 1),
        ["sampling_rate"] = Number(MatchKey.SamplingRate, Any32),
        ["src_as"] = Number(MatchKey.SourceAs, Any32),
        ["dst_as"] = Number(MatchKey.DestinationAs, Any32),
        ["peer_src_as"] = Number(MatchKey.PeerSourceAs, Any32),
        ["peer_dst_as"] = Number(MatchKey.PeerDestinationAs, Any32),
        ["src_local_pref"] = Number(MatchKey.SourceLocalPreference, Any32),
        ["local_pref"] = Number(MatchKey.LocalPreference, Any32),
        ["src_roa"] = Roa(MatchKey.SourceRoa),
        ["dst_roa"] = Roa(MatchKey.DestinationRoa),
        ["src_comms"] = Communities(MatchKey.SourceCommunities),
        ["comms"] = Communities(MatchKey.Communities),
        ["mpls_vpn_id"] = Number(MatchKey.VrfId, Any32),
        ["mpls_vpn_id_in"] = Number(MatchKey.IngressVrfId, Any32),
        ["mpls_vpn_id_out"] = Number(MatchKey.EgressVrfId, Any32),
        ["mpls_vpn_rd"] = RouteDistinguisher,
        ["mpls_pw_id"] = Number(MatchKey.PseudowireId, Any32),
        ["src_mac"] = Mac(MatchKey.SourceMac),
        ["dst_mac"] = Mac(MatchKey.DestinationMac),
        ["vlan"] = Number(MatchKey.Vlan, 4_096),
        ["cvlan"] = Number(MatchKey.CustomerVlan, 4_096),
        ["is_multicast"] = Boolean(MatchKey.IsMulticast),
        ["src_net"] = Prefix(MatchKey.SourceNetwork, mayBeNegated: true),
        ["dst_net"] = Prefix(MatchKey.DestinationNetwork, mayBeNegated: true),
        ["ip_proto"] = Protocol,
        ["src_port"] = Number(MatchKey.SourcePort, 65_535),
        ["dst_port"] = Number(MatchKey.DestinationPort, 65_535),
        ["tcp_flags"] = TcpFlags,
        ["fwd_status"] = Number(MatchKey.ForwardingStatus, 255),
        ["is_bi_flow"] = Boolean(MatchKey.IsBiFlow),
        ["is_nsel"] = Boolean(MatchKey.IsNsel),
        ["is_nel"] = Boolean(MatchKey.IsNel),
    };

    /// <summary>Match keys of sampling_map.</summary>
    public static IReadOnlyDictionary<string, Parser> Sampling { get; } = Some("ip", "in", "out");

    /// <summary>Match keys of bgp_agent_map.</summary>
    public static IReadOnlyDictionary<string, Parser> BgpAgent { get; } = Some("ip", "in", "out", "filter");

    /// <summary>Match keys of bgp_peer_src_as_map, bgp_src_local_pref_map and bgp_src_med_map, where BGP values are those of the source's route.</summary>
    public static IReadOnlyDictionary<string, Parser> BgpSource { get; } =
        new Dictionary<string, Parser>(Some("ip", "in", "out", "src_mac", "vlan", "src_net", "dst_net", "filter"), StringComparer.Ordinal)
        {
            ["bgp_nexthop"] = NextHop(MatchKey.SourceRouteNextHop),
            ["peer_dst_as"] = Number(MatchKey.SourceRoutePeerAs, Any32),
        };

    /// <summary>Match keys of bgp_peer_dst_ip_map.</summary>
    public static IReadOnlyDictionary<string, Parser> BgpPeerDestination { get; } = Some("ip", "bgp_nexthop");

    /// <summary>Match keys of flow_to_rd_map.</summary>
    public static IReadOnlyDictionary<string, Parser> FlowToRd { get; } =
        new Dictionary<string, Parser>(Some("ip", "in", "out", "bgp_nexthop", "mpls_vpn_id"), StringComparer.Ordinal)
        {
            ["mpls_label_bottom"] = Number(MatchKey.MplsLabelBottom, 0xF_FFFF),
        };

    private static Dictionary<string, Parser> Some(params string[] names) => names.ToDictionary(n => n, n => PreTag[n], StringComparer.Ordinal);

    private static Parser Number(MatchKey key, ulong maximum) => (string value, out string expected) =>
    {
        expected = $"a whole number from 0 to {maximum}, or - and the number for all others";
        bool negated = StripMinus(ref value);
        return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= maximum
            ? new MatchCondition { Key = key, IsNegated = negated, Number = number }
            : null;
    };

    private static Parser Boolean(MatchKey key) => (string value, out string expected) =>
    {
        expected = "true or false";
        return bool.TryParse(value, out bool wanted) ? new MatchCondition { Key = key, Number = wanted ? 1u : 0 } : null;
    };

    // 1.7.7 was seen to take 0.0.0.0 and :: for the same.
    private static Parser NextHop(MatchKey key) => (string value, out string expected) =>
    {
        expected = "an IPv4 or IPv6 address";
        bool negated = StripMinus(ref value);
        return IpAddress.TryParse(value, out IpAddress address) ? new MatchCondition { Key = key, IsNegated = negated, Address = address == default ? IpAddress.FromIPv4(0) : address, Length = 128 } : null;
    };

    private static Parser Prefix(MatchKey key, bool mayBeNegated) => (string value, out string expected) =>
    {
        expected = "an address or a prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32";
        bool negated = mayBeNegated && StripMinus(ref value);
        return MapPrefix.TryParse(value, out IpAddress address, out byte length)
            ? new MatchCondition { Key = key, IsNegated = negated, Address = address, Length = length }
            : null;
    };

    private static MatchCondition? Filter(string value, out string expected)
    {
        if (FilterExpression.TryParse(value, out FilterExpression? filter, out string error))
        {
            expected = "";
            return new MatchCondition { Key = MatchKey.Filter, Filter = filter };
        }

        expected = $"a filter such as 'src net 10.0.0.0/8 and tcp port 443' ({error})";
        return null;
    }

    // Of NetFlow: flow, event, option; of sFlow: enterprise:format.
    private static MatchCondition? SampleType(string value, out string expected)
    {
        expected = "flow, event or option, or for sFlow enterprise:format such as 0:1";
        bool negated = StripMinus(ref value);
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        ulong? number = value switch
        {
            "flow" or "flow-ipv4" or "flow-ipv6" or "flow-mpls-ipv4" or "flow-mpls-ipv6" => (ulong)Flows.FlowKind.Flow,
            "event" => (ulong)Flows.FlowKind.Event,
            "option" => (ulong)Flows.FlowKind.Options,
            _ when colon > 0 && uint.TryParse(value[..colon], out uint enterprise) && uint.TryParse(value[(colon + 1)..], out uint format)
                && enterprise < 1 << 20 && format < 1 << 12 => enterprise << 12 | format,
            _ => null,
        };
        return number is null ? null : new MatchCondition { Key = MatchKey.SampleType, IsNegated = negated, Number = number.Value };
    }

    private static Parser Roa(MatchKey key) => (string value, out string expected) =>
    {
        expected = "u (unknown), i (invalid) or v (valid)";
        bool negated = StripMinus(ref value);
        return value is "u" or "i" or "v" ? new MatchCondition { Key = key, IsNegated = negated, Number = value[0] } : null;
    };

    private static Parser Communities(MatchKey key) => (string value, out string expected) =>
    {
        expected = $"communities such as 65000:1 or 65000:., separated by commas, at most {CommunityPatterns.MaxPatterns}";
        string[] patterns = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return patterns.Length is > 0 and <= CommunityPatterns.MaxPatterns ? new MatchCondition { Key = key, Patterns = new CommunityPatterns(patterns) } : null;
    };

    private static MatchCondition? RouteDistinguisher(string value, out string expected)
    {
        expected = "a route distinguisher such as 0:65512:1, 1:192.0.2.1:1 or 2:4200000000:1";
        bool negated = StripMinus(ref value);
        return RouteDistinguisherValue.TryParse(value, out ulong number)
            ? new MatchCondition { Key = MatchKey.RouteDistinguisher, IsNegated = negated, Number = number }
            : null;
    }

    private static Parser Mac(MatchKey key) => (string value, out string expected) =>
    {
        expected = "a MAC address such as 00:11:22:aa:bb:cc";
        bool negated = StripMinus(ref value);
        return MapMac.TryParse(value, out ulong mac) ? new MatchCondition { Key = key, IsNegated = negated, Number = mac } : null;
    };

    private static MatchCondition? Protocol(string value, out string expected)
    {
        expected = "a protocol number or name, such as 6 or tcp";
        bool negated = StripMinus(ref value);
        return FilterProtocols.TryParse(value, out byte number) ? new MatchCondition { Key = MatchKey.Protocol, IsNegated = negated, Number = number } : null;
    }

    private static MatchCondition? TcpFlags(string value, out string expected)
    {
        expected = "all flags as a hexadecimal number, such as 0x12";
        bool negated = StripMinus(ref value);
        ReadOnlySpan<char> digits = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? value.AsSpan(2) : value;
        return byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte flags)
            ? new MatchCondition { Key = MatchKey.TcpFlags, IsNegated = negated, Number = flags }
            : null;
    }

    private static bool StripMinus(ref string value)
    {
        if (value.Length == 0 || value[0] != '-')
        {
            return false;
        }

        value = value[1..];
        return true;
    }
}
