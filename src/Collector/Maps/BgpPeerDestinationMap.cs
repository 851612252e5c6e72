using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Maps;

/// <summary>bgp_peer_dst_ip_map: the BGP next hop that stands for a next hop of the flow, such as the tail end of a tunnel (pmacct-compat §5.3).</summary>
public sealed class BgpPeerDestinationMap
{
    private static readonly MapParser<IpAddress> Parser = new MapParser<IpAddress>(MatchKeys.BgpPeerDestination, "id", "bgp_nexthop").Set(SetAddress, "id");

    private readonly IdMap<IpAddress> _lines;

    private BgpPeerDestinationMap(IdMap<IpAddress> lines) => _lines = lines;

    /// <summary>Lines of the file.</summary>
    public int Count => _lines.Count;

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields => _lines.Fields;

    /// <summary>Compiles a file.</summary>
    public static BgpPeerDestinationMap Read(TextReader text, Findings findings) => new(new IdMap<IpAddress>(Parser.Read(text, findings)));

    /// <summary>The address of the first line whose bgp_nexthop is the next hop of the record.</summary>
    public bool TryFind(in FlowRecord record, out IpAddress address) => _lines.TryFind(in record, default, out address);

    private static string? SetAddress(ref IpAddress address, string text) =>
        IpAddress.TryParse(text, out address) ? null : "the BGP next hop that it stands for, such as id=192.0.2.1";
}
