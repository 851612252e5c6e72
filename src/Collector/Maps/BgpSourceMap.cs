using System.Globalization;
using Collector.Configuration;
using Collector.Flows;

namespace Collector.Maps;

/// <summary>What a line of <see cref="BgpSourceMap"/> says.</summary>
public struct BgpSourceValue
{
    /// <summary>The number; 0 when <see cref="FromRoute"/>.</summary>
    public uint Number;

    /// <summary>id=bgp: what the route to the source says.</summary>
    public bool FromRoute;
}

/// <summary>bgp_peer_src_as_map, bgp_src_local_pref_map and bgp_src_med_map: a BGP value of the source by where the flow came in (pmacct-compat §5.3).</summary>
public sealed class BgpSourceMap
{
    private static readonly MapParser<BgpSourceValue> Parser = new MapParser<BgpSourceValue>(MatchKeys.BgpSource, "id", "ip").Set(SetNumber, "id");

    private readonly IdMap<BgpSourceValue> _lines;

    private BgpSourceMap(IdMap<BgpSourceValue> lines) => _lines = lines;

    /// <summary>Lines of the file.</summary>
    public int Count => _lines.Count;

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields => _lines.Fields;

    /// <summary>Compiles a file.</summary>
    public static BgpSourceMap Read(TextReader text, Findings findings) => new(new IdMap<BgpSourceValue>(Parser.Read(text, findings)));

    /// <summary>The value of the first line that fits.</summary>
    /// <param name="record">The record.</param>
    /// <param name="bgp">The route to its source.</param>
    /// <param name="value">The value.</param>
    public bool TryFind(in FlowRecord record, in BgpMatchValues bgp, out BgpSourceValue value) => _lines.TryFind(in record, in bgp, out value);

    private static string? SetNumber(ref BgpSourceValue value, string text)
    {
        value.FromRoute = text == "bgp";
        return value.FromRoute || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value.Number) ? null : "a number, or bgp for what the route says";
    }
}
