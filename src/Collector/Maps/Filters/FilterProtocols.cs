using System.Globalization;

namespace Collector.Maps.Filters;

/// <summary>IP protocols by name (IANA protocol-numbers, as in /etc/protocols).</summary>
internal static class FilterProtocols
{
    private static readonly Dictionary<string, byte> Numbers = new (string Name, byte Number)[]
    {
        ("ip", 0), ("icmp", 1), ("igmp", 2), ("ggp", 3), ("ipencap", 4), ("st", 5), ("tcp", 6), ("egp", 8), ("igp", 9), ("igrp", 9),
        ("pup", 12), ("udp", 17), ("hmp", 20), ("xns-idp", 22), ("rdp", 27), ("iso-tp4", 29), ("dccp", 33), ("xtp", 36), ("ddp", 37),
        ("ipv6", 41), ("ipv6-route", 43), ("ipv6-frag", 44), ("idrp", 45), ("rsvp", 46), ("gre", 47), ("esp", 50), ("ipsec-esp", 50),
        ("ah", 51), ("ipsec-ah", 51), ("skip", 57), ("icmp6", 58), ("ipv6-icmp", 58), ("ipv6-nonxt", 59), ("ipv6-opts", 60),
        ("eigrp", 88), ("ospf", 89), ("ipip", 94), ("etherip", 97), ("encap", 98), ("pim", 103), ("ipcomp", 108), ("vrrp", 112),
        ("l2tp", 115), ("isis", 124), ("sctp", 132), ("fc", 133), ("udplite", 136), ("mpls-in-ip", 137),
    }.ToDictionary(n => n.Name, n => n.Number, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number or a name.</summary>
    public static bool TryParse(string text, out byte number) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) || Numbers.TryGetValue(text.TrimStart('\\'), out number);
}
