using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Exceptions;

/// <summary>Members of printed records by the name that JSON has, of CSV too: what an exception asks of a record.</summary>
internal static class Members
{
    /// <summary>Whether the member is one of the values; true where the output has no such member.</summary>
    public static bool Is(Record record, string name, params IReadOnlyList<string> values) => Of(record, name) is not { } value || values.Contains(value);

    /// <summary>Whether nothing in the record says that it is of IPv4.</summary>
    public static bool CanBeIPv6(Record record) => Is(record, "etype", "86dd") && IsAddressOfIPv6(Of(record, "ip_src")) && IsAddressOfIPv6(Of(record, "ip_dst"));

    /// <summary>The name that CSV has.</summary>
    public static string CsvName(string json) => json switch
    {
        "ip_proto" => "PROTOCOL",
        "as_src" => "SRC_AS",
        "as_dst" => "DST_AS",
        "ip_src" => "SRC_IP",
        "ip_dst" => "DST_IP",
        "peer_ip_src" => "PEER_SRC_IP",
        "peer_ip_dst" => "PEER_DST_IP",
        "peer_as_src" => "PEER_SRC_AS",
        "peer_as_dst" => "PEER_DST_AS",
        "net_src" => "SRC_NET",
        "net_dst" => "DST_NET",
        "mask_src" => "SRC_MASK",
        "mask_dst" => "DST_MASK",
        "port_src" => "SRC_PORT",
        "port_dst" => "DST_PORT",
        "mac_src" => "SRC_MAC",
        "mac_dst" => "DST_MAC",
        _ when json.StartsWith(Tunnel, StringComparison.Ordinal) => "TUNNEL_" + CsvName(json[Tunnel.Length..]),
        _ => json.ToUpperInvariant(),
    };

    private const string Tunnel = "tunnel_";

    // Text of JSON is quoted, CSV's is not.
    private static string? Of(Record record, string name)
    {
        string csv = CsvName(name);
        return record.FirstOrDefault(m => m.Key == name || m.Key == csv).Value?.Trim('"');
    }

    private static bool IsAddressOfIPv6(string? address) => address is null || address.Contains(':', StringComparison.Ordinal);
}
