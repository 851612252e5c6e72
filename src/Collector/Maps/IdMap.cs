using Collector.Flows;

namespace Collector.Maps;

/// <summary>A compiled map of which the first line that fits a record gives a value. Immutable; any thread; a lookup never allocates.</summary>
/// <remarks>Lines are kept apart by the family of the exporter, as in pmacct: an IPv4 exporter never meets a line with an IPv6 `ip`.</remarks>
/// <typeparam name="T">What a line sets.</typeparam>
internal sealed class IdMap<T>
{
    private readonly LineIndex _index4, _index6;
    private readonly T[] _values4, _values6;

    /// <param name="lines">In the order of the file.</param>
    public IdMap(IReadOnlyList<IdLine<T>> lines)
    {
        IdLine<T>[] four = [.. lines.Where(l => l.HoldsFor(isIPv4: true))], six = [.. lines.Where(l => l.HoldsFor(isIPv4: false))];
        _index4 = new LineIndex([.. four.Select(l => l.Conditions)]);
        _index6 = new LineIndex([.. six.Select(l => l.Conditions)]);
        _values4 = [.. four.Select(l => l.Value)];
        _values6 = [.. six.Select(l => l.Value)];
        Count = lines.Count;
        Fields = lines.SelectMany(l => l.Conditions).Aggregate(FlowFieldSet.Of(FlowField.ExporterAddress), (set, c) => set.Union(MatchFields.Of(c)));
    }

    /// <summary>Lines of the file.</summary>
    public int Count { get; }

    /// <summary>Fields that its conditions read.</summary>
    public FlowFieldSet Fields { get; }

    /// <summary>The value of the first line that fits.</summary>
    public bool TryFind(in FlowRecord record, in BgpMatchValues bgp, out T value)
    {
        bool isIPv4 = record.ExporterAddress.IsIPv4;
        int line = (isIPv4 ? _index4 : _index6).Find(new MatchInput(in record, in bgp, null), 0);
        value = line == LineIndex.None ? default! : (isIPv4 ? _values4 : _values6)[line];
        return line != LineIndex.None;
    }
}

/// <summary>One line of such a map.</summary>
/// <param name="Number">The line in the file.</param>
/// <param name="Conditions">All must hold.</param>
/// <param name="Value">What it sets.</param>
internal sealed record IdLine<T>(int Number, IReadOnlyList<MatchCondition> Conditions, T Value)
{
    /// <summary>True when an exporter of the family can meet the line: all can when it names none.</summary>
    public bool HoldsFor(bool isIPv4) =>
        !Conditions.Any(c => c.Key == MatchKey.Exporter) || Conditions.Any(c => c.Key == MatchKey.Exporter && (c.Length >= 96 && c.Address.IsIPv4) == isIPv4);
}
