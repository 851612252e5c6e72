using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from pmacct 1.7.7 in the matrix. A row that no case needs is an error.</summary>
internal static class KnownExceptions
{
    private static readonly string[] OfPlaces =
        ["src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode", "src_host_coords", "dst_host_coords"];

    /// <summary>Where nothing can be compared: the core looks for the place of an address in the packet that it makes up, which behind labels only filters make it finish.</summary>
    public static KnownException Crash { get; } = new("1.7.7 crashes at places behind MPLS labels", "DESIGN.md 4")
    {
        AppliesTo = c => !c.Configuration.HasFilter && c.Configuration.Outputs.Any(o => o.AggregateOf(c.Daemon).Any(OfPlaces.Contains))
            && Of(c, "ipfix-nfprobe-mpls", "ipfix-softflowd-mpls", "pma-100", "pma-111", "pma-403", "sflow5-headers", "sflow5-sfprobe-tunnel", "sflow5-ovs-short-header", "frm-sflow-cut-in-l4", "frm-sflow-mpls-one-label"),
    };

    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        Crash,
        .. NetworkExceptions.All,
        .. OptionsExceptions.All,
        .. SamplingExceptions.All,
        .. SFlowExceptions.All,
        .. TagExceptions.All,
        new("bin of a late flow on a boundary", "pmacct-compat.md 11.3, 1", "stamp_inserted", "file", "headings", "purged_entries", "total_entries")
        {
            AppliesTo = c => c.HasHistory && !c.BinsByArrival && !OptionsExceptions.MisreadsTimes(c),
            SumsRows = true,
        },
        new("name of fw_event", "pmacct-compat.md 1.2, 68", "fw_event", "nat_event", "headings") { AppliesTo = c => c.Aggregate.Contains("fw_event") },
        new("TCP flags of two bytes", "RFC 7125 3, pmacct-compat.md 8.5", "tcp_flags") { AppliesTo = c => Of(c, "akv-ipfix-physical-interfaces", "pma-111", "pma-403", "pma-500") },
    ];

    private static bool Of(CaseContext context, params string[] captures) => captures.Any(n => context.Capture.Name.StartsWith(n, StringComparison.Ordinal));
}
