using Collector.Configuration;
using Collector.Flows;

namespace Collector.Maps;

/// <summary>flow_to_rd_map: the route distinguisher, hence the VPN, of a flow (pmacct-compat §4.5, §5.3).</summary>
public sealed class FlowToRdMap
{
    private static readonly MapParser<ulong> Parser = new MapParser<ulong>(MatchKeys.FlowToRd, "id", "ip").Set(SetValue, "id");

    private readonly IdMap<ulong> _lines;

    private FlowToRdMap(IdMap<ulong> lines) => _lines = lines;

    /// <summary>Lines of the file.</summary>
    public int Count => _lines.Count;

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields => _lines.Fields;

    /// <summary>Compiles a file.</summary>
    public static FlowToRdMap Read(TextReader text, Findings findings) => new(new IdMap<ulong>(Parser.Read(text, findings)));

    /// <summary>The route distinguisher of the first line that fits, as a big-endian number; 0 (written 0:0:0) is the global table.</summary>
    public bool TryFind(in FlowRecord record, out ulong routeDistinguisher) => _lines.TryFind(in record, default, out routeDistinguisher);

    private static string? SetValue(ref ulong value, string text) =>
        RouteDistinguisherValue.TryParse(text, out value) ? null : "a route distinguisher such as 0:65512:1, 1:192.0.2.1:1, 2:4200000000:1, or 0:0:0 for the global table";
}
