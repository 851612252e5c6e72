using System.Buffers;
using System.Buffers.Text;
using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Net;
using Collector.Output;

namespace Collector.BgpOutputs;

/// <summary>pmacct's JSON objects about a peer and its routes, for the message log and for table dumps (pmacct-compat §6.3, §6.4), with its keys in its order.</summary>
/// <remarks>One object a call, without newline. Not thread-safe: one per thread.</remarks>
public sealed class BgpObjectWriter
{
    private readonly BgpObjectOptions _options;
    private readonly TimestampText _times;
    private readonly AttributeTable _attributes;
    private readonly byte[] _scratch = new byte[512];
    private byte[] _list = new byte[4096];

    /// <summary>Makes a writer.</summary>
    /// <param name="options">How values are printed.</param>
    /// <param name="attributes">Resolves what routes hold.</param>
    /// <param name="zone">The zone without timestamps_utc; null: that of the system.</param>
    public BgpObjectWriter(BgpObjectOptions options, AttributeTable attributes, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _attributes = attributes;

        // timestamps_secs has no effect on the objects of BGP (pmacct-compat §2.1).
        _times = new TimestampText(options.Text with { Seconds = false }, zone);
    }

    /// <summary>log_init and log_close.</summary>
    public void WriteSession(IBufferWriter<byte> to, long sequence, long microseconds, PeerDescription peer, BgpTag tag, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> writerId)
    {
        Raw(to, "{\"seq\": "u8);
        Number(to, (ulong)sequence);
        Timestamp(to, microseconds, withFraction: true);
        Address(to, ", \"peer_ip_src\": \""u8, peer.Address, peer.Address.IsIPv4);

        // Before the port here, behind it in all other objects.
        Tag(to, tag);
        Raw(to, ", \"peer_tcp_port\": "u8);
        Number(to, peer.Port);
        Text(to, ", \"event_type\": \""u8, eventType);
        End(to, writerId);
    }

    /// <summary>The object of a route that was announced, withdrawn or deleted.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="sequence">The running number of the daemon.</param>
    /// <param name="microseconds">When, since the Unix epoch.</param>
    /// <param name="peer">Whose route.</param>
    /// <param name="tag">What bgp_daemon_tag_map says.</param>
    /// <param name="logType">update, withdraw or delete.</param>
    /// <param name="route">The route; its attributes must be good during the call.</param>
    /// <param name="writerId">The last value; empty leaves the key out.</param>
    public void WriteLog(IBufferWriter<byte> to, long sequence, long microseconds, PeerDescription peer, BgpTag tag, ReadOnlySpan<byte> logType, in RouteEntry route, ReadOnlySpan<byte> writerId)
    {
        Raw(to, "{\"seq\": "u8);
        Number(to, (ulong)sequence);
        Text(to, ", \"log_type\": \""u8, logType);
        Timestamp(to, microseconds, withFraction: true);
        Route(to, peer, tag, "log"u8, route, writerId);
    }

    /// <summary>The object of a route in a table dump.</summary>
    public void WriteDump(IBufferWriter<byte> to, long sequence, long microseconds, PeerDescription peer, BgpTag tag, in RouteEntry route, ReadOnlySpan<byte> writerId)
    {
        Raw(to, "{\"seq\": "u8);
        Number(to, (ulong)sequence);
        Timestamp(to, microseconds, withFraction: false);
        Route(to, peer, tag, "dump"u8, route, writerId);
    }

    /// <summary>dump_init: a peer's table follows.</summary>
    public void WriteDumpInit(IBufferWriter<byte> to, long sequence, long microseconds, PeerDescription peer, BgpTag tag, int periodSeconds, ReadOnlySpan<byte> writerId)
    {
        DumpEvent(to, microseconds, peer, tag, "dump_init"u8);
        Raw(to, ", \"dump_period\": "u8);
        Number(to, (ulong)periodSeconds);
        Raw(to, ", \"seq\": "u8);
        Number(to, (ulong)sequence);
        End(to, writerId);
    }

