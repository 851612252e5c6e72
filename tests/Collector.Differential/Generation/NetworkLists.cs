namespace Collector.Differential.Generation;

/// <summary>Draws networks_file lists around the addresses of the captures.</summary>
internal static class NetworkLists
{
    // Only IPv4: 1.7.7 takes IPv6 addresses for those of networks that they are not in. And none whose address is zero, which it takes for none.
    private static readonly string[] Networks =
        ["10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "10.1.1.128/25", "192.168.0.0/16", "172.16.0.0/12", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/3", "10.0.0.1/32"];

    /// <summary>Lines with and without AS numbers and next hops.</summary>
    public static IReadOnlyList<string> List(Draw draw) =>
        ["# drawn", .. draw.Some(Networks, 3 + draw.Below(6)).Select(n => Line(n, draw))];

    private static string Line(string network, Draw draw) => draw.Below(5) switch
    {
        0 => network,
        1 => $"{64_500 + draw.Below(9)},{network}",
        2 or 3 => $"{64_600 + draw.Below(9)}_{64_700 + draw.Below(9)},{network}",
        _ => $"10.9.9.9,{64_800 + draw.Below(9)},{network}",
    };
}
