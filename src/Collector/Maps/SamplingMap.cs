using System.Globalization;
using Collector.Configuration;
using Collector.Flows;

namespace Collector.Maps;

/// <summary>sampling_map: the sampling interval by exporter and interface, where exporters do not say it (pmacct-compat §5.3, §8.3).</summary>
public sealed class SamplingMap
{
    private static readonly MapParser<uint> Parser = new MapParser<uint>(MatchKeys.Sampling, "id", "ip").Set(SetRate, "id");

    private readonly IdMap<uint> _lines;

    private SamplingMap(IdMap<uint> lines) => _lines = lines;

    /// <summary>Lines of the file.</summary>
    public int Count => _lines.Count;

    /// <summary>Fields that it reads.</summary>
    public FlowFieldSet Fields => _lines.Fields;

    /// <summary>Compiles a file.</summary>
    public static SamplingMap Read(TextReader text, Findings findings) => new(new IdMap<uint>(Parser.Read(text, findings)));

    /// <summary>The interval of the first line that fits.</summary>
    public bool TryFind(in FlowRecord record, out uint interval) => _lines.TryFind(in record, default, out interval);

    private static string? SetRate(ref uint rate, string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate > 0 ? null : "one in how many packets is sampled, such as id=1000";
}
