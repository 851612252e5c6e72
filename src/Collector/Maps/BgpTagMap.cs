using Collector.BgpOutputs;
using Collector.Configuration;
using Collector.Maps.PreTag;
using Collector.Net;

namespace Collector.Maps;

/// <summary>bgp_daemon_tag_map: tags and labels of the objects about BGP peers and their routes (pmacct-compat §5.3). Immutable but for its counters; any thread.</summary>
/// <remarks>
/// The syntax is that of pre_tag_map, with ip (the address of the peer) and comms (communities of the route) to match, so one file may serve as both:
/// lines that ask for what only flows have are left out with a warning.
/// </remarks>
public sealed class BgpTagMap
{
    private readonly Lines _lines4, _lines6;

    private BgpTagMap(IReadOnlyList<IdLine<PreTagAction>> lines, Findings findings)
    {
        _lines4 = new Lines([.. lines.Where(l => l.HoldsFor(isIPv4: true))], findings);
        _lines6 = new Lines([.. lines.Where(l => l.HoldsFor(isIPv4: false))], findings);
        Count = lines.Count;
        ByRoute = lines.Any(l => l.Conditions.Any(c => c.Key == MatchKey.Communities) || l.Value.TagCounter is not null);
    }

    /// <summary>Lines that are in force.</summary>
    public int Count { get; }

    /// <summary>True when two objects about one peer may differ: lines with comms, or with set_tag=N++.</summary>
    public bool ByRoute { get; }

    /// <summary>Compiles a file.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="labelsAreMaps">pre_tag_label_encode_as_map: every element of a label must be key%value.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public static BgpTagMap Read(TextReader text, bool labelsAreMaps, Findings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return new BgpTagMap([.. PreTagParser.Read(text, new PreTagRules { LabelsAreMaps = labelsAreMaps }, findings).Where(l => IsAboutBgp(l, findings))], findings);
    }

    /// <summary>What the first line that fits says, and those that its jeq leads to.</summary>
    /// <param name="peer">The address of the session.</param>
    /// <param name="communities">The route's standard communities as text with blanks between them; empty for a session.</param>
    public BgpTag Find(IpAddress peer, ReadOnlySpan<byte> communities)
    {
        Lines lines = peer.IsIPv4 ? _lines4 : _lines6;
        BgpTag tag = default;

        // Jumps only lead forward.
        for (int line = lines.Find(peer, communities, 0); line >= 0;)
        {
            ref readonly PreTagAction action = ref lines.Actions[line];
            if (action.Tag is not null)
            {
                tag = tag with { Tag = Tagger.Combine(action.Stack, action.NextTag(), tag.Tag), HasTag = true };
            }

            if (action.Label is not null)
            {
                tag = tag with { Label = tag.Label is null ? action.Label : [.. tag.Label, (byte)',', .. action.Label] };
            }

            line = action.Target < 0 ? -1 : lines.Find(peer, communities, action.Target);
        }

        return tag;
    }

    private static bool IsAboutBgp(IdLine<PreTagAction> line, Findings findings)
    {
        bool isAbout = line.Conditions.All(c => c.Key is MatchKey.Exporter or MatchKey.Communities)
            && line.Value is { Tag2: null, Tos: null, Returns: false } && (line.Value.Tag is not null || line.Value.Label is not null || line.Value.Jump is not null);
        if (!isAbout)
        {
            findings.Warning(line.Number, "this line is left out: peers and routes are matched by ip and comms, and have set_tag and set_label, label and jeq; other keys are for flows");
        }

        return isAbout;
    }

    private sealed class Lines
    {
        private readonly MatchCondition[][] _conditions;

        public Lines(IReadOnlyList<IdLine<PreTagAction>> lines, Findings findings)
        {
            _conditions = [.. lines.Select(l => l.Conditions.ToArray())];
            Actions = new PreTagList(lines, isIPv4: true, findings).Actions;
        }

        public PreTagAction[] Actions { get; }

        public int Find(IpAddress peer, ReadOnlySpan<byte> communities, int from)
        {
            for (int line = from; line < _conditions.Length; line++)
            {
                if (Hold(_conditions[line], peer, communities))
                {
                    return line;
                }
            }

            return -1;
        }

        private static bool Hold(MatchCondition[] conditions, IpAddress peer, ReadOnlySpan<byte> communities)
        {
            foreach (ref readonly MatchCondition condition in conditions.AsSpan())
            {
                bool holds = condition.Patterns is { } patterns ? patterns.Match(communities) : MatchCondition.Masked(peer, condition.Length) == condition.Address;
                if (holds == condition.IsNegated)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
