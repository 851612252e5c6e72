using Collector.Bgp.Sessions;
using Collector.Net;

namespace Collector.Configuration.Yaml;

/// <summary>The section bgp of collector.yaml.</summary>
internal static class BgpKeys
{
    private const int MaxKeyLength = 80;

    /// <summary>The keys of one peer.</summary>
    public static YamlKeys<PeerOptions> Peer { get; } = new()
    {
        { "address", Address },
        { "as", (p, v) => p with { RemoteAs = v.Number(p.RemoteAs, 1, uint.MaxValue) } },
        { "local_as", (p, v) => p with { LocalAs = v.Number(p.LocalAs, 1, uint.MaxValue) } },
        { "connect", (p, v) => p with { Connect = v.Boolean(p.Connect) } },
        { "port", (p, v) => p with { Port = (ushort)v.Integer(p.Port, 1, 65_535) } },
        { "password", (p, v) => p with { Password = Password(p.Password, v) } },
        { "ttl_security", (p, v) => p with { TtlSecurityHops = (byte)v.Integer(p.TtlSecurityHops, 0, 254) } },
    };

    /// <summary>The keys of the section.</summary>
    public static YamlKeys<BgpOptions> All { get; } = new()
    {
        { "listen", (o, v) => Speaker(o, s => s with { Listen = v.Node is YamlSequence { Items.Count: 0 } ? [] : v.EndPoints(s.Listen) }) },
        { "interface", (o, v) => Speaker(o, s => s with { Interface = v.OptionalText(s.Interface) }) },
        { "ipv6_only", (o, v) => Speaker(o, s => s with { IPv6Only = v.Boolean(s.IPv6Only) }) },
        { "local_as", (o, v) => Speaker(o, s => s with { LocalAs = IsAuto(v) ? 0 : v.Number(s.LocalAs, 1, uint.MaxValue) }) },
        { "router_id", (o, v) => Speaker(o, s => s with { RouterId = IsAuto(v) ? null : RouterId(s.RouterId, v) }) },
        { "hold_time", (o, v) => Speaker(o, s => s with { HoldSeconds = HoldTime(s.HoldSeconds, v) }) },
        { "max_peers", (o, v) => Speaker(o, s => s with { MaxPeers = v.Integer(s.MaxPeers, 1, 65_535) }) },
        { "max_paths_per_peer", (o, v) => o with { MaxPathsPerPeer = v.Integer((int)o.MaxPathsPerPeer, 1, int.MaxValue) } },
        { "stale_time", (o, v) => Speaker(o, s => s with { StaleSeconds = v.Seconds(s.StaleSeconds, 1, 86_400) }) },
        { "quiet_time", (o, v) => Speaker(o, s => s with { QuietSeconds = v.Seconds(s.QuietSeconds, 1, 86_400) }) },
        { "snapshot", (o, v) => o with { Snapshot = v.Boolean(o.Snapshot) } },
        { "snapshot_interval", (o, v) => o with { SnapshotSeconds = v.Seconds(o.SnapshotSeconds, 10, 86_400) } },
        { "connect_retry", (o, v) => Speaker(o, s => s with { ConnectRetrySeconds = v.Seconds(s.ConnectRetrySeconds, 1, 86_400) }) },
        { "add_path", (o, v) => Speaker(o, s => s with { AddPath = v.Boolean(s.AddPath) }) },
        { "echo_capabilities", (o, v) => Speaker(o, s => s with { EchoesFamilies = v.Boolean(s.EchoesFamilies) }) },
        { "ip_precedence", (o, v) => Speaker(o, s => s with { IpPrecedence = v.Integer(s.IpPrecedence, 0, 7) }) },
        { "receive_buffer", (o, v) => Speaker(o, s => s with { ReceiveBufferBytes = IsAuto(v) ? 0 : (int)v.Bytes(s.ReceiveBufferBytes, 1, 1 << 30) }) },
        { "numeric_origin", (o, v) => Objects(o, b => b with { NumericOrigin = v.Boolean(b.NumericOrigin) }) },
        { "with_peer_id", (o, v) => Objects(o, b => b with { WithPeerId = v.Boolean(b.WithPeerId) }) },
        { "message_log", (o, v) => o with { Outputs = BgpOutputKeys.ReadMessageLog(o.Outputs, v) } },
        { "table_dump", (o, v) => o with { Outputs = BgpOutputKeys.ReadTableDump(o.Outputs, v) } },
        { "take_all", (o, v) => Speaker(o, s => s with { TakesAll = v.Boolean(s.TakesAll) }) },
        { "allow_file", (o, v) => o with { AllowFile = v.OptionalText(o.AllowFile) } },
        { "md5_file", (o, v) => o with { Md5File = v.OptionalText(o.Md5File) } },
        { "neighbors_file", (o, v) => o with { NeighborsFile = v.OptionalText(o.NeighborsFile) } },
        { "peers", (o, v) => Speaker(o, s => s with { Peers = Peers(v) }) },
    };

