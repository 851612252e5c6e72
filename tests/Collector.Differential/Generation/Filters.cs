namespace Collector.Differential.Generation;

/// <summary>Draws filters of packets, for maps and outputs.</summary>
internal static class Filters
{
    private static readonly string[] Terms =
    [
        "tcp", "udp", "icmp", "icmp6", "ip", "ip6", "dst port 443", "src port 53", "port 80", "udp port 53", "tcp dst port 22", "src portrange 1024-40000",
        "net 10.0.0.0/8", "src net 10.1.0.0/16", "dst net 192.168.0.0/16", "src host 10.1.1.1", "proto 17", "ip proto 6", "src net 10", "dst portrange 1-1023",
    ];

    /// <summary>A term, or two or three joined.</summary>
    public static string Expression(Draw draw) => draw.Below(5) switch
    {
        0 => $"not ({draw.Of(Terms)} or {draw.Of(Terms)})",
        1 => $"{draw.Of(Terms)} and {draw.Of(Terms)}",
        2 => $"{draw.Of(Terms)} or {draw.Of(Terms)} and not {draw.Of(Terms)}",
        3 => $"({draw.Of(Terms)} or {draw.Of(Terms)}) and {draw.Of(Terms)}",
        _ => draw.Of(Terms),
    };
}
