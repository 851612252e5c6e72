namespace Collector.Differential.Generation;

/// <summary>Draws networks_file lists around the addresses of the captures.</summary>
internal static class NetworkLists
{
    // nfacctd takes a single IPv6 network for all addresses, so there are several; and one whose address is zero for none.
    private static readonly string[] Networks =
        ["10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "10.1.1.128/25", "192.168.0.0/16", "172.16.0.0/12", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/3", "10.0.0.1/32"];

    private static readonly string[] NetworksOfIPv6 = ["2001:db8::/32", "2001:db8:1::/48", "2000::/3", "fe80::/10", "fc00::/7"];

    /// <summary>Lines with and without AS numbers and next hops.</summary>
    public static IReadOnlyList<string> List(Draw draw) =>
        ["# drawn", .. draw.Shuffled([.. draw.Some(Networks, 3 + draw.Below(5)), .. draw.Some(NetworksOfIPv6, 2 + draw.Below(3))]).Select(n => Line(n, draw))];

    private static string Line(string network, Draw draw) => draw.Below(5) switch
    {
        0 => network,
        1 => $"{64_500 + draw.Below(9)},{network}",
        2 or 3 => $"{64_600 + draw.Below(9)}_{64_700 + draw.Below(9)},{network}",
        _ => $"{(network.Contains(':', StringComparison.Ordinal) ? "2001:db8:ffff::1" : "10.9.9.9")},{64_800 + draw.Below(9)},{network}",
    };
}
