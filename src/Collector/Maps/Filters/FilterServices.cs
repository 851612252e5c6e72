using System.Globalization;

namespace Collector.Maps.Filters;

/// <summary>Ports by the names that filters use (IANA service-names).</summary>
internal static class FilterServices
{
    private static readonly Dictionary<string, ushort> Ports = new (string Name, ushort Number)[]
    {
        ("echo", 7), ("discard", 9), ("ftp-data", 20), ("ftp", 21), ("ssh", 22), ("telnet", 23), ("smtp", 25), ("whois", 43), ("tacacs", 49),
        ("domain", 53), ("bootps", 67), ("bootpc", 68), ("tftp", 69), ("gopher", 70), ("finger", 79), ("http", 80), ("www", 80), ("kerberos", 88),
        ("pop3", 110), ("sunrpc", 111), ("auth", 113), ("nntp", 119), ("ntp", 123), ("netbios-ns", 137), ("netbios-dgm", 138),
        ("netbios-ssn", 139), ("imap2", 143), ("imap", 143), ("snmp", 161), ("snmp-trap", 162), ("bgp", 179), ("irc", 194), ("ldap", 389),
        ("https", 443), ("microsoft-ds", 445), ("isakmp", 500), ("syslog", 514), ("submission", 587), ("ldaps", 636), ("domain-s", 853),
        ("rsync", 873), ("imaps", 993), ("pop3s", 995), ("openvpn", 1194), ("l2f", 1701), ("radius", 1812), ("nfs", 2049), ("mysql", 3306),
        ("sip", 5060), ("postgresql", 5432),
    }.ToDictionary(n => n.Name, n => n.Number, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a number or a name.</summary>
    public static bool TryParse(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || Ports.TryGetValue(text, out port);
}
