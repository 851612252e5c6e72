using System.Text;

namespace Collector.Output;

/// <summary>pmacct's table of IP protocol names; what is not in it prints as its number.</summary>
internal static class ProtocolNames
{
    private static readonly (byte Number, string Name)[] Named =
    [
        (1, "icmp"), (2, "igmp"), (3, "ggp"), (4, "ipencap"), (6, "tcp"), (8, "egp"), (9, "igp"), (17, "udp"), (18, "mux"),
        (41, "ipv6"), (43, "ipv6-route"), (44, "ipv6-frag"), (46, "rsvp"), (47, "gre"), (50, "esp"), (51, "ah"), (55, "mobile"),
        (56, "tlsp"), (58, "ipv6-icmp"), (59, "ipv6-nonxt"), (60, "ipv6-opts"), (80, "iso-ip"), (83, "vines"), (88, "eigrp"),
        (89, "ospf"), (91, "larp"), (93, "ax.25"), (94, "ipip"), (98, "encap"), (102, "pnni"), (103, "pim"), (108, "IPcomp"),
        (111, "ipx-in-ip"), (112, "vrrp"), (115, "l2tp"), (124, "isis"), (132, "sctp"), (133, "fc"),
    ];

    private static readonly (byte Number, string Name)[] NamedSince18 = [(143, "ethernet"), (255, "others")];

    /// <summary>The text of every protocol number.</summary>
    /// <param name="pmacct17">The dialect.</param>
    /// <param name="numeric">num_protos: numbers only.</param>
    public static byte[][] Build(bool pmacct17, bool numeric)
    {
        string[] texts = [.. Enumerable.Range(0, 256).Select(n => n.ToString())];
        if (!numeric)
        {
            foreach ((byte number, string name) in pmacct17 ? Named : [.. Named, .. NamedSince18])
            {
                texts[number] = name;
            }
        }

        return [.. texts.Select(Encoding.ASCII.GetBytes)];
    }
}