    /// <summary>dump_close: the peer's table is complete.</summary>
    public void WriteDumpClose(IBufferWriter<byte> to, long sequence, long microseconds, PeerDescription peer, BgpTag tag, long entries, ReadOnlySpan<byte> writerId)
    {
        DumpEvent(to, microseconds, peer, tag, "dump_close"u8);
        Raw(to, ", \"entries\": "u8);
        Number(to, (ulong)entries);
        Raw(to, ", \"tables\": 1, \"seq\": "u8);
        Number(to, (ulong)sequence);
        End(to, writerId);
    }

    private void DumpEvent(IBufferWriter<byte> to, long microseconds, PeerDescription peer, BgpTag tag, ReadOnlySpan<byte> eventType)
    {
        Raw(to, "{\"timestamp\": \""u8);
        Raw(to, _scratch.AsSpan(0, _times.WriteSeconds(microseconds / 1_000_000, _scratch)));
        Raw(to, "\""u8);
        Address(to, ", \"peer_ip_src\": \""u8, peer.Address, peer.Address.IsIPv4);
        Raw(to, ", \"peer_tcp_port\": "u8);
        Number(to, peer.Port);
        Tag(to, tag);
        Text(to, ", \"event_type\": \""u8, eventType);
    }

    private void Route(IBufferWriter<byte> to, PeerDescription peer, BgpTag tag, ReadOnlySpan<byte> eventType, in RouteEntry route, ReadOnlySpan<byte> writerId)
    {
        Nlri nlri = route.Nlri;
        Address(to, ", \"peer_ip_src\": \""u8, peer.Address, peer.Address.IsIPv4);
        Raw(to, ", \"peer_tcp_port\": "u8);
        Number(to, peer.Port);
        if (_options.WithPeerId)
        {
            Address(to, ", \"peer_id\": \""u8, peer.RouterId, asIPv4: true);
        }

        Tag(to, tag);
        Text(to, ", \"event_type\": \""u8, eventType);
        Raw(to, ", \"afi\": "u8);
        Number(to, nlri.Family.AddressFamily());
        Raw(to, ", \"safi\": "u8);
        Number(to, nlri.Family.SubsequentAddressFamily());
        Raw(to, ", \"ip_prefix\": \""u8);
        Raw(to, _scratch.AsSpan(0, IpAddressText.Write(nlri.Prefix, nlri.Family.IsIPv4(), _scratch)));
        Raw(to, "/"u8);
        Number(to, nlri.Length);
        Raw(to, "\""u8);
        if (peer.HasAddPath(nlri.Family) && !nlri.Family.IsVpn())
        {
            Raw(to, ", \"as_path_id\": "u8);
            Number(to, nlri.PathId);
        }

        Attributes(to, _attributes[route.Attributes]);
        Distinguisher(to, nlri);
        if (nlri.Label != 0)
        {
            Raw(to, _options.Text.Pmacct17 ? ", \"label\": \""u8 : ", \"mpls_label\": \""u8);
            Number(to, nlri.Label);
            Raw(to, "\""u8);
        }

        End(to, writerId);
    }

    private void Attributes(IBufferWriter<byte> to, in RouteAttributes set)
    {
        Address(to, ", \"bgp_nexthop\": \""u8, set.NextHop, set.NextHop.IsIPv4);
        ReadOnlySpan<byte> path = _attributes.Value(set.AsPath);
        Span<byte> text = Scratch(AsPathText.MaxLength(path.Length));
        Text(to, ", \"as_path\": \""u8, text[..AsPathText.Write(path, (byte)' ', 0, text)]);
        Communities(to, ", \"comms\": \""u8, CommunityKind.Standard, set.StandardCommunities);
        Communities(to, ", \"ecomms\": \""u8, CommunityKind.Extended, set.ExtendedCommunities);
        Communities(to, ", \"lcomms\": \""u8, CommunityKind.Large, set.LargeCommunities);
        Raw(to, ", \"origin\": "u8);
        Raw(to, (_options.NumericOrigin, set.Origin) switch
        {
            (true, 0) => "0"u8,
            (true, 1) => "1"u8,
            (true, _) => "2"u8,
            (_, 0) => "\"i\""u8,
            (_, 1) => "\"e\""u8,
            _ => "\"u\""u8,
        });
        Optional(to, ", \"local_pref\": "u8, set.Present, AttributeFlags.LocalPreference, set.LocalPreference);
        Optional(to, ", \"med\": "u8, set.Present, AttributeFlags.Med, set.Med);
        Optional(to, ", \"aigp\": "u8, set.Present, AttributeFlags.Aigp, set.Aigp);
        if (!_options.Text.Pmacct17)
        {
            Optional(to, ", \"otc\": "u8, set.Present, AttributeFlags.OnlyToCustomer, set.OnlyToCustomer);
        }
    }