    /// <summary>Looks whether the keys fit each other.</summary>
    public static BgpOptions Section(BgpOptions start, YamlValue value)
    {
        BgpOptions options = OutputKeys.Section(All, start, value);
        if (options is { Speaker: { Listen.Count: > 0, Peers.Count: 0, TakesAll: false }, AllowFile: null })
        {
            value.Findings.Error(value.Line, "bgp: there is no peer in bgp.peers, so that nobody could connect; write peers: [{address: 192.0.2.1}], a prefix such as 192.0.2.0/24, or 0.0.0.0/0 for all");
        }

        return options;
    }

    private static BgpOptions Speaker(BgpOptions options, Func<SpeakerOptions, SpeakerOptions> change) => options with { Speaker = change(options.Speaker) };

    private static BgpOptions Objects(BgpOptions options, Func<BgpObjectOptions, BgpObjectOptions> change) =>
        options with { Outputs = options.Outputs with { Objects = change(options.Outputs.Objects) } };

    private static bool IsAuto(YamlValue value) => value.Node is YamlScalar { Text: "auto" };

    private static PeerOptions Address(PeerOptions peer, YamlValue value)
    {
        if (value.Node is YamlScalar scalar && BgpPeerFiles.TryParsePrefix(scalar.Text, out IpAddress address, out byte? length))
        {
            return peer with { Address = address, PrefixLength = length };
        }

        value.Refuse("an address, such as 192.0.2.1, or a prefix, such as 192.0.2.0/24");
        return peer;
    }

    private static string? Password(string? fallback, YamlValue value)
    {
        string text = value.Text(fallback ?? "");
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxKeyLength)
        {
            value.Findings.Error(value.Line, $"{value.Path}: the kernel takes keys of at most {MaxKeyLength} bytes; write a shorter one, on the router too");
        }

        return text;
    }

    private static IpAddress? RouterId(IpAddress? fallback, YamlValue value)
    {
        if (value.Node is YamlScalar scalar && IpAddress.TryParse(scalar.Text, out IpAddress address) && address.IsIPv4 && !address.IsUnspecified)
        {
            return address;
        }

        value.Refuse("an IPv4 address, or auto");
        return fallback;
    }

    private static int HoldTime(int fallback, YamlValue value)
    {
        int seconds = value.Seconds(fallback, 0, 65_535);
        if (seconds is 1 or 2)
        {
            value.Refuse("0, or a time from 3s to 65535s (RFC 4271)");
            return fallback;
        }

        return seconds;
    }

    private static IReadOnlyList<PeerOptions> Peers(YamlValue value)
    {
        if (value.Node is not YamlSequence list)
        {
            value.Refuse("a list of peers, such as [{address: 192.0.2.1, as: 65001}]");
            return [];
        }

        List<PeerOptions> peers = [];
        for (int i = 0; i < list.Items.Count; i++)
        {
            var item = new YamlValue(list.Items[i], $"{value.Path}[{i}]", list.Items[i].Line, value.Findings);
            if (item.Section() is not { } section)
            {
                continue;
            }

            PeerOptions peer = Peer.Apply(new PeerOptions { Address = default }, section, item.Path, k => All.Contains(k) ? "in the section bgp" : null, value.Findings);
            Check(peer, section, item);
            peers.Add(peer);
        }

        return peers;
    }

    private static void Check(PeerOptions peer, YamlMapping section, YamlValue item)
    {
        if (!section.Pairs.Any(p => p.Key == "address"))
        {
            item.Findings.Error(item.Line, $"{item.Path} has no address; write address: and the router's, or a prefix");
        }

        if (peer.Connect && peer.PrefixLength is not null)
        {
            item.Findings.Error(item.Line, $"{item.Path}.connect: one cannot connect to a prefix; write address: and the router's own");
        }

        if (peer is { Connect: true, RemoteAs: 0, LocalAs: 0 })
        {
            item.Findings.Error(item.Line, $"{item.Path}.connect: who connects must know its AS number first; write as: the router's (ours is the same), or local_as:");
        }
    }
}
