namespace Collector.Differential.Generation;

/// <summary>Draws pre_tag_map files: the match and set keys of 1.7.7, chains of lines, tags that are added up.</summary>
/// <remarks>Not bgp_nexthop: without BGP 1.7.7 gives one record two answers in two plugins. Not peer_src_as, peer_dst_as and other keys that 1.7.7 takes only beside BGP. Not return: 1.7.7 crashes at the first record that meets it. Not N++: which record gets which number follows the order of records.</remarks>
internal sealed class TagMaps(Draw draw)
{
    // Values that some of the captures have.
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["ip"] = ["0.0.0.0/0", "127.0.0.0/8", "203.0.113.0/24", "10.0.0.0/8", "::/0", "192.0.2.1", "172.16.0.0/12"],
        ["in"] = ["1", "2", "3", "7", "100", "-1", "-3", "0"],
        ["out"] = ["1", "2", "9", "200", "65534", "-1", "0"],
        ["engine_type"] = ["0", "3", "1", "-0"],
        ["engine_id"] = ["0", "1", "9", "-0"],
        ["source_id"] = ["0", "1", "42", "-7", "256"],
        ["flowset_id"] = ["256", "257", "258", "1024", "2048", "-256"],
        ["nexthop"] = ["0.0.0.0", "10.0.0.1", "-192.0.2.1"],
        ["agent_id"] = ["0", "1", "1402", "-9"],
        ["direction"] = ["0", "1", "-0"],
        ["src_as"] = ["0", "65001", "65002", "-65009"],
        ["dst_as"] = ["0", "65001", "65002", "-0"],
        ["src_mac"] = ["02:00:00:00:00:01", "-02:00:00:00:00:07", "00:00:00:00:00:00"],
        ["dst_mac"] = ["02:00:00:00:00:02", "-02:00:00:00:00:01"],
        ["vlan"] = ["0", "100", "200", "-5", "-100"],
        ["cvlan"] = ["0", "100", "-5"],
        ["mpls_pw_id"] = ["0", "7"],
        ["src_net"] = ["10.0.0.0/8", "10.1.1.0/24", "2001:db8::/32", "-192.168.0.0/16"],
        ["dst_net"] = ["10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32", "-10.0.0.0/8"],
    };

    // What nfacctd and sfacctd call it (GeneratedConfiguration).
    private static readonly string[] SampleTypes = ["{flow|0:1}", "{event|0:3}", "{option|0:2}", "-{event|0:1}"];

    private readonly Deck<string> _keys = new([.. Values.Keys, "sample_type", "filter", "filter", "filter"], draw);

    /// <summary>A map.</summary>
    public IReadOnlyList<string> Map()
    {
        int count = 2 + draw.Below(6);
        List<string> lines = ["! drawn"];
        for (int i = 0; i < count; i++)
        {
            lines.Add(Line(i, count));
        }

        if (draw.Chance(1, 2))
        {
            lines.Add(draw.Of("set_tag=999", "set_tag2=998", "set_label=rest"));
        }

        return lines;
    }

    private string Line(int index, int count)
    {
        string set = draw.Below(8) switch
        {
            0 or 1 or 2 => $"{draw.Of("set_tag", "id")}={draw.Of("1", "10", "20", "4294967296")}",
            3 or 4 => $"{draw.Of("set_tag2", "id2")}={draw.Of("2", "20", "30")}",
            5 or 6 => $"set_label={draw.Of("web", "dns", "edge-1")}",
            _ => "set_tos=7",
        };
        string[] drawn = [.. Conditions(1 + draw.Below(2))];

        // Both are one key in 1.7.7, which ignores a line that has them.
        bool bySource = drawn.Any(c => c.StartsWith("source_id", StringComparison.Ordinal));
        string conditions = string.Join(' ', drawn.Where(c => !bySource || !c.StartsWith("engine_id", StringComparison.Ordinal)));
        string chain = index + 1 < count && draw.Chance(1, 2) ? $" jeq={(draw.Chance(1, 4) ? "next" : $"l{index + 1 + draw.Below(count - index - 1)}")}" : "";
        string stack = set.StartsWith("set_tag=", StringComparison.Ordinal) && index > 0 && draw.Chance(1, 3) ? $" stack={draw.Of("sum", "or")}" : "";
        return $"{set} {conditions}{(index > 0 ? $" label=l{index}" : "")}{chain}{stack}".Replace("  ", " ", StringComparison.Ordinal);
    }

    private IEnumerable<string> Conditions(int count)
    {
        HashSet<string> used = [];
        for (int i = 0; i < count && _keys.TryDeal(k => !used.Contains(k), out string key); i++)
        {
            used.Add(key);
            yield return key switch
            {
                "filter" => $"filter='{Filters.Expression(draw)}'",
                "sample_type" => $"sample_type={draw.Of(SampleTypes)}",
                _ => $"{key}={draw.Of(Values[key])}",
            };
        }
    }
}
