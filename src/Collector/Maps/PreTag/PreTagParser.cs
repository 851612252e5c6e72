using System.Globalization;
using System.Text;
using Collector.Configuration;

namespace Collector.Maps.PreTag;

/// <summary>Reads pre_tag_map (pmacct-compat §5.2).</summary>
internal static class PreTagParser
{
    /// <summary>Longest label of one line in bytes.</summary>
    private const int MaxLabel = 4_096;

    private static readonly MapParser<PreTagAction> Parser = new MapParser<PreTagAction>(MatchKeys.PreTag)
        .Set((ref PreTagAction a, string v) => SetTag(ref a.Tag, ref a.TagCounter, v), "set_tag", "id")
        .Set((ref PreTagAction a, string v) => SetTag(ref a.Tag2, ref a.Tag2Counter, v), "set_tag2", "id2")
        .Set(SetLabel, "set_label")
        .Set(SetTos, "set_tos")
        .Set((ref PreTagAction a, string v) => (a.Name = v) is null ? "" : null, "label")
        .Set((ref PreTagAction a, string v) => (a.Jump = v) is null ? "" : null, "jeq")
        .Set((ref PreTagAction a, string v) => bool.TryParse(v, out a.Returns) ? null : "true or false", "return")
        .Set(SetStack, "stack");

    /// <summary>The lines of a file.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="rules">What the configuration says.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public static IReadOnlyList<IdLine<PreTagAction>> Read(TextReader text, PreTagRules rules, Findings findings)
    {
        IReadOnlyList<IdLine<PreTagAction>> lines = Parser.Read(text, findings);
        foreach (IdLine<PreTagAction> line in lines)
        {
            PreTagAction action = line.Value;
            int sets = (action.Tag is null ? 0 : 1) + (action.Tag2 is null ? 0 : 1) + (action.Label is null ? 0 : 1);
            if (sets > 1)
            {
                findings.Warning(
                    line.Number,
                    "this line sets more than one of set_tag, set_tag2 and set_label; all are set here, nfacctd 1.7.7 mixes them up: chain lines with jeq to set them in both");
            }

            if (rules.LabelsAreMaps && action.Label is { } label && !IsMap(Encoding.UTF8.GetString(label)))
            {
                findings.Error(line.Number, "pre_tag_label_encode_as_map: write set_label=key%value, elements separated by commas");
            }
        }

        return rules.OriginsArePeers ? [.. lines.Select(l => l with { Conditions = [.. l.Conditions.Select(OfPeers)] })] : lines;
    }

    private static MatchCondition OfPeers(MatchCondition condition) => condition.Key switch
    {
        MatchKey.SourceAs => condition with { Key = MatchKey.PeerSourceAs },
        MatchKey.DestinationAs => condition with { Key = MatchKey.PeerDestinationAs },
        _ => condition,
    };

    private static string? SetTag(ref ulong? tag, ref TagCounter? counter, string text)
    {
        bool grows = text.EndsWith("++", StringComparison.Ordinal);
        if (!ulong.TryParse(grows ? text[..^2] : text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
        {
            return "a whole number from 0 to 18446744073709551615, with ++ behind it to count matches";
        }

        tag = value;
        counter = grows ? new TagCounter(value) : null;
        return null;
    }

    private static string? SetLabel(ref PreTagAction action, string text)
    {
        action.Label = Encoding.UTF8.GetBytes(text);
        return action.Label.Length is > 0 and <= MaxLabel ? null : $"a label of at most {MaxLabel} bytes";
    }

    private static string? SetTos(ref PreTagAction action, string text)
    {
        bool read = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte tos);
        action.Tos = tos;
        return read ? null : "a whole number from 0 to 255";
    }

    private static string? SetStack(ref PreTagAction action, string text)
    {
        action.Stack = text switch { "sum" or "+" => TagStack.Sum, "or" => TagStack.Or, _ => TagStack.Replace };
        return action.Stack == TagStack.Replace ? "sum or or" : null;
    }

    private static bool IsMap(string label) => label.Split(',').All(e => e.IndexOf('%', StringComparison.Ordinal) is > 0 and var at && at < e.Length - 1);
}
