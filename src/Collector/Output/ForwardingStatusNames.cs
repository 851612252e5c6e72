using System.Text;

namespace Collector.Output;

/// <summary>forwardingStatus (RFC 7270 §4.12) as pmacct prints it.</summary>
internal static class ForwardingStatusNames
{
    private static readonly string[] Statuses = ["UNKNOWN", "FORWARDED", "DROPPED", "CONSUMED"];

    private static readonly (byte Code, string Reason)[] Reasons =
    [
        (64, "Unknown"), (65, "Fragmented"), (66, "Not Fragmented"),
        (128, "Unknown"), (129, "ACL deny"), (130, "ACL drop"), (131, "Unroutable"), (132, "Adjacency"), (133, "Fragmentation and DF set"),
        (134, "Bad header checksum"), (135, "Bad total Length"), (136, "Bad header length"), (137, "bad TTL"), (138, "Policer"), (139, "WRED"),
        (140, "RPF"), (141, "For us"), (142, "Bad output interface"), (143, "Hardware"),
        (192, "Unknown"), (193, "Punt Adjacency"), (194, "Incomplete Adjacency"), (195, "For us"),
    ];

    /// <summary>The text of every code.</summary>
    /// <param name="words">fwd_status_encode_as_string; otherwise the decimal number.</param>
    public static byte[][] Build(bool words)
    {
        Dictionary<int, string> reasons = Reasons.ToDictionary(r => (int)r.Code, r => r.Reason);
        return
        [
            .. Enumerable.Range(0, 256)
                .Select(code => words ? $"{Statuses[code >> 6]} {reasons.GetValueOrDefault(code, "Unclassified")}" : code.ToString())
                .Select(Encoding.ASCII.GetBytes),
        ];
    }
}
