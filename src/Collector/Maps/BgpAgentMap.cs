using System.Globalization;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Maps;

/// <summary>The BGP peer that a line of bgp_agent_map names.</summary>
public struct BgpAgent
{
    /// <summary>Session address or router id (bgp_ip).</summary>
    public IpAddress Address;

    /// <summary>Its TCP port (bgp_port); 0: any.</summary>
    public ushort Port;
}

/// <summary>bgp_agent_map: whose routes hold for the flows of an exporter (pmacct-compat §4.5, §5.3).</summary>
public sealed class BgpAgentMap
{
    private static readonly MapParser<BgpAgent> Parser = new MapParser<BgpAgent>(MatchKeys.BgpAgent, "bgp_ip/id", "ip")
        .Set(SetAddress, "bgp_ip", "id", "bmp_ip")
        .Set(SetPort, "bgp_port");

    private readonly IdMap<BgpAgent> _lines;

    private BgpAgentMap(IReadOnlyList<IdLine<BgpAgent>> lines)
    {
        _lines = new IdMap<BgpAgent>(lines);
        DependsOnExporterOnly = lines.All(l => l.Conditions.All(c => c.Key == MatchKey.Exporter));
    }

    /// <summary>Lines of the file.</summary>
    public int Count => _lines.Count;

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields => _lines.Fields;

    /// <summary>True when the answer for an exporter is the same for all its flows, so that it may be kept.</summary>
    public bool DependsOnExporterOnly { get; }

    /// <summary>Compiles a file.</summary>
    public static BgpAgentMap Read(TextReader text, Findings findings) => new(Parser.Read(text, findings));

    /// <summary>The peer of the first line that fits.</summary>
    public bool TryFind(in FlowRecord record, out BgpAgent agent) => _lines.TryFind(in record, default, out agent);

    private static string? SetAddress(ref BgpAgent agent, string text) =>
        IpAddress.TryParse(text, out agent.Address) ? null : "the address or the router id of the BGP peer, such as bgp_ip=192.0.2.1";

    private static string? SetPort(ref BgpAgent agent, string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out agent.Port) && agent.Port > 0 ? null : "a port from 1 to 65535";
}
