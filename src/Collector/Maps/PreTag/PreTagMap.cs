using Collector.Configuration;
using Collector.Flows;

namespace Collector.Maps.PreTag;

/// <summary>pre_tag_map, compiled: tags and labels by what a flow is and where it came from. Immutable but for its counters; any thread.</summary>
internal sealed class PreTagMap
{
    private PreTagMap(IReadOnlyList<IdLine<PreTagAction>> lines, bool recirculates, Findings findings)
    {
        Lines4 = new PreTagList([.. lines.Where(l => l.HoldsFor(isIPv4: true))], isIPv4: true, findings);
        Lines6 = new PreTagList([.. lines.Where(l => l.HoldsFor(isIPv4: false) && (recirculates || l.Conditions.Any(c => c.Key == MatchKey.Exporter)))], isIPv4: false, findings);
        Count = lines.Count;
        Counts = lines.Any(l => l.Value.TagCounter is not null || l.Value.Tag2Counter is not null);
        Returns = lines.Any(l => l.Value is { Returns: true, Jump: not null });
        Fields = lines.SelectMany(l => l.Conditions).Aggregate(FlowFieldSet.Of(FlowField.ExporterAddress), (set, c) => set.Union(MatchFields.Of(c)));
    }

    /// <summary>Lines of the file.</summary>
    public int Count { get; }

    /// <summary>Lines that an IPv4 exporter can meet.</summary>
    public PreTagList Lines4 { get; }

    /// <summary>Lines that an IPv6 exporter can meet.</summary>
    public PreTagList Lines6 { get; }

    /// <summary>True when a tag depends on the order of records (set_tag=N++).</summary>
    public bool Counts { get; }

    /// <summary>True when a record may become several (return).</summary>
    public bool Returns { get; }

    /// <summary>Fields that its conditions read.</summary>
    public FlowFieldSet Fields { get; }

    /// <summary>Compiles a file.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="rules">What the configuration says.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public static PreTagMap Read(TextReader text, PreTagRules rules, Findings findings) => new(PreTagParser.Read(text, rules, findings), !rules.DontRecirculate, findings);
}

/// <summary>The lines for one family of exporters.</summary>
internal sealed class PreTagList
{
    /// <param name="lines">In the order of the file.</param>
    /// <param name="isIPv4">For IPv4 exporters: 1.7.7 knows jeq=next in their list alone.</param>
    /// <param name="findings">Told of jumps that lead nowhere.</param>
    public PreTagList(IReadOnlyList<IdLine<PreTagAction>> lines, bool isIPv4, Findings findings)
    {
        Index = new LineIndex([.. lines.Select(l => l.Conditions)]);
        Actions = [.. lines.Select(l => l.Value)];
        var named = new Dictionary<string, int>(StringComparer.Ordinal);

        // From the end, so that a name leads to the first line after the jump that bears it.
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            Actions[i].Target = Actions[i].Jump switch
            {
                null => -1,
                "next" => isIPv4 ? i + 1 : -1,
                { } name => named.GetValueOrDefault(name, -1),
            };
            if (Actions[i] is { Jump: not null, Target: < 0 })
            {
                findings.Warning(
                    lines[i].Number,
                    Actions[i].Jump == "next"
                        ? "jeq=next is left out for IPv6 exporters, as in nfacctd 1.7.7; give the next line a label to jump there for all"
                        : $"jeq={Actions[i].Jump}: no later line has label={Actions[i].Jump}; the jump is left out");
            }

            if (Actions[i].Name is { } own)
            {
                named[own] = i;
            }
        }

        NotPlain = ulong.MaxValue;
        while (Actions.Any(a => a.Tag == NotPlain))
        {
            NotPlain--;
        }

        PlainTags = [.. Actions.Select(a => a is { Tag: { } tag, TagCounter: null, Tag2: null, Label: null, Tos: null, Target: < 0 } ? tag : NotPlain)];
    }

    /// <summary>Finds lines.</summary>
    public LineIndex Index { get; }

    /// <summary>What each line does.</summary>
    public PreTagAction[] Actions { get; }

    /// <summary>The tags of lines that set one and do nothing else, <see cref="NotPlain"/> for others: small, so that a large map stays in the cache.</summary>
    public ulong[] PlainTags { get; }

    /// <summary>A value that no line sets as tag.</summary>
    public ulong NotPlain { get; }
}
