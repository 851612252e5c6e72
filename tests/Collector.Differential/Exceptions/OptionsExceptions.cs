using System.Globalization;
using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>What options records tell and 1.7.7 does not know, and times that it does not read.</summary>
internal static class OptionsExceptions
{
    // Rows that their times tell apart are counted by markers.
    private static readonly string[] Times = ["timestamp_start", "timestamp_end", "purged_entries", "total_entries"];

    // Where bins are those of the flows, their times decide on bins and so on files and markers.
    private static readonly string[] Bins = ["stamp_inserted", "file", "headings", "purged_entries", "total_entries"];

    // 10.99.1.1, the exporter.
    private const ulong ScopeOfNfprobe = 0x0A63_0101;

    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        new("systemInitTimeMilliseconds of options", "pmacct-compat.md 8.1, 8.5", Times)
        {
            AppliesTo = c => IsBooted(c) && HasTimes(c),
            HoldsForPmacct = r => KnownException.Has(r, "timestamp_end", IsNoTime),
            HoldsForCollector = r => KnownException.Has(r, "timestamp_end", v => !IsNoTime(v)),
            SumsRows = true,
        },
        new("NTP form of times", "RFC 7011 6.1.9, pmacct-compat.md 8.5", Times)
        {
            AppliesTo = c => IsNtp(c) && HasTimes(c),
            HoldsForPmacct = r => KnownException.Has(r, "timestamp_end", IsNoTime),
            HoldsForCollector = r => KnownException.Has(r, "timestamp_end", v => !IsNoTime(v)),
            SumsRows = true,
        },
        // Its header's time is of the 18th of July: 1.7.7 takes an uptime seven days ahead for one of 43 days ago.
        new("first uptime beyond the header's", "quirks.md D2", Times)
        {
            AppliesTo = c => IsAhead(c) && HasTimes(c),
            HoldsForPmacct = r => IsOf(r, "2017-06-05", "149666"),
            HoldsForCollector = r => IsOf(r, "2017-07-25", "150095"),
        },
        new("bins of times that 1.7.7 does not read", "pmacct-compat.md 2.3, 8.5", Bins)
        {
            AppliesTo = c => MisreadsTimes(c) && c.HasHistory && !c.BinsByArrival,
            SumsRows = true,
        },
        // The scope of the whole system (1) in options of version 9 has the number of octets, that of an interface (2) the number of packets.
        new("scope of options taken for counters", "RFC 3954 6.1", "packets", "bytes")
        {
            AppliesTo = c => c.IsCsv && c.IsOn("nfacctd_account_options") && (c.Capture.Name.StartsWith("netflow9-nfprobe-", StringComparison.Ordinal) || c.Capture.Name == "netflow9-softflowd-live"),
            HoldsForPmacct = r => KnownException.Has(r, "packets", v => v is "0" or "3") && KnownException.Has(r, "bytes", v => ulong.Parse(v, CultureInfo.InvariantCulture) % ScopeOfNfprobe == 0),
            HoldsForCollector = r => KnownException.Has(r, "packets", v => v == "0") && KnownException.Has(r, "bytes", v => v == "0"),
        },
        // It keeps those of options under their domain and looks for them under the whole exporter only.
        new("distinguisher of options", "pmacct-compat.md 8.5", "mpls_vpn_rd")
        {
            AppliesTo = c => HasVrfs(c) && !c.IsOn("nfacctd_disable_opt_scope_check"),
            HoldsForPmacct = r => KnownException.Has(r, "mpls_vpn_rd", v => v.StartsWith("vrfid:", StringComparison.Ordinal)),
            SumsRows = true,
        },
        new("VRF without distinguisher beside others", "pmacct-compat.md 8.5", "mpls_vpn_rd")
        {
            AppliesTo = c => HasVrfs(c) && c.IsOn("nfacctd_disable_opt_scope_check"),
            HoldsForPmacct = r => KnownException.Has(r, "mpls_vpn_rd", v => !v.StartsWith("vrfid:", StringComparison.Ordinal)),
            SumsRows = true,
        },
    ];

    /// <summary>Whether 1.7.7 takes other times from the capture than it has.</summary>
    public static bool MisreadsTimes(CaseContext c) => IsBooted(c) || IsNtp(c) || IsAhead(c);

    private static bool IsBooted(CaseContext c) => c.Capture.Name is "lsc-ipfix" or "pma-403" or "pma-500" or "ipfix-softflowd-bidirectional" or "ipfix-softflowd-cooked-sll"
        or "ipfix-softflowd-fragments-ipv4" or "ipfix-softflowd-fragments-ipv6" or "ipfix-softflowd-ipv4" or "ipfix-softflowd-ipv6" or "ipfix-softflowd-mpls" or "ipfix-softflowd-sampling";

    private static bool IsNtp(CaseContext c) => c.Capture.Name is "ipfix-softflowd-microseconds" or "ipfix-softflowd-nanoseconds" or "akv-ipfix-physical-interfaces" or "pma-100";

    private static bool IsAhead(CaseContext c) => c.Capture.Name == "lsc-netflow-9-fortigate-fortios-5-2-1";

    private static bool HasVrfs(CaseContext c) => c.Capture.Name is "pma-403" or "pma-500" && c.Aggregate.Contains("mpls_vpn_rd");

    private static bool HasTimes(CaseContext c) => c.Aggregate.Contains("timestamp_start") || c.Aggregate.Contains("timestamp_end");

    private static bool IsOf(IReadOnlyList<KeyValuePair<string, string>> record, string day, string seconds)
    {
        return KnownException.Has(record, "timestamp_start", Begins) && KnownException.Has(record, "timestamp_end", Begins);

        bool Begins(string value) => value.StartsWith(day, StringComparison.Ordinal) || value.StartsWith(seconds, StringComparison.Ordinal);
    }

    private static bool IsNoTime(string value) => value.StartsWith("0000-", StringComparison.Ordinal) || value is "0" or "0.000000";
}