    private void Distinguisher(IBufferWriter<byte> to, in Nlri nlri)
    {
        if (!nlri.Family.IsVpn())
        {
            return;
        }

        Raw(to, ", \"rd\": \""u8);
        Raw(to, _scratch.AsSpan(0, RouteDistinguisherText.Write(nlri.RouteDistinguisher, _scratch)));
        Raw(to, "\", \"rd_origin\": \"bgp\""u8);
    }

    private void Communities(IBufferWriter<byte> to, ReadOnlySpan<byte> key, CommunityKind kind, uint value)
    {
        if (value == 0)
        {
            return;
        }

        ReadOnlySpan<byte> list = _attributes.Value(value);
        Span<byte> text = Scratch(CommunityText.MaxLength(kind, list.Length));
        Text(to, key, text[..CommunityText.Write(kind, list, (byte)' ', _options.NumericCommunities, null, text)]);
    }

    private static void Optional(IBufferWriter<byte> to, ReadOnlySpan<byte> key, AttributeFlags present, AttributeFlags flag, ulong value)
    {
        if ((present & flag) != 0)
        {
            Raw(to, key);
            Number(to, value);
        }
    }

    private void Tag(IBufferWriter<byte> to, BgpTag tag)
    {
        if (tag.HasTag)
        {
            Raw(to, ", \"tag\": "u8);
            Number(to, tag.Tag);
        }

        if (tag.Label is { } label)
        {
            Raw(to, ", \"label\": "u8);
            Span<byte> text = to.GetSpan(JsonText.MaxLength(label.Length));
            to.Advance(_options.Text.LabelsAsMap ? JsonLabelMap.Write(label, text) : JsonText.WriteString(label, text));
        }
    }

    private void Timestamp(IBufferWriter<byte> to, long microseconds, bool withFraction)
    {
        int length = withFraction ? _times.WriteMicroseconds(microseconds, _scratch) : _times.WriteSeconds(microseconds / 1_000_000, _scratch);
        Text(to, ", \"timestamp\": \""u8, _scratch.AsSpan(0, length));
    }

    private void Address(IBufferWriter<byte> to, ReadOnlySpan<byte> key, IpAddress address, bool asIPv4) =>
        Text(to, key, _scratch.AsSpan(0, IpAddressText.Write(address, asIPv4, _scratch)));

    private static void Text(IBufferWriter<byte> to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Raw(to, key);
        Raw(to, value);
        Raw(to, "\""u8);
    }

    private static void End(IBufferWriter<byte> to, ReadOnlySpan<byte> writerId)
    {
        if (!writerId.IsEmpty)
        {
            Raw(to, ", \"writer_id\": "u8);
            Span<byte> text = to.GetSpan(JsonText.MaxLength(writerId.Length));
            to.Advance(Math.Max(0, JsonText.WriteString(writerId, text)));
        }

        Raw(to, "}"u8);
    }

    private static void Raw(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes) => to.Write(bytes);

    private static void Number(IBufferWriter<byte> to, ulong value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(20), out int written);
        to.Advance(written);
    }

    private Span<byte> Scratch(int length)
    {
        if (_list.Length < length)
        {
            _list = new byte[length];
        }

        return _list;
    }
}
